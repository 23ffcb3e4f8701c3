"""How often a duty returns, as stored and exchanged, and the calendar periods it is reported for."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RecurrenceKind(StrEnum):
    """What a text may say about how often. A text that says nothing has no recurrence at all."""

    ANNUAL = "annual"
    SEMIANNUAL = "semiannual"
    TERTIAL = "tertial"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    MANDATE_PERIOD = "mandate_period"
    EVERY_N_YEARS = "every_n_years"
    ONCE = "once"
    AS_NEEDED = "as_needed"


#: The letter before a period's number, by its months.
_LETTERS = {6: "H", 4: "T", 3: "Q"}
_EVERY_N_YEARS = re.compile(r"every_n_years:([1-9][0-9]?)")


class UnknownRecurrence(ValueError):
    """The text is no recurrence of the vocabulary."""

    def __init__(self, text: str) -> None:
        plain = ", ".join(kind for kind in RecurrenceKind if kind is not RecurrenceKind.EVERY_N_YEARS)
        super().__init__(
            f"Fältet recurrence har värdet ”{text}”, som inte är något känt intervall. Skriv {plain} eller "
            "every_n_years:N, där N är 2 till 99, till exempel every_n_years:3. "
            "Anger dokumentet inget intervall ska fältet vara tomt (null)."
        )
        self.text = text


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often; `every` counts years and differs from 1 only for EVERY_N_YEARS, where it is 2 to 99."""

    kind: RecurrenceKind
    every: int = 1

    def __post_init__(self) -> None:
        """Refuse a number of years that does not belong to the kind; every single year is ANNUAL."""
        fits = 2 <= self.every <= 99 if self.kind is RecurrenceKind.EVERY_N_YEARS else self.every == 1
        if not fits:
            raise UnknownRecurrence(f"{self.kind}:{self.every}")

    def __str__(self) -> str:
        """Return the stored form, which `parse_recurrence` reads back."""
        return f"{self.kind}:{self.every}" if self.kind is RecurrenceKind.EVERY_N_YEARS else str(self.kind)


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a year to report for, named `2026-H1`, `2026-T2`, `2026-Q3` or `2026-04`; bounds inclusive."""

    key: str
    starts_on: date
    ends_on: date


def every_so_many_years(years: int) -> str:
    """Return the interval in Swedish: "vartannat år", "vart tredje år"; from eleven years on in digits."""
    ordinals = ["andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde"]
    if years == 2:
        return "vartannat år"
    return f"vart {ordinals[years - 2]} år" if years - 2 < len(ordinals) else f"vart {years}:e år"


def parse_recurrence(text: str | None) -> Recurrence | None:
    """Read the stored form; None, which means not stated, stays None. Raises UnknownRecurrence."""
    if text is None:
        return None
    if years := _EVERY_N_YEARS.fullmatch(text):
        return Recurrence(RecurrenceKind.EVERY_N_YEARS, int(years[1]))
    try:
        return Recurrence(RecurrenceKind(text))
    except ValueError:
        raise UnknownRecurrence(text) from None


def periods_of(months: int, year: int) -> Iterator[Period]:
    """Yield the parts of a year that are so many months long, in order; `months` is 6, 4, 3 or 1."""
    for number, first in enumerate(range(1, 13, months), start=1):
        last = first + months - 1
        yield Period(
            key=_key(year, number, months),
            starts_on=date(year, first, 1),
            ends_on=date(year, last, monthrange(year, last)[1]),
        )


def period_before(key: str) -> str:
    """Return the period of the same length before a year, or a part of one, given by its key."""
    year, _, part = key.partition("-")
    before = str(int(year) - 1)
    if not part:
        return before
    months = next((months for months, letter in _LETTERS.items() if part.startswith(letter)), 1)
    keys = [period.key for each in (int(year) - 1, int(year)) for period in periods_of(months, each)]
    return keys[keys.index(key) - 1]


def _key(year: int, number: int, months: int) -> str:
    return f"{year}-{_LETTERS[months]}{number}" if months in _LETTERS else f"{year}-{number:02}"
