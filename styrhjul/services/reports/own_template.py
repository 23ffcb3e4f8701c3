"""A municipality's own Word template: kept, shown, taken away, and put around the Word files that leave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.db.session import Database
from styrhjul.db.word_template_model import WordTemplate
from styrhjul.domain.journal import EntryKind
from styrhjul.reports.block import Document, Heading
from styrhjul.reports.document_word import document_word
from styrhjul.services.foundation.leaving_file import LeavingFile
from styrhjul.services.reports.word_template import dressed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTemplate:
    """What is kept: the file's name as it was sent, who sent it and when (UTC). `sha256` in hex."""

    name: str
    sha256: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SentTemplate:
    """A template somebody sends: its name, cleaned, and its bytes."""

    name: str
    content: bytes


def own_template(database: Database, municipality_id: str) -> OwnTemplate | None:
    """Return the template without its bytes; None where Word files look as ours do."""
    with database.reading(municipality_id) as session:
        kept = session.scalars(select(WordTemplate)).one_or_none()
        if kept is None:
            return None
        return OwnTemplate(name=kept.name, sha256=kept.sha256, changed_by=kept.changed_by, changed_at=kept.changed_at)


def template_file(database: Database, municipality_id: str) -> SentTemplate | None:
    """Return the template as it was sent."""
    with database.reading(municipality_id) as session:
        kept = session.execute(select(WordTemplate.name, WordTemplate.content)).one_or_none()
        return SentTemplate(kept.name, kept.content) if kept else None


def keep_template(database: Database, municipality_id: str, sent: SentTemplate, now: datetime, *, by: str) -> bool:
    """Keep a template in place of the one before, journalled; return whether anything changed. Raises TemplateRefused.

    It is tried on a small file first: what is kept has dressed something.
    """
    dressed(sent.content, _trial(now))
    sha256 = hashlib.sha256(sent.content).hexdigest()
    with database.municipality(municipality_id) as session:
        kept = session.scalars(select(WordTemplate)).one_or_none()
        if kept is not None and (kept.name, kept.sha256) == (sent.name, sha256):
            return False
        if kept is None:
            kept = WordTemplate(id=new_id(), municipality_id=municipality_id)
            session.add(kept)
        kept.name, kept.sha256, kept.content = sent.name, sha256, sent.content
        kept.changed_by, kept.changed_at = by, now
        write_down(session, [_line(by, sent.name, sha256)], now)
    return True


def remove_template(database: Database, municipality_id: str, now: datetime, *, by: str) -> bool:
    """Let Word files look as ours again, journalled; return whether anything changed."""
    with database.municipality(municipality_id) as session:
        if session.scalars(select(WordTemplate.id)).one_or_none() is None:
            return False
        session.execute(delete(WordTemplate))
        write_down(session, [_line(by, None, None)], now)
    return True


def in_template(
    database: Database, municipality_id: str, file: LeavingFile, instead: bytes | None = None
) -> LeavingFile:
    """Return a Word file in the municipality's template, or in another one; any other file as it is.

    So is a Word file where there is no template. Raises TemplateRefused.
    """
    if not file.is_word:
        return file
    kept = template_file(database, municipality_id) if instead is None else None
    template = kept.content if kept else instead
    return file if template is None else replace(file, content=dressed(template, file.content))


def _trial(now: datetime) -> bytes:
    document = Document(title="Prov", subtitle="", municipality="", blocks=(Heading(1, "Prov"),))
    return document_word(document, at=now)


def _line(by: str, name: str | None, sha256: str | None) -> Line:
    return Line(kind=EntryKind.TEMPLATE_CHANGED, by=by, data={"name": name, "sha256": sha256})
