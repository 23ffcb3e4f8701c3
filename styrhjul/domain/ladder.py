"""On which day each rung of a ladder is reached, for one case, and which rung stands above which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus
from styrhjul.domain.practice import Practice
from styrhjul.domain.rung import UNREACHABLE, Anchor, Offset, Rung, Unit, repeat_of

#: What reached nobody.
LOST = frozenset({NoticeStatus.FAILED, NoticeStatus.VACANT})
#: Whoever was warned late still gets this many working days before the matter goes up.
WARNED_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class RungDay:
    """The day a rung is reached; `deferred_from` where rest, a squeeze day or a free day moved it."""

    rung: Rung
    on: date
    deferred_from: date | None = None


def ladder_days(ladder: tuple[Rung, ...], facts: CaseFacts) -> list[RungDay]:
    """Return the rungs that have a day, lowest first; every day is an ordinary one.

    A reminder that would fall on or before the opening has none; a warning always has one, the first day after the
    opening at the earliest. A step some time after the opening has none where it would not come before those above
    it. A rung whose `after` has reached nobody yet has none. Where nothing binds, neither the warning nor anything
    above it has a day. Give it the case as its present holders know it: `presence.as_told`.
    """
    warnings = {rung.after for rung in ladder if rung.after is not None}
    warned = {warning: warned_on(facts, warning, ladder) for warning in warnings}
    days: list[RungDay] = []
    for rung in ladder:
        if not facts.is_binding and (rung.after is not None or rung.key in warnings):
            continue
        if rung.at.anchor is Anchor.OPENING:
            days.append(_after_opening(rung, facts))
        elif rung.after is None:
            day = _day(rung, facts)
            if day.on > facts.opens_on:
                days.append(day)
            elif rung.key in warnings:
                days.append(RungDay(rung, facts.practice.ordinary_after(facts.opens_on)))
        elif (warned_from := warned[rung.after]) is not None:
            days.append(goes_up(rung, facts.due_on, warned_from, facts.practice))
    return [
        day
        for position, day in enumerate(days)
        if day.rung.at.anchor is not Anchor.OPENING or not _comes_too_late(day, days[position + 1 :])
    ]


def goes_up(rung: Rung, due_on: date, warned: date, practice: Practice) -> RungDay:
    """Return the day a rung goes up when the warning left on `warned`: what a warning mail must name."""
    day = max(counted(due_on, rung.at, practice), practice.add_working_days(warned, WARNED_WORKING_DAYS))
    if not rung.at.digest:
        return _deferred(rung, day, practice)
    nominal = _digest_weekday(day, practice)
    on = digest_day(nominal, practice)
    return RungDay(rung, on, nominal if on != nominal else None)


def digest_day(nominal: date, practice: Practice) -> date:
    """Return when the digest of a weekday leaves: a free one's later the same week, or else with another week's."""
    on = nominal
    while not practice.is_ordinary(on):
        later = practice.next_ordinary(on)
        same_week = later.isocalendar()[:2] == on.isocalendar()[:2]
        on = later if same_week else _digest_weekday(later, practice)
    return on


def _digest_weekday(day: date, practice: Practice) -> date:
    return day + timedelta(days=(practice.digest_weekday - day.weekday()) % 7)


def counted(anchor: date, at: Offset, practice: Practice) -> date:
    """Return the day an offset names, before anything defers it; a calendar day may be a free one."""
    if at.unit is Unit.CALENDAR:
        return anchor + timedelta(days=at.days)
    return practice.add_working_days(anchor, at.days)


def warned_on(facts: CaseFacts, warning: str, ladder: tuple[Rung, ...]) -> date | None:
    """Return the first day on which this rung left in a mail that was accepted and has not failed since.

    Only posts that answer for the case now count: a warning to somebody it was taken from warned nobody. One of two
    who was warned is enough; but whoever follows somebody who was told is waited for while they can be reached.
    """
    warnings = notices_of(facts, warning)
    if not warnings:
        return None
    asked = {post for rung in ladder if rung.key == warning for post in facts.posts[rung.to]}
    notices = [notice for notice in warnings if notice.post_id in asked]
    days = {
        notice.post_id: notice.delivered_on
        for notice in notices
        if notice.status is NoticeStatus.DELIVERED and notice.delivered_on
    }
    lost = {notice.post_id for notice in notices if notice.status in LOST}
    followers = asked & facts.anew
    if not days or not followers <= days.keys() | lost:
        return None
    return max([min(days.values()), *(days[post] for post in followers & days.keys())])


def notices_of(facts: CaseFacts, rung: str) -> list[NoticeFacts]:
    """Return the ledger's notices of one rung for the case's present due day."""
    return [notice for notice in facts.notices if notice.rung == rung and notice.due_on == facts.due_on]


def escalations(ladder: Iterable[Rung]) -> frozenset[str]:
    """Return the rungs that tell others than those who answer for the case, that of the unreachable included."""
    return frozenset({UNREACHABLE.key, *(rung.key for rung in ladder if rung.after is not None)})


def is_upward(ladder: Iterable[Rung], key: str) -> bool:
    """Tell whether a rung tells somebody above those who answer; the ladder is the declared one.

    As declared, since no municipality may change that: what waits for a warning goes up, and nothing else does
    (`domain.override`). So whatever has left by such a rung went up, also where it was taken from the ladder since.
    That nobody could be reached is told to the coordinator, which is not up.
    """
    declared, _ = repeat_of(key)
    return any(rung.key == declared and rung.after is not None for rung in ladder)


def place_of(ladder: Iterable[Rung], key: str) -> tuple[int, int]:
    """Return how far up the declared ladder a rung stands, and the how many-th of its repeats.

    That of the unreachable stands on top, one that no ladder has any more below everything. Measured as declared: what
    a municipality repeats, or has taken from its ladder after it left, keeps its place.
    """
    declared, number = repeat_of(key)
    keys = [*(rung.key for rung in ladder), UNREACHABLE.key]
    return (keys.index(declared) if declared in keys else -1, number)


def is_overtaken(ladder: Sequence[Rung], key: str, left: Iterable[str]) -> bool:
    """Tell whether a rung may not leave to a post any more, since one above it has; the ladder is the declared one.

    What a post was told while the matter was another's overtakes nothing of what it is asked once the case is its own:
    else it would never be warned.
    """
    up = escalations(ladder)
    own = place_of(ladder, key)
    return any(place_of(ladder, rung) > own for rung in left if (rung in up) == (key in up))


def _after_opening(rung: Rung, facts: CaseFacts) -> RungDay:
    if rung.at.days == 0:
        return RungDay(rung, facts.opens_on, facts.opening_deferred_from)
    return _deferred(rung, counted(facts.opens_on, rung.at, facts.practice), facts.practice)


def _comes_too_late(day: RungDay, above: list[RungDay]) -> bool:
    return day.rung.at.days > 0 and any(higher.on <= day.on for higher in above)


def anchor_of(rung: Rung, facts: CaseFacts) -> date:
    """Return the day a rung counts from: the due day stands in for papers that have no day."""
    if rung.at.anchor is Anchor.OPENING:
        return facts.opens_on
    return facts.agenda_on if rung.at.anchor is Anchor.PAPERS and facts.agenda_on else facts.due_on


def _day(rung: Rung, facts: CaseFacts) -> RungDay:
    return _deferred(rung, counted(anchor_of(rung, facts), rung.at, facts.practice), facts.practice)


def _deferred(rung: Rung, day: date, practice: Practice) -> RungDay:
    on = practice.next_ordinary(day)
    return RungDay(rung, on, day if on != day else None)
