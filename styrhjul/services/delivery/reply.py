"""What a person wrote back: kept with the case, and passed on once to the registrar. Nothing goes to the sender."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from styrhjul.db.compose_query import load_case_texts
from styrhjul.db.inbound_query import forwarded_from, forwarded_since, is_a_forward
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import PASSED_ON, Mail
from styrhjul.db.model import new_id
from styrhjul.db.municipality_query import MunicipalityRow
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.outbox_write import add_mails
from styrhjul.db.session import municipality_of
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import AppointmentFacts, PostRole
from styrhjul.mail.forward import Note, passed_on, text_without_links
from styrhjul.mail.inbound.reading import Reading
from styrhjul.mail.message import MessageRefused
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.franking import Franking, Recipient
from styrhjul.services.mailing.reader import Readers

FORWARDED = "Skickat vidare till registratorn."
#: Whoever writes more than this in a day is likely no person; the rest is kept and not passed on.
MOST_A_DAY = 10
#: More than this in a day from all senders together is no correspondence; the rest is kept, shown and not passed on.
MOST_FROM_ALL = 50
#: More than this is kept here, and told of without being attached.
MOST_BYTES = 10 * 1024 * 1024
#: Whose desk the covering mail is counted on, where the mail that was answered has none.
_DESKS = (PostRole.REGISTRAR, PostRole.COORDINATOR, PostRole.CHIEF_EXECUTIVE, PostRole.FUNCTION_MAILBOX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A mail that a person wrote, and the mail and cases of ours it answers, where that is known."""

    inbound_id: str
    raw: bytes
    reading: Reading
    envelope_sender: str
    mail_id: str | None
    case_ids: tuple[str, ...]


def take_reply(session: Session, mailroom: Mailroom, reply: Reply, now: datetime) -> tuple[str, str | None]:
    """Journal a reply and pass it on; return in Swedish what was done, and the mail it went on in."""
    data: dict[str, Value] = {"inbound": reply.inbound_id, "mail": reply.mail_id}
    _write_down(session, EntryKind.REPLY_RECEIVED, reply, data, now)
    franking = Franking.of(session, mailroom, now)
    refusal = _why_not(session, franking, reply)
    if refusal is not None:
        return refusal, None
    desk = _desk(session, reply, now)
    if desk is None:
        return "Inte skickat vidare: kommunen har inga befattningar än.", None
    try:
        mail_id = _queue(session, franking, desk, reply)
    except MessageRefused as refused:
        return f"Inte skickat vidare: det gick inte att skriva mejlet ({refused}).", None
    _write_down(session, EntryKind.REPLY_FORWARDED, reply, data | {"mail": mail_id}, now)
    return FORWARDED, mail_id


def _write_down(session: Session, kind: EntryKind, reply: Reply, data: dict[str, Value], now: datetime) -> None:
    cases = reply.case_ids or (None,)
    write_down(session, [Line(kind=kind, by=PLANNER, case_id=case, data=data) for case in cases], now)


def _why_not(session: Session, franking: Franking, reply: Reply) -> str | None:
    """Return why a reply stays here; None when it may go on. It can never go back to where it came from."""
    registrar = franking.municipality.reply_to.lower()
    ours = franking.municipality.sender_address.lower()
    if franking.trial_to is not None:
        return "Inte skickat vidare: kommunen provkörs."
    if registrar in (reply.reading.sender, reply.envelope_sender.lower()):
        return "Inte skickat vidare: registratorn har skrivit det."
    if ours in (reply.reading.sender, reply.envelope_sender.lower()) or registrar == ours:
        return "Inte skickat vidare: det skulle komma tillbaka hit."
    if reply.mail_id is not None and is_a_forward(session, reply.mail_id):
        return "Inte skickat vidare: det svarar på ett svar som redan är vidareskickat."
    return _too_many(session, reply.reading.sender, franking.now - timedelta(days=1))


def _too_many(session: Session, sender: str, since: datetime) -> str | None:
    """Return why no more goes on that day, from the sender or from anybody; addresses of senders cost nothing."""
    if forwarded_from(session, sender, since) >= MOST_A_DAY:
        return f"Inte skickat vidare: avsändaren har skrivit mer än {MOST_A_DAY} gånger på ett dygn."
    if forwarded_since(session, since) >= MOST_FROM_ALL:
        return f"Inte skickat vidare: {MOST_FROM_ALL} svar har redan skickats vidare på ett dygn."
    return None


def _desk(session: Session, reply: Reply, now: datetime) -> tuple[str, str] | None:
    """Return the post and appointment of the covering mail: those of the mail answered, else an official's."""
    if reply.mail_id is not None:
        mail = session.get_one(Mail, (municipality_of(session), reply.mail_id))
        if mail.post_id is not None and mail.appointment_id is not None:
            return mail.post_id, mail.appointment_id
    organisation = load_organisation(session)
    readers = Readers(organisation, local_date(now))
    for role in _DESKS:
        for post in organisation.posts:
            if post.role is role and not post.ended and (reader := readers.of(post.post_id)):
                appointment: AppointmentFacts = reader.appointment
                return post.post_id, appointment.appointment_id
    return None


def _queue(session: Session, franking: Franking, desk: tuple[str, str], reply: Reply) -> str:
    registrar = Recipient(
        address=franking.municipality.reply_to, name="Registrator", post_id=desk[0], appointment_id=desk[1]
    )
    envelope = franking.envelope(new_id(), registrar)
    note = _note(session, franking.municipality, reply, franking.now)
    original = reply.raw[:MOST_BYTES].partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if note.is_cut else reply.raw
    raw = passed_on(note, original, envelope)
    add_mails(session, [franking.row(envelope, registrar, raw, key=PASSED_ON, subject=note.title)], [])
    return envelope.mail_id


def _note(session: Session, municipality: MunicipalityRow, reply: Reply, now: datetime) -> Note:
    texts = load_case_texts(session, reply.case_ids)
    return Note(
        municipality_name=municipality.name,
        sender=reply.reading.sender,
        subject=text_without_links(reply.reading.subject),
        received_on=local_date(now),
        matters=tuple(sorted(f"{text.source.title}, {text.body_name}" for text in texts.values())),
        is_cut=len(reply.raw) > MOST_BYTES,
    )
