"""Files of a case as they are kept: listed without their bytes, given out one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from styrhjul.db.attachment_model import AnswerAttachment, Attachment
from styrhjul.db.prepared import Addition, Change, Reading
from styrhjul.db.session import municipality_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAttachment:
    """A file of a case, without its bytes. `sha256` in hex."""

    attachment_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file with its bytes; `is_received` once it has been handed in, else it is the office's own."""

    name: str
    media_type: str
    content: bytes
    post_id: str
    is_received: bool


_LISTED = select(
    Attachment.id.label("attachment_id"),
    Attachment.name,
    Attachment.media_type,
    Attachment.size_bytes,
    Attachment.sha256,
)
_OF_ANSWERS = Reading(
    _LISTED.add_columns(AnswerAttachment.answer_id)
    .join(
        AnswerAttachment,
        (AnswerAttachment.municipality_id == Attachment.municipality_id)
        & (AnswerAttachment.attachment_id == Attachment.id),
    )
    .where(AnswerAttachment.answer_id.in_(bindparam("answer_ids", expanding=True)))
    .order_by(AnswerAttachment.position)
)


def load_attached(session: Session, answer_ids: Sequence[str]) -> dict[str, tuple[GivenAttachment, ...]]:
    """Return the files of versions of answers, in the order they were added, by the version's id."""
    found: dict[str, tuple[GivenAttachment, ...]] = {}
    for row in _OF_ANSWERS.rows(session, answer_ids=answer_ids) if answer_ids else ():
        values = row._asdict()
        answer_id = values.pop("answer_id")
        found[answer_id] = (*found.get(answer_id, ()), GivenAttachment(**values))
    return found


def load_listed(session: Session, case_id: str, post_id: str, ids: Sequence[str]) -> tuple[GivenAttachment, ...]:
    """Return those of the files that an office may hand in to a case, in the order of `ids`.

    That is its own, and what has been handed in before.
    """
    if not ids:
        return ()
    may = (Attachment.post_id == post_id) | Attachment.received_at.is_not(None)
    rows = session.execute(_LISTED.where(Attachment.case_id == case_id, Attachment.id.in_(ids), may)).all()
    found = {row.attachment_id: GivenAttachment(**row._asdict()) for row in rows}
    return tuple(found[each] for each in dict.fromkeys(ids) if each in found)


def find_same(session: Session, key: Mapping[str, str]) -> str | None:
    """Return the file that the same form has already sent with the same bytes."""
    return session.scalar(select(Attachment.id).filter_by(**key))


def bytes_kept(session: Session, case_id: str | None = None) -> int:
    """Return how many bytes of files the case has, or the whole municipality."""
    asked: Select[int] = select(func.coalesce(func.sum(Attachment.size_bytes), 0))
    return session.scalar(asked.where(Attachment.case_id == case_id) if case_id else asked) or 0


def keep_file(session: Session, row: Mapping[str, object]) -> None:
    """Insert a file."""
    Addition(insert(Attachment)).make(session, [{"municipality_id": municipality_of(session), **row}])


def drop_file(session: Session, attachment_id: str, post_id: str) -> None:
    """Forget an office's file, unless it has been handed in."""
    own = (Attachment.id == attachment_id, Attachment.post_id == post_id, Attachment.received_at.is_(None))
    session.execute(delete(Attachment).where(*own))


def drop_unused(session: Session, case_id: str, post_id: str, form_id: str) -> None:
    """Forget what a form sent and did not hand in."""
    _UNUSED.make(session, {"of_case": case_id, "of_post": post_id, "of_form": form_id})


_UNUSED = Change(
    delete(Attachment).where(
        Attachment.case_id == bindparam("of_case"),
        Attachment.post_id == bindparam("of_post"),
        Attachment.form_id == bindparam("of_form"),
        Attachment.received_at.is_(None),
    )
)


def receive_files(session: Session, ids: Sequence[str], now: datetime) -> None:
    """Note that files have been handed in. Safe to repeat; the first time holds."""
    if ids:
        fresh = (Attachment.id.in_(ids), Attachment.received_at.is_(None))
        session.execute(update(Attachment).where(*fresh).values(received_at=now))


def attach_files(session: Session, answer_id: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Make files part of a version of an answer; each row names `id`, `attachment_id` and `position`."""
    whole = [{"municipality_id": municipality_of(session), "answer_id": answer_id, **row} for row in rows]
    Addition(insert(AnswerAttachment)).make(session, whole)


def load_file(session: Session, case_id: str, attachment_id: str) -> KeptFile | None:
    """Return a file of a case."""
    asked = select(
        Attachment.name,
        Attachment.media_type,
        Attachment.content,
        Attachment.post_id,
        Attachment.received_at.is_not(None).label("is_received"),
    ).where(Attachment.case_id == case_id, Attachment.id == attachment_id)
    row = session.execute(asked).one_or_none()
    return KeptFile(**row._asdict()) if row else None
