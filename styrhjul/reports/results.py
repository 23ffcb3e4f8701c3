"""What the plots of a municipality's work are drawn from: how long answers took, and what each month asked and sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from styrhjul.reports.block import Table
from styrhjul.reports.chapter_words import MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A body's first answer to one question, with the day of the first mail about it that arrived."""

    body: str
    asked_on: date
    answered_on: date
    due_on: date

    @property
    def days(self) -> int:
        """From the first mail to the answer; 0 = the same day, or before any mail."""
        return max((self.answered_on - self.asked_on).days, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimes:
    """A body's answers, the fastest first; at least one."""

    body: str
    days: tuple[int, ...]
    late: int

    @property
    def middle(self) -> float:
        """The median: as many answers were faster as slower."""
        return median(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """A year month by month, January first: answers that fall due, and mails that have left."""

    year: int
    due: tuple[int, ...]
    mails: tuple[int, ...]


def times_of(answers: Iterable[Answered]) -> tuple[AnswerTimes, ...]:
    """Return the bodies in the order their answers come."""
    by_body: dict[str, list[Answered]] = {}
    for each in answers:
        by_body.setdefault(each.body, []).append(each)
    return tuple(
        AnswerTimes(
            body=body,
            days=tuple(sorted(each.days for each in own)),
            late=sum(each.answered_on > each.due_on for each in own),
        )
        for body, own in by_body.items()
    )


def days_word(days: float) -> str:
    """Return "12,5 dagar"."""
    said = f"{days:g}".replace(".", ",")
    return f"{said} dag" if days == 1 else f"{said} dagar"


def times_table(times: Sequence[AnswerTimes]) -> Table:
    """Return the same as a table."""
    return Table(
        caption="Svarstider, från första mejlet till svaret",
        columns=("Organ", "Svar", "Mediantid", "Kortast", "Längst", "Efter fristen"),
        rows=tuple(
            (
                *(each.body, str(len(each.days)), days_word(each.middle)),
                *(days_word(each.days[0]), days_word(each.days[-1]), str(each.late)),
            )
            for each in times
        ),
        shares=(30, 10, 16, 14, 14, 16),
    )


def months_table(months: Months) -> Table:
    """Return the same as a table, with the year's sums last."""
    rows = [(MONTHS[place], str(months.due[place]), str(months.mails[place])) for place in range(12)]
    sums = ("Hela året", str(sum(months.due)), str(sum(months.mails)))
    return Table(
        caption=f"Frister och mejl {months.year}, månad för månad",
        columns=("Månad", "Svar som ska in", "Mejl som har lämnat"),
        rows=(*rows, sums),
        shares=(34, 33, 33),
    )
