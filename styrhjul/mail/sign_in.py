"""The mails around signing in: the code, and the word to a municipality that an operator has opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from styrhjul.mail import sample
from styrhjul.mail.item import Recipient
from styrhjul.mail.matter import EmailContext


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInCode(EmailContext):
    """Six digits for whoever is signing in. They stand in the text alone: subjects are kept and logged."""

    key = "sign_in_code"
    code: str
    minutes: int
    today: date

    @classmethod
    def sample(cls) -> Self:
        """Return a code of six digits."""
        recipient = Recipient(office="samordnare, kommunstyrelsen", body_name="Kommunstyrelsen")
        return cls(code="000000", minutes=10, today=date(2027, 3, 10), recipient=recipient, sender=sample.SENDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlassOpened(EmailContext):
    """An operator of the installation may look into the municipality for a while."""

    key = "break_glass_opened"
    #: Why, as the operator wrote it.
    why: str
    minutes: int
    #: Until when, in Swedish time: the day, and the time as "14.30".
    ends_on: date
    ends_time: str
    today: date

    @classmethod
    def sample(cls) -> Self:
        """Return an opening of one hour, with its reason."""
        recipient = Recipient(office="registrator, kommunstyrelsen", body_name="Kommunstyrelsen")
        return cls(
            why="Felsökning av inläsningen, ärende 4711",
            minutes=60,
            ends_on=date(2027, 3, 10),
            ends_time="14.30",
            today=date(2027, 3, 10),
            recipient=recipient,
            sender=sample.SENDER,
        )
