"""The mail that tells an official which mails no server has taken for a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from styrhjul.mail import sample
from styrhjul.mail.item import Item, Recipient
from styrhjul.mail.matter import EmailContext


@dataclass(frozen=True, slots=True, kw_only=True)
class LateMail:
    """One mail that has not arrived. `items` are what it asks; a receipt, or a reply passed on, has none."""

    subject: str
    #: The office it is for: "ordförande, socialnämnden".
    office: str
    address: str
    #: The day it was first tried, or written.
    since_on: date
    #: What the server said last; None = no server has answered.
    said: str | None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LateMails(EmailContext):
    """Mails that have not arrived, the oldest first. `more` are those beyond the ones told in full."""

    key = "late_mails"
    mails: tuple[LateMail, ...]
    today: date
    more: int = 0

    @classmethod
    def sample(cls) -> Self:
        """Return a chair whose server asks for patience, and a company that no server answers for."""
        goals, company = sample.item("goals_reminder"), sample.item("follow_up_warning")
        today = date(2027, 3, 19)
        mails = (
            LateMail(
                subject="Socialnämnden: mål för 2027, senast 31 mars",
                office="ordförande, socialnämnden",
                address="ordforande@example.org",
                since_on=date(2027, 3, 17),
                said="451 4.7.1 Try again later",
                items=(replace(goals, today=today),),
            ),
            LateMail(
                subject="Uppföljning för 2026, försenad",
                office="verkställande direktör, Exempelbyhus AB",
                address="vd@example.org",
                since_on=date(2027, 3, 18),
                said=None,
                items=(replace(company, today=today),),
            ),
        )
        recipient = Recipient(office="samordnare, kommunstyrelsen", body_name="Kommunstyrelsen")
        return cls(mails=mails, today=today, more=1, recipient=recipient, sender=sample.SENDER)
