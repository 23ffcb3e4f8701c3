"""The outbox: a letter becomes a row whose bytes, Message-ID and date never change again."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.model import Municipality
from styrhjul.db.outbox_write import add_mails
from styrhjul.db.session import municipality_of
from styrhjul.db.trial_query import trial_address
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import AppointmentFacts
from styrhjul.mail.context import Digest, EmailContext, EscalationDigest, Sender
from styrhjul.mail.message import Envelope, ascii_domain, build, new_message_id
from styrhjul.mail.render import Rendered, render
from styrhjul.mail.seal import SealBroken
from styrhjul.mail.signature import Signer
from styrhjul.mail.trial_line import on_trial
from styrhjul.mail.wordsmith import Wordsmith
from styrhjul.services.deadline_days import Calendars, Matter
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.own_words import OwnWords
from styrhjul.services.signing import signer_in_force

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be written. `items` are (case id, notice id); a receipt has no notice and no `digest_on`.

    `named` are, by notice, the days it names of it, looked at again if it has to wait.
    `matters` are the cases as it tells of them, for the reader's calendar.
    `choices` tell, by case, what the journal says of whom was chosen and why, where that is not simply `holder`.
    """

    mail_id: str
    context: EmailContext
    municipality: Municipality
    holder: AppointmentFacts
    digest_on: date | None
    items: tuple[tuple[str, str | None], ...]
    matters: tuple[Matter, ...] = ()
    choices: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    named: Mapping[str, Sequence[str | None]] = field(default_factory=dict)


def queue_mail(session: Session, mailroom: Mailroom, letter: Letter, now: datetime) -> None:
    """Render a letter and put it into the outbox, journalled per case, in the session's transaction."""
    queue_mails(session, mailroom, [letter], now)


def queue_mails(session: Session, mailroom: Mailroom, letters: Sequence[Letter], now: datetime) -> None:
    """Queue several letters as `queue_mail`, written with one statement a table."""
    with contextlib.ExitStack() as until_written:
        wordsmith = mailroom.wordsmith or until_written.enter_context(Wordsmith())
        press = _Press(
            mailroom=mailroom,
            signer=_signer(session, mailroom),
            calendars=Calendars(session, [matter for letter in letters for matter in letter.matters]),
            own=OwnWords(session, wordsmith, base_url=mailroom.base_url, now=now),
            trial_to=trial_address(session),
            now=now,
        )
        mails = [press.mail(letter) for letter in letters]
    add_mails(session, mails, [item for letter in letters for item in _items(letter)])
    press.calendars.keep(now)
    for letter, mail in zip(letters, mails, strict=True):
        _write_down(session, letter, str(mail["message_id"]), now)


def _signer(session: Session, mailroom: Mailroom) -> Signer | None:
    """The signer, if its key opens: an answer is not refused because its receipt cannot be signed."""
    try:
        return signer_in_force(session, mailroom.sealer)
    except SealBroken:
        log.exception("mail_not_signed", municipality=municipality_of(session))
        return None


def _items(letter: Letter) -> Iterator[dict[str, object]]:
    for case_id, notice_id in letter.items:
        named = letter.named.get(notice_id) if notice_id else None
        yield {"mail_id": letter.mail_id, "case_id": case_id, "notice_id": notice_id, "named_days": named}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """What turns letters into bytes. `signer` is None where the municipality's mails leave unsigned."""

    mailroom: Mailroom
    signer: Signer | None
    calendars: Calendars
    own: OwnWords
    #: Where every mail goes while the municipality is on trial.
    trial_to: str | None
    now: datetime

    def mail(self, letter: Letter) -> dict[str, object]:
        """The row of a letter."""
        rendered = self._words(letter)
        envelope = self._envelope(letter)
        calendar = self.calendars.part(
            letter.matters,
            letter.municipality,
            letter.context.sender,
            base_url=self.mailroom.base_url,
            now=self.now,
        )
        raw = build(rendered, envelope, calendar)
        if self.signer is not None:
            raw = self.signer.sign(raw, self.now)
        return {
            "id": letter.mail_id,
            "key": letter.context.key,
            "post_id": letter.holder.post_id,
            "appointment_id": letter.holder.appointment_id,
            "address": letter.holder.address or "",
            "trial_to": self.trial_to,
            "return_path": envelope.return_path,
            "subject": rendered.subject,
            "message_id": envelope.message_id,
            "digest_on": letter.digest_on,
            "composed_at": self.now,
            "sealed_bytes": self.mailroom.sealer.seal(raw),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "status": MailStatus.QUEUED,
            "attempts": 0,
            "next_attempt_at": self.now,
        }

    def _words(self, letter: Letter) -> Rendered:
        """Render a letter in the municipality's own words; on trial it says whom it would have gone to."""
        context, holder = letter.context, letter.holder
        rendered = render(context, self.own.of(context))
        if self.trial_to is None:
            return rendered
        whom = f"{holder.name} <{holder.address}>, {context.recipient.office}"
        return on_trial(rendered, whom, context.recipient.language)

    def _envelope(self, letter: Letter) -> Envelope:
        municipality, holder, mailroom = letter.municipality, letter.holder, self.mailroom
        domain = ascii_domain(municipality.sender_address.rpartition("@")[2])
        paths = mailroom.return_paths
        bounces = paths.address(letter.mail_id, local_date(self.now)) if paths else None
        return Envelope(
            mail_id=letter.mail_id,
            message_id=new_message_id(letter.mail_id, domain),
            date_at=self.now,
            sender_address=municipality.sender_address,
            sender_name=municipality.name,
            to_address=self.trial_to or holder.address or "",
            to_name=holder.name,
            reply_to=municipality.reply_to,
            return_path=bounces or municipality.sender_address,
            list_id=f"styrhjul.{municipality.slug}.{domain}",
            references=(f"<{_thread(letter)}@{domain}>",),
            language=letter.context.recipient.language,
            idempotency_header=mailroom.idempotency_header,
            trial_for=holder.address if self.trial_to else None,
        )


def _thread(letter: Letter) -> str:
    """What the mail belongs to: its case, or the office where it tells of several.

    No mail has this id: it is a root that all of a thread refer to, whichever of them arrives first.
    """
    cases = {case_id for case_id, _ in letter.items}
    if len(cases) == 1 and not isinstance(letter.context, Digest | EscalationDigest):
        return f"case-{cases.pop()}"
    return f"office-{letter.holder.post_id}"


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
