"""Mails before anybody gets them: with sample content, or what would leave now about a real case. Nothing is written.

What is shown of a real case holds no link that works: its token is a mark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import local_moment
from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.context import CONTEXTS, EmailContext, Recipient, context_for, sample_in
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.message import Envelope, build
from styrhjul.mail.render import Rendered, render
from styrhjul.services.mailing.detail import with_details
from styrhjul.services.mailing.item import item_of
from styrhjul.services.mailing.link import link_address
from styrhjul.services.mailing.outbox import sender_of
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.municipality.wording import words_of

#: A preview made twice is the same file.
_DATE = datetime(2027, 3, 10, 7, 0, tzinfo=UTC)
_ID = "0" * 32
#: Stands where a link's token would: as long as one, and no key to anything.
_NO_TOKEN = "forhandsvisning".ljust(43, "-")
_WAITING = (NoticeStatus.PLANNED, NoticeStatus.VACANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A mail as it would leave: its key, the office it is for, and its words."""

    key: str
    office: str
    rendered: Rendered


class NothingToPreview(LookupError):
    """There is no such mail, case or step; the message says which there are."""


def mail_keys() -> list[str]:
    """Return every mail's key, in the order of life."""
    return list(CONTEXTS)


def mail_languages() -> list[str]:
    """Return the languages that mails are written in, Swedish first."""
    return list(LANGUAGES)


def sample_preview(
    key: str,
    language: str = SOURCE,
    *,
    database: Database | None = None,
    municipality_id: str | None = None,
    base_url: str = "",
) -> Preview:
    """Return a mail with sample content, in a municipality's own name and words where one is given.

    Raises NothingToPreview for an unknown key or language.
    """
    if key not in CONTEXTS:
        raise NothingToPreview(f"Mejlet {key} finns inte. De som finns är {', '.join(CONTEXTS)}.")
    if language not in LANGUAGES:
        raise NothingToPreview(f"Språket {language} finns inte. De som finns är {', '.join(LANGUAGES)}.")
    context = sample_in(key, language)
    own: dict[str, str] = {}
    if database is not None and municipality_id is not None:
        with database.reading(municipality_id) as session:
            context = replace(context, sender=sender_of(municipality_row(session)))
        own = words_of(database, municipality_id, context, base_url)
    return _preview(context, own)


def case_preview(  # noqa: PLR0913 - of what, on which day and rung, for which links
    database: Database, municipality_id: str, case_id: str, today: date, *, base_url: str, rung: str | None = None
) -> Preview:
    """Return what would leave on a day about one case, on a rung or on the one it has come to. Writes nothing.

    Raises NothingToPreview when the case, the rung or anybody who reads it is not there.
    """
    with database.reading(municipality_id) as session:
        text = load_case_texts(session, [case_id]).get(case_id)
        if text is None:
            raise NothingToPreview(f"Ärendet {case_id} finns inte, eller dess dokument har ingen gällande utgåva.")
        context = _context(session, text, rung, base_url, today)
    return _preview(context, words_of(database, municipality_id, context, base_url))


def write_preview(preview: Preview, folder: Path) -> list[Path]:
    """Write a mail as .txt, .html and .eml; return the three paths."""
    rendered = preview.rendered
    envelope = Envelope(
        mail_id=_ID,
        message_id=f"<{_ID}@example.org>",
        date_at=_DATE,
        sender_address="styrhjul@example.org",
        sender_name="Exempelby kommun",
        to_address="mottagare@example.org",
        to_name=preview.office,
        reply_to="registrator@example.org",
        return_path="styrhjul@example.org",
        list_id="styrhjul.exempel.example.org",
        references=(),
    )
    content = {
        "txt": f"{rendered.subject}\n\n{rendered.text}".encode(),
        "html": rendered.html.encode(),
        "eml": build(rendered, envelope),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for ending, data in content.items():
        (folder / f"{preview.key}.{ending}").write_bytes(data)
    return [folder / f"{preview.key}.{ending}" for ending in content]


def _preview(context: EmailContext, own: dict[str, str]) -> Preview:
    return Preview(key=context.key, office=context.recipient.office, rendered=render(context, own))


def _context(session: Session, text: CaseText, rung: str | None, base_url: str, today: date) -> EmailContext:
    organisation = load_organisation(session)
    notice = _notice(session, organisation, text, rung, today)
    item = item_of(notice, text, organisation=organisation, url=link_address(base_url, _NO_TOKEN), today=today)
    item = with_details(session, organisation, item, text)
    reader = Readers(organisation, today).of(notice.post_id)
    recipient = Recipient(
        office=organisation.titles[reader.appointment.post_id if reader else notice.post_id],
        body_name=text.body_name,
        language=reader.appointment.language if reader else SOURCE,
        instead_of=reader.in_post.title if reader is not None and reader.is_deputy else None,
    )
    return context_for((item,), recipient, sender_of(municipality_row(session)), today)


def _notice(session: Session, organisation: Organisation, text: CaseText, rung: str | None, today: date) -> Notice:
    """Return the notice that waits or was last written on the rung; where there is none, one that nobody stores."""
    case = text.case
    lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
    query = select(Notice).where(Notice.case_id == case.id, Notice.due_on == case.due_on)
    ledger = [each for each in session.scalars(query) if lifecycle.has_rung(each.rung)]
    if rung is not None and not lifecycle.has_rung(rung):
        steps = ", ".join(each.key for each in lifecycle.ladder)
        raise NothingToPreview(f"Steget {rung} finns inte i ärendets trappa. De som finns är {steps}.")
    chosen = [each for each in ledger if rung in (None, each.rung)]
    if chosen:
        return max(chosen, key=lambda each: (each.status in _WAITING, each.planned_on, lifecycle.height(each.rung)))
    step = lifecycle.rung(rung) if rung is not None else lifecycle.ladder[0]
    posts = text.facts.posts[step.to]
    if not posts:
        raise NothingToPreview("Ingen har uppdraget som steget går till. Rätta listan över uppdrag.")
    return Notice(
        case_id=case.id,
        due_on=case.due_on,
        rung=step.key,
        post_id=posts[0],
        status=NoticeStatus.PLANNED,
        planned_on=today,
        not_before_at=local_moment(today),
    )
