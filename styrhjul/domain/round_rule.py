"""The rules by which rounds come back: by the year or its parts, by term of office, by interval, once, on demand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from styrhjul.domain.date_rule import DateRule


class Clock(StrEnum):
    """Whose term of office a round follows."""

    ADOPTER = "adopter"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRound:
    """When the case for a calendar year opens and is due.

    `years_from_period` is added to the year the case concerns: -1 for a plan made the autumn before, +1 for a
    follow-up made the winter after. `legal_limit` is the day in the same year that no move may pass. `source` is the
    Swedish sentence that people read about where the day comes from.
    """

    opens: DateRule
    due: DateRule
    source: str
    years_from_period: int = 0
    legal_limit: DateRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRound:
    """A case for each part of the year: it opens when the part has ended and is due by the end of the next month.

    `months` divides twelve. The part that ends the year is answered by `last`, with the year's own follow-up.
    """

    months: int
    source: str
    last: YearRound


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRound:
    """A case opens with each term of office.

    It is due by `due` in the term's first full year or, where `due_working_days` is given, so long after the opening.
    """

    source: str
    due: DateRule | None = None
    due_working_days: int | None = None
    clock: Clock = Clock.ADOPTER

    def __post_init__(self) -> None:
        """Refuse a round with no due day, or with two."""
        if (self.due is None) is (self.due_working_days is None):
            raise ValueError("a term's round needs either a day of the year or a number of working days")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRound:
    """Every n years from the last decision, not from the calendar; it opens `lead_months` before the day."""

    lead_months: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceRound:
    """On the one day that the text states; it opens `lead_months` before."""

    lead_months: int
    source: str


@dataclass(frozen=True, slots=True)
class EventRound:
    """Opened by something that people have registered, with the days they gave it: a referral."""


Round = YearRound | PeriodRound | TermRound | IntervalRound | OnceRound | EventRound
