"""Whoever follows in an office: they soon hear of what is asked there, and nothing goes up before they were warned.

Judged from who held what, as the world itself brought it, and from what the mail server took. See decisions 0006, 0021.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from styrhjul.domain.calendar import is_ordinary_day, is_working_day
from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import UNREACHABLE
from styrhjul.services.simulation.chase import Chase
from styrhjul.services.simulation.chronicle import Followed
from styrhjul.services.simulation.delivered import Delivered, declared
from styrhjul.services.simulation.seating import Seating, Sitting
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

#: Whoever was warned has so many working days to answer.
WARNED_WORKING_DAYS = 3
#: Whoever follows has heard after so many ordinary days on which somebody worked: a retry and one mail a day included.
_SOON_ORDINARY_DAYS = 8
_ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one case was about to a post: `lost` are the days on which it turned out that a rung reached nobody."""

    delivered: list[Delivered]
    lost: dict[tuple[str, str, str], list[date]]
    given: list[tuple[datetime, str]]

    def posts(self, rung: str, at: datetime) -> set[str]:
        """Return the posts that answered at a moment: whom it was given to last, else all that had the rung."""
        last = [post for moment, post in self.given if moment <= at][-1:]
        return set(last) or {each.post_id for each in self.delivered if each.rung == rung} | {
            post for key, post, _ in self.lost if key == rung
        }

    def is_lost(self, rung: str, post_id: str, due_on: str, *, between: tuple[date, date]) -> bool:
        """Whether it turned out in those days that this rung reached nobody in a post."""
        return any(between[0] <= day <= between[1] for day in self.lost.get((rung, post_id, due_on), ()))


def judge_escalations(world: World, delivered: Iterable[Delivered]) -> None:
    """Nothing goes up unless the present readers' warning was accepted three working days before.

    One of two is enough; but whoever follows somebody who was told is waited for, unless their warning was lost.
    """
    seating = Seating.of(world)
    for told in _cases(world, delivered).values():
        for each in told.delivered:
            after = LIFECYCLES[each.lifecycle].rung(declared(each.rung)).after
            if after:
                _judge_escalation(world, seating, told, (each, after))


def _judge_escalation(world: World, seating: Seating, told: _Asked, up: tuple[Delivered, str]) -> None:
    each, after = up
    days: list[date] = []
    for post in sorted(told.posts(after, each.taken.shown)):
        reader = seating.sitting(post, each.on, known=each.taken.at)
        since = reader.since if reader else date.min
        to_post = [other for other in told.delivered if other.post_id == post and other.on <= each.on]
        given = max((local_date(at) for at, _ in told.given if at <= each.taken.shown), default=date.min)
        warned = [one.on for one in to_post if _is_warning(one, each, after) and one.on >= max(since, given)]
        if warned:
            days.append(min(warned))
        follows = reader and any(other.on < since for other in to_post if other.told and other.given == each.given)
        if not follows or told.is_lost(after, post, each.due_on, between=(since, each.on)):
            continue
        if not any(_working_days(on, each.on) >= WARNED_WORKING_DAYS for on in warned):
            office = "/".join(seating.offices[post])
            world.breaks("unwarned", f"{each.lifecycle} {each.rung} on {each.on}: {office} is new since {since}")
    if not any(_working_days(on, each.on) >= WARNED_WORKING_DAYS for on in days):
        world.breaks("unwarned", f"{each.lifecycle} {each.rung} on {each.on}, warned {days}")


def judge_newcomers(world: World, cases: Iterable[Followed], delivered: Iterable[Delivered]) -> None:
    """Whoever follows somebody who was told of a case gets a mail about it soon, as long as it is chased."""
    seating, asked = Seating.of(world), _cases(world, delivered)
    quiet = [(local_date(start), local_date(end)) for start, end in world.silences]
    for case in cases:
        told = asked[case.case_id]
        for chase in case.chases:
            for post in sorted({each.post_id for each in told.delivered if _is_asked(each)}):
                for sitting in seating.sittings(post):
                    if chase.since <= sitting.since <= chase.until:
                        _judge_newcomer(world, (case, chase), told, (post, sitting, _soon(sitting.since, quiet)))


