"""Whether a correction asks for less than what stood there: that needs a reason, as a rejection does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from styrhjul.domain.date_rule import DateRule, day_of
from styrhjul.domain.deadline import deadline_rule
from styrhjul.domain.recurrence import RecurrenceKind, parse_recurrence
from styrhjul.services.policies.duty_terms import Terms, followed

_A_YEAR = {
    RecurrenceKind.MONTHLY: Fraction(12),
    RecurrenceKind.QUARTERLY: Fraction(4),
    RecurrenceKind.TERTIAL: Fraction(3),
    RecurrenceKind.SEMIANNUAL: Fraction(2),
    RecurrenceKind.ANNUAL: Fraction(1),
    RecurrenceKind.MANDATE_PERIOD: Fraction(1, 4),
    RecurrenceKind.ONCE: Fraction(1, 100),  # rarer than the longest interval, 99 years
    RecurrenceKind.AS_NEEDED: Fraction(0),
}
_ANY_YEAR = 2027  # two rules for every year are compared in one


def softened(quote: str, artefact: str | None, before: Terms, after: Terms) -> str | None:
    """Tell in Swedish what a correction takes away and that it needs a reason; None where nothing is softened.

    Another strength is not looked at: that is weighed against the text's own word (`needs_reason`).
    """
    said = [
        *_kind(quote, artefact, before, after),
        *_whom(before, after),
        *_how_often(quote, artefact, before, after),
        *_by_when(before, after),
        *_goals(before, after),
    ]
    return f"Rättelsen kräver ett skäl: {', '.join(said)}. Skriv varför." if said else None


def _kind(quote: str, artefact: str | None, before: Terms, after: Terms) -> Iterator[str]:
    if before.action_kind is not after.action_kind:
        yield "skyldigheten blir av ett annat slag"
    elif _is_followed(quote, artefact, before) and not _is_followed(quote, artefact, after):
        yield "skyldigheten följs inte längre"


def _whom(before: Terms, after: Terms) -> Iterator[str]:
    if set(before.body_ids) - set(after.body_ids):
        yield "organ tas bort"
    if after.condition is not None and before.condition != after.condition:
        yield "den ska gälla bara på ett villkor"


def _how_often(quote: str, artefact: str | None, before: Terms, after: Terms) -> Iterator[str]:
    if before.recurrence is not None and after.recurrence is None:
        yield "hur ofta tas bort"
        return
    unstated = RecurrenceKind.ANNUAL if _is_followed(quote, artefact, before) else None  # asked for once a year
    stood = before.recurrence or unstated
    if stood and after.recurrence and _times_a_year(after.recurrence) < _times_a_year(stood):
        yield "det blir mer sällan"


def _by_when(before: Terms, after: Terms) -> Iterator[str]:
    if before.deadline is None or before.deadline == after.deadline:
        return
    if after.deadline is None:
        yield "fristen tas bort"
        return
    stood, stands = deadline_rule(before.deadline), deadline_rule(after.deadline)
    if stood is None or stands is None:
        return
    year = next((day.year for day in (stood, stands) if isinstance(day, date)), _ANY_YEAR)
    if _placed(stands, year) > _placed(stood, year):
        yield "fristen blir senare"


def _goals(before: Terms, after: Terms) -> Iterator[str]:
    for stood, stands in ((before.goal_min, after.goal_min), (before.goal_max, after.goal_max)):
        if stood is not None and (stands is None or stands < stood):
            yield "antalet mål blir färre eller tas bort"
            return


def _is_followed(quote: str, artefact: str | None, terms: Terms) -> bool:
    return followed(quote, terms, artefact).lifecycle is not None


def _times_a_year(recurrence: str) -> Fraction:
    known = parse_recurrence(recurrence)
    if known is None or known.kind is RecurrenceKind.EVERY_N_YEARS:
        return Fraction(1, known.every if known else 1)
    return _A_YEAR[known.kind]


def _placed(day: DateRule | date, year: int) -> date:
    return day if isinstance(day, date) else day_of(day, year)
