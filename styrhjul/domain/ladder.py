"""On which day each rung of a ladder is reached, for one case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.domain.calendar import add_working_days, first_weekday_on_or_after, first_working_day_after
from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus
from styrhjul.domain.lifecycle import Anchor, Offset, Rung

#: Wednesday; a setting of the municipality from part 2.
DIGEST_WEEKDAY = 2
#: Whoever was warned late still gets this many working days before the matter goes up.
WARNED_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class RungDay:
    """The day a rung is reached; `deferred_from` where a free day moved it."""

    rung: Rung
    on: date
    deferred_from: date | None = None


def ladder_days(ladder: tuple[Rung, ...], facts: CaseFacts) -> list[RungDay]:
    """Return the rungs that have a day, lowest first.

    A reminder that would fall on or before the opening has none; a warning always has one, the first working day after
    the opening at the earliest. A rung whose `after` has reached nobody yet has none.
    """
    warnings = {rung.after for rung in ladder}
    days: list[RungDay] = []
    for rung in ladder:
        if rung.at.anchor is Anchor.OPENING:
            days.append(RungDay(rung, facts.opens_on, facts.opening_deferred_from))
        elif rung.after is None:
            day = _day(rung.at, facts)
            if day > facts.opens_on:
                days.append(RungDay(rung, day))
            elif rung.key in warnings:
                days.append(RungDay(rung, first_working_day_after(facts.opens_on)))
        elif (warned := warned_on(facts, rung.after)) is not None:
            days.append(goes_up(rung, facts.due_on, warned))
    return days


def goes_up(rung: Rung, due_on: date, warned: date) -> RungDay:
    """Return the day a rung goes up when the warning left on `warned`: what a warning mail must name."""
    day = max(add_working_days(due_on, rung.at.working_days), add_working_days(warned, WARNED_WORKING_DAYS))
    if not rung.at.digest:
        return RungDay(rung, day)
    digest = first_weekday_on_or_after(day, DIGEST_WEEKDAY)
    ordinary = _ordinary_weekday(day)
    return RungDay(rung, digest, ordinary if digest != ordinary else None)


def warned_on(facts: CaseFacts, rung: str) -> date | None:
    """Return the first day on which this rung left in a mail that was accepted and has not failed since."""
    notices = [notice for notice in notices_of(facts, rung) if notice.status is NoticeStatus.DELIVERED]
    return min((notice.delivered_on for notice in notices if notice.delivered_on), default=None)


def notices_of(facts: CaseFacts, rung: str) -> list[NoticeFacts]:
    """Return the ledger's notices of one rung for the case's present due day."""
    return [notice for notice in facts.notices if notice.rung == rung and notice.due_on == facts.due_on]


def _day(at: Offset, facts: CaseFacts) -> date:
    anchor = facts.agenda_on if at.anchor is Anchor.PAPERS and facts.agenda_on else facts.due_on
    return add_working_days(anchor, at.working_days)


def _ordinary_weekday(day: date) -> date:
    return date.fromordinal(day.toordinal() + (DIGEST_WEEKDAY - day.weekday()) % 7)
