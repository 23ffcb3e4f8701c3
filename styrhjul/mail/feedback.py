"""The mail to a registrar about something on the pages that shut somebody out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from styrhjul.mail import sample
from styrhjul.mail.item import Recipient
from styrhjul.mail.matter import EmailContext


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityFeedback(EmailContext):
    """What somebody wrote on the page about accessibility, in their own words."""

    key = "accessibility_feedback"
    written: str
    #: Where they want the reply; empty where they gave nothing.
    reply_to: str
    today: date

    @classmethod
    def sample(cls) -> Self:
        """Return a short one with an address."""
        return cls(
            written="Knappen Granska svaret syns inte när jag förstorar sidan till 400 procent.",
            reply_to="kim@example.org",
            today=date(2027, 3, 10),
            recipient=Recipient(office="registrator, kommunstyrelsen", body_name="Kommunstyrelsen"),
            sender=sample.SENDER,
        )
