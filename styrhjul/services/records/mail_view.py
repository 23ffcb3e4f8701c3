"""One mail as its page shows it: as it was sent, without links that open, and every try to send it. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import AttemptOutcome, MailAttempt
from styrhjul.db.model import Body
from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.db.record_query import MailAsSent, load_mail_as_sent
from styrhjul.db.session import Database
from styrhjul.mail.swedish import inside
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.records.mail_record import is_record
from styrhjul.services.words import LIFECYCLE_WORDS

#: The headers that tell where a mail went and how it hangs together with others.
_SHOWN = ("From", "To", "Reply-To", "Date", "Message-ID", "In-Reply-To", "References", "List-Id", "Auto-Submitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send a mail: when, how it ended, and what the server said."""

    at: datetime
    outcome: AttemptOutcome
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """One mail. `html` and `text` are empty until it has left: before that only its facts are shown.

    `cases` are (id, "Mål, socialnämnden"). `headers` are (name, value) in the order people read them.
    """

    municipality: MunicipalityLine
    mail: MailAsSent
    has_left: bool
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    cases: tuple[tuple[str, str], ...]
    attempts: tuple[Attempt, ...]


def mail_view(database: Database, slug: str, mail_id: str) -> MailView:
    """Return one mail. Raises NotHere, for another municipality's mail as for none at all."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        mail = load_mail_as_sent(session, mail_id)
        if mail is None:
            raise NotHere(mail_id)
        message = _read(mail.redacted) if is_record(mail.status) else None
        return MailView(
            municipality=municipality,
            mail=mail,
            has_left=message is not None,
            headers=tuple((name, str(message[name])) for name in _SHOWN if message and message[name]),
            html=_part(message, "html"),
            text=_part(message, "plain"),
            cases=tuple(_cases(session, mail.case_ids)),
            attempts=tuple(_attempts(session, mail_id)),
        )


def _read(redacted: bytes | None) -> EmailMessage | None:
    return message_from_bytes(redacted, policy=policy.default) if redacted is not None else None


def _part(message: EmailMessage | None, kind: str) -> str:
    part = message.get_body((kind,)) if message is not None else None
    return str(part.get_content()) if part is not None else ""


def _cases(session: Session, case_ids: Sequence[str]) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Case.id, Case.lifecycle, Body.name)
        .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
        .where(Case.id.in_(case_ids))
        .order_by(Case.due_on, Body.name)
    )
    return [
        (case_id, f"{LIFECYCLE_WORDS.get(lifecycle, lifecycle)}, {inside(name)}") for case_id, lifecycle, name in rows
    ]


def _attempts(session: Session, mail_id: str) -> list[Attempt]:
    rows = session.scalars(
        select(MailAttempt).where(MailAttempt.mail_id == mail_id).order_by(MailAttempt.tried_at, MailAttempt.id)
    )
    return [Attempt(at=row.tried_at, outcome=row.outcome, reply=row.reply) for row in rows]
