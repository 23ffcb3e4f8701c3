"""The outbox: a letter becomes a row whose bytes, Message-ID and date never change again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.model import Municipality
from styrhjul.db.outbox_write import add_mails
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.office import AppointmentFacts
from styrhjul.mail.context import EmailContext, Sender
from styrhjul.mail.message import Envelope, build, new_message_id
from styrhjul.mail.render import render
from styrhjul.services.mailroom import Mailroom


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be written. `items` are (case id, notice id); a receipt has no notice and no `digest_on`.

    `named` are, by notice, the days it names of it, looked at again if it has to wait.
    `choices` tell, by case, what the journal says of whom was chosen and why, where that is not simply `holder`.
    """

    mail_id: str
    context: EmailContext
    municipality: Municipality
    holder: AppointmentFacts
    digest_on: date | None
    items: tuple[tuple[str, str | None], ...]
    choices: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    named: Mapping[str, Sequence[str | None]] = field(default_factory=dict)


def queue_mail(session: Session, mailroom: Mailroom, letter: Letter, now: datetime) -> None:
    """Render a letter and put it into the outbox, journalled per case, in the session's transaction."""
    queue_mails(session, mailroom, [letter], now)


def queue_mails(session: Session, mailroom: Mailroom, letters: Sequence[Letter], now: datetime) -> None:
    """Queue several letters as `queue_mail`, written with one statement a table."""
    mails = [_mail(mailroom, letter, now) for letter in letters]
    add_mails(session, mails, [item for letter in letters for item in _items(letter)])
    for letter, mail in zip(letters, mails, strict=True):
        _write_down(session, letter, str(mail["message_id"]), now)


def _items(letter: Letter) -> Iterator[dict[str, object]]:
    for case_id, notice_id in letter.items:
        named = letter.named.get(notice_id) if notice_id else None
        yield {"mail_id": letter.mail_id, "case_id": case_id, "notice_id": notice_id, "named_days": named}


def _mail(mailroom: Mailroom, letter: Letter, now: datetime) -> dict[str, object]:
    municipality, holder = letter.municipality, letter.holder
    domain = municipality.sender_address.rpartition("@")[2]
    bounces = f"bounce+{letter.mail_id}@{mailroom.bounce_domain}" if mailroom.bounce_domain else None
    rendered = render(letter.context)
    cases = sorted({case_id for case_id, _ in letter.items})
    envelope = Envelope(
        mail_id=letter.mail_id,
        message_id=new_message_id(letter.mail_id, domain),
        date_at=now,
        sender_address=municipality.sender_address,
        sender_name=municipality.name,
        to_address=holder.address or "",
        to_name=holder.name,
        reply_to=municipality.reply_to,
        return_path=bounces or municipality.sender_address,
        list_id=f"styrhjul.{municipality.slug}.{domain}",
        references=(f"<case-{cases[0]}@{domain}>",) if len(cases) == 1 else (),
    )
    raw = build(rendered, envelope)
    return {
        "id": letter.mail_id,
        "key": letter.context.key,
        "post_id": holder.post_id,
        "appointment_id": holder.appointment_id,
        "address": envelope.to_address,
        "return_path": envelope.return_path,
        "subject": rendered.subject,
        "message_id": envelope.message_id,
        "digest_on": letter.digest_on,
        "composed_at": now,
        "sealed_bytes": mailroom.sealer.seal(raw),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "status": MailStatus.QUEUED,
        "attempts": 0,
        "next_attempt_at": now,
    }


def _write_down(session: Session, letter: Letter, message_id: str, now: datetime) -> None:
    data: dict[str, Value] = {"mail": letter.mail_id, "message_id": message_id, "key": letter.context.key}
    chosen = {"post": letter.holder.post_id, "appointment": letter.holder.appointment_id}
    lines = [
        Line(kind=EntryKind.MAIL_COMPOSED, by=PLANNER, case_id=case, data=data | dict(letter.choices.get(case, chosen)))
        for case in sorted({case_id for case_id, _ in letter.items})
    ]
    write_down(session, lines, now)


def sender_of(municipality: Municipality) -> Sender:
    """Return the municipality as its mails present it."""
    return Sender(
        municipality_name=municipality.name,
        chief_executive_title=municipality.chief_executive_title,
        reply_to=municipality.reply_to,
        phone=municipality.phone,
        is_example=municipality.is_example,
    )
