"""What does each step cost, beside what was asked of it? Planning, writing, a forecast, a simulated term.

`./run bench steps` takes days with a thousand due cases apart: the planner alone, the whole sweep, and what is written
of it beside the same rows written by SQLAlchemy's unit of work, in turn. Medians of three or more, in one run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench._filled import OPENING, Shape, copy_municipality, open_templates, tidy, waking_days
from bench._place import KINDS, Place, place_of
from config.clock import at_nine
from styrhjul.db.case_model import JournalEntry, JournalHead, Notice, SubjectKind, Wake
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.migrate import upgrade
from styrhjul.db.model import new_id
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.plan_write import write_actions
from styrhjul.db.session import Database, municipality_of
from styrhjul.db.wake import set_wakes, waking
from styrhjul.domain.action import Action, SendNotice, SupersedeNotice
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.journal import PLANNER, Entry, EntryKind, seal
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.overview.forecast import forecast
from styrhjul.services.simulation.simulate import Town, simulate
from styrhjul.services.simulation.world import Span, examples
from workflows.goal_setting import GOAL_SETTING

#: A thousand due cases a day, in eight municipalities; the forecast is of one with a hundred policies.
SHAPE, FORECAST = Shape(policies=125, awake=8), Shape(policies=100, awake=1)
TERM = Span(first=date(2026, 10, 15), last=date(2030, 10, 14))
DAYS = 3

progress = Console(stderr=True)


class Measure(NamedTuple):
    """A figure and what it should be: at most the target, or at least where `at_least`."""

    what: str
    found: float
    target: float
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the target is reached."""
        return self.found >= self.target if self.at_least else self.found <= self.target


