"""What is kept how long: everything for ever, unless the municipality has decided to dispose of a kind of text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: Nothing is disposed of before the year's follow-up, its report and its audit are over.
FEWEST_YEARS, MOST_YEARS = 2, 100


class Kept(StrEnum):
    """What can be disposed of. Keys are permanent."""

    MAIL_TEXT = "mail_text"  # what our mails said: who got one, when and about what stays
    INBOUND_TEXT = "inbound_text"  # what others wrote back, and the mail as it came


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """A decision to dispose of one kind of text so many years after it left or came in (gallringsbeslut)."""

    kept: Kept
    years: int
    decision_number: str
    decided_on: date