def _judge_newcomer(world: World, of: tuple[Followed, Chase], told: _Asked, new: tuple[str, Sitting, date]) -> None:
    (case, chase), (post, sitting, latest) = of, new
    given = [(local_date(at), to) for at, to in told.given]
    if latest >= min(chase.until, sitting.until, world.span.last):
        return
    if any(to != post for on, to in given if on <= latest) or any(
        sitting.since <= on for on, to in given if to == post
    ):
        return
    since_given = max((on for on, _ in given), default=date.min)
    before = [each for each in told.delivered if each.post_id == post and since_given <= each.on < sitting.since]
    if any(each.person == sitting.person for each in _latest_told(before)):  # comes back, and has read what was asked
        return
    heard = [each for each in told.delivered if each.post_id == post and sitting.since <= each.on <= latest]
    lost = any(sitting.since <= day <= latest for (_, to, _), days in told.lost.items() if to == post for day in days)
    if any(each.told and _is_asked(each) for each in before) and not heard and not lost:
        world.breaks("newcomer", f"{case.lifecycle.key} due on {chase.due_on}: who follows on {sitting.since} not told")


def _latest_told(before: Sequence[Delivered]) -> list[Delivered]:
    """Return the mails that told of the case as it stood last."""
    last = max(before, key=lambda each: (each.on, each.height), default=None)
    return [each for each in before if last and (each.rung, each.due_on) == (last.rung, last.due_on)]


def _soon(since: date, quiet: Iterable[tuple[date, date]]) -> date:
    """Return the day by which a mail has left that is owed from a day on, days on which nobody worked not counted."""
    day, left = since, _SOON_ORDINARY_DAYS
    while left:
        day += _ONE_DAY
        left -= is_ordinary_day(day) and not any(start <= day <= end for start, end in quiet)
    return day


def _is_asked(each: Delivered) -> bool:
    return each.rung != UNREACHABLE.key and LIFECYCLES[each.lifecycle].rung(declared(each.rung)).after is None


def _is_warning(one: Delivered, up: Delivered, after: str) -> bool:
    return (one.rung, one.due_on) == (after, up.due_on)


def _cases(world: World, delivered: Iterable[Delivered]) -> defaultdict[str, _Asked]:
    asked: defaultdict[str, _Asked] = defaultdict(lambda: _Asked([], defaultdict(list), []))
    for each in delivered:
        asked[each.case_id].delivered.append(each)
    for case_id, at, stored in world.database.ask(_GIVEN):
        asked[case_id].given.append((_moment(at), json.loads(stored)["post"]))
    for case_id, rung, post_id, due_on, on in _lost(world):
        asked[case_id].lost[rung, post_id, due_on].append(on)
    return asked


def _lost(world: World) -> Iterator[tuple[str, str, str, str, date]]:
    """Yield what reached nobody, and when that turned out: refused, given up, or nobody to read it."""
    for case_id, at, stored in world.database.ask(_VACANT):
        data = json.loads(stored)
        yield case_id, data["rung"], data["post"], data["due_on"], local_date(_moment(at))
    for case_id, rung, post_id, due_on, at in world.database.ask(_FAILED):
        yield case_id, rung, post_id, due_on, local_date(_moment(at))


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _working_days(since: date, until: date) -> int:
    days = (since + timedelta(number) for number in range(1, (until - since).days + 1))
    return sum(map(is_working_day, days))


_GIVEN = "SELECT case_id, at, data FROM journal_entry WHERE kind = 'case_reassigned' ORDER BY number"
_VACANT = "SELECT case_id, at, data FROM journal_entry WHERE kind = 'notice_vacant'"
_FAILED = """
SELECT notice.case_id, rung, notice.post_id, due_on, finished_at
FROM notice JOIN mail_item ON notice_id = notice.id JOIN mail ON mail.id = mail_id
WHERE mail.status IN ('failed', 'quarantined')
"""