@dataclass(frozen=True, slots=True)
class Planned:
    """What one municipality owes on a day."""

    actions: list[Action]
    wakes: list[tuple[SubjectKind, str, date | None]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a target is not reached."""
    options = _options(arguments)
    kinds = KINDS if options.database == "both" else (options.database,)
    measures = [measure for kind in kinds for measure in _of_database(kind, options.policies)]
    measures += list(_of_term(options.years))
    report = {
        "measures": [each._asdict() | {"holds": each.holds} for each in measures],
        "load_after": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
    }
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        _print(measures)
    return 0 if all(each.holds for each in measures) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench steps", description=__doc__)
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument(
        "--policies", type=int, default=SHAPE.policies, help="in each of eight municipalities, due in turn"
    )
    parser.add_argument("--years", type=int, choices=(1, 2, 3, 4), default=4, help="of each simulated life")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


# -- a day -------------------------------------------------------------------------------------------------------------


def _of_database(kind: str, policies: int) -> list[Measure]:
    shape = Shape(policies=policies, awake=SHAPE.awake)
    with place_of(kind, durable=True) as place:
        database, days = _fill(place, shape)
        try:
            return [*_of_days(kind, database, days, shape), _of_forecast(kind, place)]
        finally:
            database.dispose()


def _fill(place: Place, shape: Shape) -> tuple[Database, list[date]]:
    url = place.create("steps")
    upgrade(url)
    database = Database(url)
    awake, _ = open_templates(database, shape)
    days = waking_days(database, awake, shape)
    database.dispose()
    copy_municipality(url, awake, shape.awake - 1)
    tidy(database)
    return database, days


def _of_days(kind: str, database: Database, days: list[date], shape: Shape) -> list[Measure]:
    """Sweep whole days and days in pieces in turn, after one of each that does not count."""
    swept, planned, ours, objects = list[float](), list[float](), list[float](), list[float]()
    for whole, in_pieces in list(zip(days[::2], days[1::2], strict=False))[: DAYS + 1]:
        swept.append(_seconds(lambda day=whole: run_sweep(database, GOAL_SETTING, at_nine(day))))  # type: ignore[misc]
        pieces = _in_pieces(database, in_pieces)
        for found, seconds in zip((planned, ours, objects), pieces, strict=True):
            found.append(seconds)
    half, name = shape.due / 2, {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
    each = {"µs": 1e6}
    return [
        Measure(f"{name}: planner, a due case", median(planned[1:]) / shape.due * each["µs"], 20, "µs"),
        Measure(f"{name}: plan and write, a due case", median(swept[1:]) / shape.due * each["µs"], 150, "µs"),
        Measure(f"{name}: write, a due case", median(ours[1:]) / half * each["µs"], 150, "µs"),
        Measure(f"{name}: unit of work / ours", median(objects[1:]) / median(ours[1:]), 5, "×", at_least=True),
    ]


def _in_pieces(database: Database, day: date) -> tuple[float, float, float]:
    """Return the seconds of planning everything, of writing half of it our way, and half as objects."""
    planning, writing = 0.0, {_write: 0.0, _write_objects: 0.0}
    with database.system(read_only=True) as session:
        due = select(Wake.municipality_id).where(Wake.subject_kind == SubjectKind.CASE, Wake.wake_on <= day).distinct()
        awake = sorted(session.scalars(due))
    for number, municipality_id in enumerate(awake):
        with database.municipality(municipality_id) as session:
            facts = _facts(session, day)
            began = time.perf_counter()
            for each in facts:
                plan(GOAL_SETTING, each, day)
            planning += time.perf_counter() - began
            planned = _decided(facts, day)
        way = (_write, _write_objects)[number % 2]
        writing[way] += _seconds(lambda: _in_transaction(database, municipality_id, planned, day, way))  # noqa: B023 - at once
    return planning, writing[_write], writing[_write_objects]


def _facts(session: Session, day: date) -> list[CaseFacts]:
    subjects = [each.subject_id for each in waking(session, GOAL_SETTING.key, day, 10_000)]
    return list(load_case_facts(session, load_organisation(session), subjects))


def _decided(facts: Sequence[CaseFacts], day: date) -> Planned:
    planned = Planned([], [])
    for each in facts:
        actions = plan(GOAL_SETTING, each, day)
        planned.actions.extend(actions)
        after = apply(each, actions, day)
        planned.wakes.append((SubjectKind.CASE, each.case_id, wake_on(GOAL_SETTING, after, day)))
    return planned


Way = Callable[[Session, Planned, date], None]


def _in_transaction(database: Database, municipality_id: str, planned: Planned, day: date, way: Way) -> None:
    with database.municipality(municipality_id) as session:
        way(session, planned, day)


def _write(session: Session, planned: Planned, day: date) -> None:
    write_actions(session, planned.actions, at_nine(day))
    set_wakes(session, GOAL_SETTING.key, planned.wakes)


def _write_objects(session: Session, planned: Planned, day: date) -> None:
    """Write the same rows as objects: notices, sealed lines of the journal, and each wake read and changed."""
    head = session.scalars(select(JournalHead)).one()
    for action in planned.actions:
        if isinstance(action, SendNotice | SupersedeNotice):
            session.add(_notice(action, day))
            head.number += 1
            line = _line(session, action, head, day)
            head.seal = line.seal
            session.add(line)
    for _, subject_id, wakes_on in planned.wakes:
        wake = session.get_one(Wake, (municipality_of(session), GOAL_SETTING.key, subject_id))
        wake.wake_on = wakes_on or day


def _notice(action: SendNotice | SupersedeNotice, day: date) -> Notice:
    return Notice(
        id=new_id(),
        case_id=action.case_id,
        due_on=action.due_on,
        rung=action.rung,
        post_id=action.post_id,
        turn=action.turn,
        status=NoticeStatus.PLANNED if isinstance(action, SendNotice) else NoticeStatus.SUPERSEDED,
        planned_on=day,
        not_before_at=at_nine(day),
    )


def _line(session: Session, action: SendNotice | SupersedeNotice, head: JournalHead, day: date) -> JournalEntry:
    said: dict[str, Any] = {"rung": action.rung, "post": action.post_id, "due_on": action.due_on.isoformat()}
    written: dict[str, Any] = {
        "number": head.number,
        "at": at_nine(day),
        "kind": EntryKind.NOTICE_PLANNED,
        "by": PLANNER,
    }
    written |= {"case_id": action.case_id, "data": said}
    entry = Entry(municipality_id=municipality_of(session), **written)
    return JournalEntry(id=new_id(), seal=seal(head.seal, entry), **written)


# -- a term ------------------------------------------------------------------------------------------------------------


def _of_forecast(kind: str, place: Place) -> Measure:
    url = place.create("forecast")
    upgrade(url)
    database = Database(url)
    awake, _ = open_templates(database, FORECAST)
    tidy(database)
    seconds = [_seconds(lambda: forecast(database, awake, start=OPENING, until=TERM.last)) for _ in range(DAYS)]
    database.dispose()
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
    return Measure(f"{name}: forecast of 100 policies, to the end of the term", median(seconds), 2, "s")


def _of_term(years: int) -> list[Measure]:
    """Live each example; the target is for four years."""
    span = Span(first=TERM.first, last=TERM.first.replace(year=TERM.first.year + years))
    target = years / 4
    lives = [Town(slug=slug, seed=1, span=span) for slug in examples()]
    seconds = [_seconds(partial(simulate, life)) for life in lives]
    return [
        Measure(f"simulate {life.slug}, {years} years", found, target, "s")
        for life, found in zip(lives, seconds, strict=True)
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _print(measures: Sequence[Measure]) -> None:
    table = Table("what", "measured", "target", "", title="What each step costs")
    for each in measures:
        shown, sign = (f"{each.found:.{0 if each.found >= 10 else 2}f} {each.unit}", "≥" if each.at_least else "≤")
        table.add_row(each.what, shown, f"{sign} {each.target:g} {each.unit}", "✓" if each.holds else "not reached")
    console = Console(width=max(100, Console().width))
    console.print(table)
    console.print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    sys.exit(main())
