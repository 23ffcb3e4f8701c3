"""A town whose four mails have left under signed return paths, and mails that come in about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from styrhjul.db.inbound_model import InboundMail
from styrhjul.db.mail_model import Mail, MailAttempt
from styrhjul.db.model import Base, Person
from styrhjul.db.session import Database
from styrhjul.mail.inbound.classify import classify
from styrhjul.mail.verp import ReturnPaths
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.delivery.inbound import Arrived, TakenIn, take_in
from styrhjul.services.foundation.mailroom import Mailroom
from tests.mail.inbound_shape import OUR_ID, PLACEHOLDER, TO
from tests.town import Town, build_town, nine

OPENING = date(2027, 1, 7)
LATER = nine(OPENING) + timedelta(hours=3)
PATHS = ReturnPaths.under("a secret key for tests, long enough", "bounce.example.org")


@dataclass
class PostalTown(Town):
    """A town with a mailbox for failure reports."""

    paths: ReturnPaths = field(default=PATHS)

    @property
    def mailroom(self) -> Mailroom:
        return replace(super().mailroom, return_paths=self.paths)

    def mail_to(self, address: str = TO) -> Mail:
        """The oldest mail to an address."""
        return next(mail for mail in self.mails() if mail.address == address)

    def take(self, raw: bytes, *, at: datetime = LATER, sender: str = "", to: tuple[str, ...] = ()) -> TakenIn:
        """Take a mail in, read in this process."""
        arrived = Arrived(raw=raw, sender=sender, recipients=to)
        return take_in(self.database, self.mailroom, arrived, at, read=classify)

    def about(self, mail: Mail, raw: bytes) -> bytes:
        """A mail of the corpus as it would come back for a mail of ours: signed, and with its Message-ID."""
        signed = raw.replace(PLACEHOLDER.encode(), mail.return_path.encode())
        return signed.replace(PLACEHOLDER.upper().encode(), mail.return_path.upper().encode()).replace(
            OUR_ID.encode(), mail.message_id.encode()
        )

    def rows(self, table: type[Base]) -> list[Any]:
        """Every row of a table, in the order of ids."""
        with self.database.reading(self.municipality_id) as session:
            return list(session.scalars(select(table).order_by(table.id)))  # type: ignore[attr-defined]

    def inbound(self) -> list[InboundMail]:
        """What has come in."""
        return self.rows(InboundMail)

    def blocked(self) -> list[str | None]:
        """The addresses that are used no more."""
        return [person.address for person in self.rows(Person) if person.address_blocked_at is not None]

    def state(self) -> list[object]:
        """All that a report could change."""
        notices = sorted((each.id, each.status, each.delivered_on) for each in self.notices())
        mails = sorted((each.id, each.status, each.outcome) for each in self.mails())
        tries = sorted((each.id, each.outcome) for each in self.rows(MailAttempt))
        cases = sorted((each.id, each.state, each.unreachable_on, each.version) for each in self.cases())
        return [notices, mails, tries, cases, self.blocked()]


def postal_town(
    database: Database, *, slug: str = "lillby", deliver_at: Callable[[], datetime] | None = None
) -> PostalTown:
    """A town on the evening of its opening: four mails accepted."""
    built = build_town(database, slug)
    town = PostalTown(
        database, slug, municipality_id=built.municipality_id, bodies=built.bodies, policy_id=built.policy_id
    )
    town.sweep(OPENING)
    town.compose(OPENING)
    deliver(database, town.mailroom, deliver_at or (lambda: nine(OPENING)))
    return town
