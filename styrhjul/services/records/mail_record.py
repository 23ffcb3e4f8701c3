"""A mail as a record: the bytes as they left, but for links that would still open, and what the registry asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256

from styrhjul.db.mail_model import OPEN_MAIL, MailStatus
from styrhjul.db.record_query import JournalLine, MailAsSent, journal_of, load_mail_as_sent
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.records.record import Matter, NoSuchRecord, NotARecord, Party, Shelf, one_number

#: What never left the house is no record.
UNSENT = frozenset({*OPEN_MAIL, MailStatus.CANCELLED, MailStatus.QUARANTINED})
_STANDS = {
    MailStatus.QUEUED: "Mejlet väntar på att skickas. Det blir en handling först när det har gått iväg.",
    MailStatus.SENDING: "Mejlet är på väg. Det blir en handling först när utfallet är känt.",
    MailStatus.CANCELLED: "Mejlet ställdes in och skickades aldrig. Det finns ingen handling att spara.",
    MailStatus.QUARANTINED: "Mejlet är satt åt sidan och har inte gått iväg. Se styrhjul quarantine list.",
}
DISPOSED_OF = (
    "Mejlets text är gallrad enligt kommunens gallringsbeslut. Att det skickades, när och till vem finns kvar."
)
WHY_THEY_DIFFER = (
    "Svarslänkarna i filen är ersatta av ett märke (borttagen) av samma längd, så att filen kan sparas och lämnas ut "
    "utan att någon kan svara med den. Därför har filen en annan SHA-256 än det skickade mejlet, och en "
    "DKIM-signatur i den går inte att kontrollera."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMetadata:
    """What stands beside the file.

    `dated_at`, Swedish time, is when a server accepted the mail, else when its outcome was known.
    `sha256_sent` is of the bytes that left, `sha256_file` of the exported .eml; `why_they_differ` is None where they
    are the same. `diary_number` is that of the document the mail is about, where it is about one. `trial_for` is whom a
    mail that left on trial was written for; `receiver` is then the address that got it.
    """

    kind: str
    municipality: str
    diary_number: str | None
    dated_at: datetime
    mail_id: str
    message_id: str
    subject: str
    sender: Party
    receiver: Party
    trial_for: Party | None
    matters: tuple[Matter, ...]
    composed_at: datetime
    accepted_at: datetime | None
    finished_at: datetime | None
    status: MailStatus
    outcome: str | None
    attempts: int
    sha256_sent: str
    sha256_file: str
    why_they_differ: str | None
    journal: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecord:
    """A mail to keep. `eml` is the file; `message` the same, read; `quotes` the decided sentences behind it."""

    metadata: MailMetadata
    eml: bytes
    message: EmailMessage
    quotes: tuple[str, ...]


def is_record(status: MailStatus) -> bool:
    """Whether a mail that stands so has left, and can be saved."""
    return status not in UNSENT


def mail_record(shelf: Shelf, mail_id: str) -> MailRecord:
    """Return the record of a mail that has left, whether it arrived or not. Raises NoSuchRecord, NotARecord."""
    mail = load_mail_as_sent(shelf.session, mail_id)
    if mail is None:
        raise NoSuchRecord(f"Det finns inget mejl {mail_id} här.")
    if is_record(mail.status) and mail.redacted is None:
        raise NotARecord(DISPOSED_OF)
    if not is_record(mail.status) or mail.redacted is None:
        raise NotARecord(_STANDS.get(mail.status, _STANDS[MailStatus.SENDING]))
    message = message_from_bytes(mail.redacted, policy=policy.default)
    quotes = dict.fromkeys(duty.quote for case_id in mail.case_ids for duty in shelf.quotes(case_id))
    return MailRecord(
        metadata=_metadata(shelf, mail, message, mail.redacted),
        eml=mail.redacted,
        message=message,
        quotes=tuple(quotes),
    )


def _metadata(shelf: Shelf, mail: MailAsSent, message: EmailMessage, eml: bytes) -> MailMetadata:
    matters = tuple(shelf.matter(case_id) for case_id in mail.case_ids)
    sent_at = mail.accepted_at or mail.finished_at or mail.composed_at
    exported = sha256(eml).hexdigest()
    meant_for = _registrar(shelf, mail.address) if mail.is_forward else _office(mail)
    return MailMetadata(
        kind="mail",
        municipality=shelf.municipality.name,
        diary_number=one_number(matters),
        dated_at=sent_at.astimezone(STOCKHOLM),
        mail_id=mail.mail_id,
        message_id=mail.message_id,
        subject=mail.subject,
        sender=_sender(shelf, message),
        receiver=_trial_mailbox(shelf, mail.trial_to) if mail.trial_to else meant_for,
        trial_for=meant_for if mail.trial_to else None,
        matters=matters,
        composed_at=mail.composed_at,
        accepted_at=mail.accepted_at,
        finished_at=mail.finished_at,
        status=mail.status,
        outcome=mail.outcome,
        attempts=mail.attempts,
        sha256_sent=mail.sha256,
        sha256_file=exported,
        why_they_differ=None if exported == mail.sha256 else WHY_THEY_DIFFER,
        journal=tuple(journal_of(shelf.session, mail.case_ids, "mail", mail.mail_id)),
    )


def _office(mail: MailAsSent) -> Party:
    return Party(name=mail.body_name, office=mail.office, address=mail.address)


def _registrar(shelf: Shelf, address: str) -> Party:
    """Return who gets what somebody wrote back; the post that such a mail is counted on is not who it went to."""
    return Party(name=shelf.municipality.name, office="Registrator", address=address)


def _trial_mailbox(shelf: Shelf, address: str) -> Party:
    """Return who got a mail on trial: an address of the municipality's, and no office."""
    return Party(name=shelf.municipality.name, office=None, address=address)


def _sender(shelf: Shelf, message: EmailMessage) -> Party:
    """Return the sender that stands in the mail: the municipality may have changed its address since."""
    found: tuple[Address, ...] = getattr(message["From"], "addresses", ())
    address = found[0].addr_spec if found else shelf.municipality.sender_address
    return Party(name=shelf.municipality.name, office=None, address=address)
