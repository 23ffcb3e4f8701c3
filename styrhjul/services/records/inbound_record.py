"""A mail that came in as a record: its bytes as they came, but for links of ours, and what the registry asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from styrhjul.db.inbound_record_query import InboundAsKept, load_inbound
from styrhjul.db.record_query import JournalLine, journal_of
from styrhjul.domain.inbound import REPORTS, InboundKind
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.mail.forward import without_links
from styrhjul.mail.seal import SealBroken, Sealer
from styrhjul.services.records.record import Matter, NotARecord, Party, Shelf, one_number

_SEALED = "Mejlet går inte att öppna: den hemliga nyckeln är inte den som det förseglades med."
_DISPOSED_OF = "Mejlet är gallrat enligt kommunens gallringsbeslut. Att det kom in, när och från vem finns kvar."
_WHY_THEY_DIFFER = (
    "Svarslänkar i filen är ersatta av ett märke (borttagen) av samma längd, och raderna slutar med CRLF. Därför har "
    "filen en annan SHA-256 än mejlet som kom in."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMetadata:
    """What stands beside the file. `kind` is reply, bounce (any report of a server) or other; `read_as` says which.

    `answers` is the Message-ID of our mail that it answers or reports on, `forwarded_in` of the one in which it went on
    to the registrar. `sha256_received` is of the bytes that came, `sha256_file` of the exported .eml.
    """

    kind: str
    municipality: str
    diary_number: str | None
    dated_at: datetime
    inbound_id: str
    message_id: str
    subject: str
    sender: Party
    receiver: Party
    matters: tuple[Matter, ...]
    read_as: InboundKind
    reason: str
    effect: str
    answers: str | None
    forwarded_in: str | None
    sha256_received: str
    sha256_file: str
    why_they_differ: str | None
    journal: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRecord:
    """A mail that came in, to keep; `eml` is the file."""

    metadata: InboundMetadata
    eml: bytes


def inbound_record(shelf: Shelf, sealer: Sealer, inbound_id: str) -> InboundRecord:
    """Return the record of a mail that came in. Raises NotARecord where its seal cannot be opened."""
    mail = load_inbound(shelf.session, inbound_id)
    if not mail.sealed_bytes:
        raise NotARecord(_DISPOSED_OF)
    try:
        eml = without_links(sealer.open(mail.sealed_bytes))
    except SealBroken:
        raise NotARecord(_SEALED) from None
    return InboundRecord(metadata=_metadata(shelf, mail, eml), eml=eml)


def kind_of(kind: InboundKind) -> str:
    """Return what an index calls it: reply, bounce or other."""
    return "reply" if kind is InboundKind.REPLY else "bounce" if kind in REPORTS else "other"


def _metadata(shelf: Shelf, mail: InboundAsKept, eml: bytes) -> InboundMetadata:
    matters = tuple(shelf.matter(case_id) for case_id in mail.case_ids)
    exported = sha256(eml).hexdigest()
    return InboundMetadata(
        kind=kind_of(mail.kind),
        municipality=shelf.municipality.name,
        diary_number=one_number(matters),
        dated_at=mail.received_at.astimezone(STOCKHOLM),
        inbound_id=mail.inbound_id,
        message_id=mail.message_id,
        subject=mail.subject,
        sender=Party(name=mail.sender, office=None, address=mail.sender),
        receiver=Party(name=shelf.municipality.name, office=None, address=mail.recipient),
        matters=matters,
        read_as=mail.kind,
        reason=mail.reason,
        effect=mail.effect,
        answers=mail.answers,
        forwarded_in=mail.forwarded_in,
        sha256_received=mail.sha256,
        sha256_file=exported,
        why_they_differ=None if exported == mail.sha256 else _WHY_THEY_DIFFER,
        journal=tuple(journal_of(shelf.session, mail.case_ids, "inbound", mail.inbound_id)),
    )
