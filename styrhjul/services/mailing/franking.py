"""What every mail of a municipality gets before it lies in the outbox: its envelope, its signature and its seal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import structlog
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import MailStatus
from styrhjul.db.municipality_query import MunicipalityRow, municipality_row
from styrhjul.db.pace import domain_of
from styrhjul.db.trial_query import trial_address
from styrhjul.domain.moment import local_date
from styrhjul.mail.message import Envelope, ascii_domain, new_message_id
from styrhjul.mail.seal import SealBroken
from styrhjul.mail.signature import Signer
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.signing import signer_in_force

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who a mail is written for, and on which desk it is counted; on none for somebody who signs in."""

    address: str
    name: str
    post_id: str | None = None
    appointment_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Franking:
    """One municipality's way of sending. `signer` is None where its mails leave unsigned."""

    mailroom: Mailroom
    municipality: MunicipalityRow
    signer: Signer | None
    #: Where every mail goes while the municipality is on trial.
    trial_to: str | None
    now: datetime

    @classmethod
    def of(cls, session: Session, mailroom: Mailroom, now: datetime) -> Self:
        """Read how the session's municipality sends.

        A key that does not open leaves mail unsigned: no answer is refused because its receipt cannot be signed.
        """
        municipality = municipality_row(session)
        try:
            signer = signer_in_force(session, mailroom.sealer)
        except SealBroken:
            log.exception("mail_not_signed", municipality=municipality.id)
            signer = None
        trial_to = trial_address(session)
        return cls(mailroom=mailroom, municipality=municipality, signer=signer, trial_to=trial_to, now=now)

    def envelope(self, mail_id: str, to: Recipient, *, thread: str | None = None, language: str = "sv") -> Envelope:
        """Return who writes to whom. `thread` names a root that no mail has, and that all of a thread refer to."""
        municipality, mailroom = self.municipality, self.mailroom
        domain = ascii_domain(municipality.sender_address.rpartition("@")[2])
        paths = mailroom.return_paths
        bounces = paths.address(mail_id, local_date(self.now)) if paths else None
        return Envelope(
            mail_id=mail_id,
            message_id=new_message_id(mail_id, domain),
            date_at=self.now,
            sender_address=municipality.sender_address,
            sender_name=municipality.name,
            to_address=self.trial_to or to.address,
            to_name=to.name,
            reply_to=municipality.reply_to,
            return_path=bounces or municipality.sender_address,
            list_id=f"styrhjul.{municipality.slug}.{domain}",
            references=(f"<{thread}@{domain}>",) if thread else (),
            language=language,
            idempotency_header=mailroom.idempotency_header,
            trial_for=to.address if self.trial_to else None,
        )

    def row(self, envelope: Envelope, to: Recipient, raw: bytes, *, key: str, subject: str) -> dict[str, object]:
        """Return the mail as the outbox keeps it, signed and sealed; its bytes never change any more."""
        signed = raw if self.signer is None else self.signer.sign(raw, self.now)
        return {
            "id": envelope.mail_id,
            "key": key,
            "post_id": to.post_id,
            "appointment_id": to.appointment_id,
            "address": to.address,
            "trial_to": self.trial_to,
            "to_domain": domain_of(self.trial_to or to.address),
            "return_path": envelope.return_path,
            "subject": subject,
            "message_id": envelope.message_id,
            "digest_on": None,
            "composed_at": self.now,
            "sealed_bytes": self.mailroom.sealer.seal(signed),
            "sha256": hashlib.sha256(signed).hexdigest(),
            "status": MailStatus.QUEUED,
            "attempts": 0,
            "next_attempt_at": self.now,
        }
