"""The outbox: a letter becomes a row whose bytes, Message-ID and date never change again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.municipality_query import MunicipalityRow
from styrhjul.db.outbox_write import add_mails
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.office import AppointmentFacts
from styrhjul.mail.context import Digest, EmailContext, EscalationDigest, Sender
from styrhjul.mail.message import build
from styrhjul.mail.render import Rendered, render
from styrhjul.mail.wordsmith import Wordsmith
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.deadline_days import Calendars, Matter
from styrhjul.services.mailing.franking import Franking, Recipient
from styrhjul.services.municipality.own_words import OwnWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be written. `items` are (case id, notice id); a receipt has no notice and no `digest_on`.

    `named` are, by notice, the days it names of it, looked at again if it has to wait.
    `matters` are the cases as it tells of them, for the reader's calendar.
    `choices` tell, by case, what the journal says of whom was chosen and why, where that is not simply `holder`.
    """

    mail_id: str
    context: EmailContext
    municipality: MunicipalityRow
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
            franking=Franking.of(session, mailroom, now),
            calendars=Calendars(session, [matter for letter in letters for matter in letter.matters]),
            own=OwnWords(session, wordsmith, base_url=mailroom.base_url, now=now),
        )
        mails = [press.mail(letter) for letter in letters]
    add_mails(session, mails, [item for letter in letters for item in _items(letter)])
    press.calendars.keep(now)
    for letter, mail in zip(letters, mails, strict=True):
        _write_down(session, letter, str(mail["message_id"]), now)


def _items(letter: Letter) -> Iterator[dict[str, object]]:
    for case_id, notice_id in letter.items:
        named = letter.named.get(notice_id) if notice_id else None
        yield {"mail_id": letter.mail_id, "case_id": case_id, "notice_id": notice_id, "named_days": named}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """What turns letters into rows of the outbox."""

    franking: Franking
    calendars: Calendars
    own: OwnWords

    def mail(self, letter: Letter) -> dict[str, object]:
        """The row of a letter."""
        rendered, holder, franking = self._words(letter), letter.holder, self.franking
        to = Recipient(
            address=holder.address or "",
            name=holder.name,
            post_id=holder.post_id,
            appointment_id=holder.appointment_id,
        )
        language = letter.context.recipient.language
        envelope = franking.envelope(letter.mail_id, to, thread=_thread(letter), language=language)
        calendar = self.calendars.part(
            letter.matters,
            letter.municipality,
            letter.context.sender,
            base_url=franking.mailroom.base_url,
            now=franking.now,
        )
        raw = build(rendered, envelope, calendar)
        row = franking.row(envelope, to, raw, key=letter.context.key, subject=rendered.subject)
        return row | {"digest_on": letter.digest_on}

    def _words(self, letter: Letter) -> Rendered:
        """Render a letter in the municipality's own words; on trial it says whom it would have gone to."""
        holder, own = letter.holder, self.own.of(letter.context)
        on_trial = self.franking.trial_to is not None
        whom = f"{holder.name} <{holder.address}>, {letter.context.recipient.office}" if on_trial else ""
        return render(letter.context, own, trial_for=whom)


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


def sender_of(municipality: MunicipalityRow) -> Sender:
    """Return the municipality as its mails present it."""
    return Sender(
        municipality_name=municipality.name,
        chief_executive_title=municipality.chief_executive_title,
        reply_to=municipality.reply_to,
        phone=municipality.phone,
        is_example=municipality.is_example,
    )
