"""What goes up: it does when nobody answered who was warned, never where nothing binds; and who could not be warned.

Judged from the ledger, the journal and the mail server, with days counted from the declared offsets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from styrhjul.domain.calendar import add_working_days, next_ordinary_day
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import UNREACHABLE, Audience, Rung, Unit
from styrhjul.services.simulation.chase import Chase
from styrhjul.services.simulation.chronicle import Followed
from styrhjul.services.simulation.delivered import Delivered, declared
from styrhjul.services.simulation.world import World

#: Whoever was warned has so many working days to answer.
WARNED_WORKING_DAYS = 3
#: A step is not missed before this: nobody swept for weeks, twice.
_AFTER = timedelta(65)
_ONE_WEEK = timedelta(7)
#: So long a mail that was accepted may stay unknown to us.
_UNKNOWN = timedelta(14)
_LOST = ("failed", "vacant")


@dataclass(frozen=True, slots=True)
class _Notice:
    """A row of the ledger; `lost_on` is the day its mail failed."""

    rung: str
    post_id: str
    status: str
    planned_on: date
    lost_on: date | None


@dataclass(frozen=True, slots=True)
class _Round:
    """One chase of a case, with what its ledger holds and what was delivered."""

    case: Followed
    chase: Chase
    notices: tuple[_Notice, ...]
    delivered: tuple[Delivered, ...]

    @property
    def reassigned(self) -> list[date]:
        """The days up to its end on which the case was given to another post."""
        days = (local_date(each.at) for each in self.case.entries if each.kind is EntryKind.CASE_REASSIGNED)
        return [day for day in days if day <= self.chase.until]

    def warnings(self, key: str) -> list[Delivered]:
        """Return the warnings that were accepted, as far as anybody knew."""
        return [each for each in self.delivered if each.rung == key and each.told]


def judge_upward(world: World, cases: Iterable[Followed], delivered: Iterable[Delivered]) -> None:
    """Note what did not go up, what should not have, and who was out of reach without anybody being told."""
    town = _Town.of(world)
    for each in _rounds(world, cases, delivered):
        if not each.case.is_binding:
            _judge_unbound(world, each)
        else:
            for rung in each.case.lifecycle.ladder:
                if rung.after and town.has_reader(rung, each):
                    _judge_goes_up(world, town, each, rung)
            _judge_unreachable(world, town, each)


def _judge_unbound(world: World, each: _Round) -> None:
    """*Bör* and *kan* are asked and reminded: never warned, never told to anybody above."""
    lifecycle = each.case.lifecycle
    warnings = {rung.after for rung in lifecycle.ladder if rung.after}
    for notice in each.notices:
        if lifecycle.rung(declared(notice.rung)).after or notice.rung in {*warnings, UNREACHABLE.key}:
            world.breaks("not binding", f"{lifecycle.key} {notice.rung} on {notice.planned_on}")


def _judge_goes_up(world: World, town: _Town, each: _Round, rung: Rung) -> None:
    """Whoever was warned and did not answer is told of to those above, in time."""
    chase, lifecycle = each.chase, each.case.lifecycle
    ladders = world.ladders_of(lifecycle.key, chase.since, chase.until)
    steps = [step for ladder in ladders for step in ladder if step.key == rung.key]
    warned = [one.on for one in each.warnings(rung.after or "") if one.on >= town.calm_since(each, rung.after or "")]
    if len(steps) < len(ladders) or not warned:
        return
    answered_for = add_working_days(min(warned), WARNED_WORKING_DAYS)
    day = max(chase.since, answered_for, *(_counted(chase.due_on, step) for step in steps))
    latest = next_ordinary_day(next_ordinary_day(day) + _ONE_WEEK) + _AFTER
    went_up = [one for one in each.notices if one.rung == rung.key and one.status != "cancelled"]
    if chase.until >= latest and not went_up:
        world.breaks("missed", f"{lifecycle.key} {rung.key} of a case due on {chase.due_on}, warned on {min(warned)}")


def _judge_unreachable(world: World, town: _Town, each: _Round) -> None:
    """When no warning reaches anybody the coordinator is told, and only then."""
    lifecycle, chase = each.case.lifecycle, each.chase
    told = [one for one in each.notices if one.rung == UNREACHABLE.key]
    for key in sorted({rung.after for rung in lifecycle.ladder if rung.after}):
        if not told and town.coordinators and _is_out_of_reach(each, key):
            world.breaks("missed", f"{lifecycle.key} due on {chase.due_on}: nobody was told that {key} reached nobody")
        calm = town.calm_since(each, key)
        reached = [one.on for one in each.warnings(key) if one.on >= calm]
        for one in told:
            counts = calm < one.planned_on < chase.until  # later on there was nobody left to reach
            if reached and counts and min(reached) + _UNKNOWN < one.planned_on:
                world.breaks("within reach", f"{lifecycle.key} due on {chase.due_on} was reached on {min(reached)}")


def _is_out_of_reach(each: _Round, key: str) -> bool:
    """Whether every warning was lost, and for long."""
    warnings = [notice for notice in each.notices if notice.rung == key]
    lost = [_lost_on(each, notice) for notice in warnings]
    if not lost or None in lost or each.reassigned:
        return False
    arrived = min((one.on for one in each.delivered if one.rung == key), default=date.max)
    return max(day for day in lost if day) + _AFTER <= min(arrived, each.chase.until)


def _lost_on(each: _Round, notice: _Notice) -> date | None:
    if notice.status not in _LOST:
        return None
    vacant = (
        local_date(entry.at)
        for entry in each.case.entries
        if entry.kind is EntryKind.NOTICE_VACANT
        and (entry.data["rung"], entry.data["post"]) == (notice.rung, notice.post_id)
        and entry.data["due_on"] == each.chase.due_on.isoformat()
    )
    return notice.lost_on or min(vacant, default=None)


def _counted(due_on: date, rung: Rung) -> date:
    if rung.at.unit is Unit.CALENDAR:
        return due_on + timedelta(rung.at.days)
    return add_working_days(due_on, rung.at.days)


@dataclass(frozen=True, slots=True)
class _Town:
    """Which offices there are, by post, and when somebody else last took each."""

    offices: Mapping[str, tuple[str, str]]
    changes: Mapping[tuple[str, str], list[date]]

    @classmethod
    def of(cls, world: World) -> _Town:
        """Read the offices of a world."""
        return cls({post: (slug, role) for post, slug, role in world.database.ask(_POSTS)}, world.seat_changes)

    @property
    def coordinators(self) -> list[str]:
        """The posts that are told when nobody else can be."""
        return [post for post, (_, role) in self.offices.items() if role == "coordinator"]

    def has_reader(self, rung: Rung, each: _Round) -> bool:
        """Whether there certainly is somebody above whoever answers."""
        roles = {role for slug, role in self.offices.values() if slug == each.case.body}
        if rung.to is Audience.CHIEF_EXECUTIVE:
            return each.case.holder != "chief_executive" and not each.reassigned
        answers = each.case.holder == "body" and not each.reassigned and not roles.isdisjoint({"chair", "secretary"})
        return answers and not roles.isdisjoint({"head_of_administration", "managing_director"})

    def calm_since(self, each: _Round, warning: str) -> date:
        """Return the day since which the same people have held the offices that were warned, and the case."""
        warned = {
            self.offices[one.post_id] for one in each.notices if one.rung == warning and one.post_id in self.offices
        }
        warned |= {(slug, "vice_chair") for slug, role in warned if role == "chair"}
        days = [day for office in warned for day in self.changes.get(office, ()) if day <= each.chase.until]
        return max((*days, *each.reassigned), default=date.min)


def _rounds(world: World, cases: Iterable[Followed], delivered: Iterable[Delivered]) -> Iterator[_Round]:
    notices: dict[tuple[str, str], list[_Notice]] = defaultdict(list)
    for case_id, due_on, rung, post_id, status, planned_on, failed_at in world.database.ask(_LEDGER):
        lost_on = date.fromisoformat(failed_at[:10]) if failed_at else None
        notices[case_id, due_on].append(_Notice(rung, post_id, status, date.fromisoformat(planned_on), lost_on))
    arrived: dict[tuple[str, str], list[Delivered]] = defaultdict(list)
    for each in delivered:
        arrived[each.case_id, each.due_on].append(each)
    for case in cases:
        for chase in case.chases:
            key = (case.case_id, chase.due_on.isoformat())
            yield _Round(case, chase, tuple(notices[key]), tuple(arrived[key]))


_POSTS = "SELECT post.id, body.slug, role FROM post JOIN body ON body.id = body_id WHERE ended_on IS NULL"
_LEDGER = """
SELECT notice.case_id, due_on, rung, notice.post_id, notice.status, planned_on,
       (SELECT max(finished_at) FROM mail_item JOIN mail ON mail.id = mail_id
        WHERE notice_id = notice.id AND mail.status IN ('failed', 'quarantined'))
FROM notice
"""
