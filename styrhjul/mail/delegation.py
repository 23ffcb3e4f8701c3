"""The mail to a secretary whom the chair has asked to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from styrhjul.mail import sample
from styrhjul.mail.item import Item, Recipient
from styrhjul.mail.matter import EmailContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelegated(EmailContext):
    """A chair asks the secretary to answer. The question stands with both of them."""

    key = "case_delegated"
    item: Item
    #: As the chair signed it.
    asked_by: str
    #: The office they asked in: "ordförande, socialnämnden".
    asked_office: str
    #: What the chair wrote beside it; may be empty.
    note: str

    @classmethod
    def sample(cls) -> Self:
        """Return a goal round with a line from the chair."""
        item = sample.item("goals_reminder")
        return cls(
            item=item,
            recipient=Recipient(office=f"sekreterare, {item.body_name}", body_name=item.body_name),
            sender=sample.SENDER,
            asked_by="Kim Exempel",
            asked_office="ordförande, socialnämnden",
            note="Ta målen från förslaget som vi gick igenom i februari.",
        )
