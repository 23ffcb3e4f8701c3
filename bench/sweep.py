"""Does a sweep cost what is due, not what exists? The same due cases among few and many others, in one run.

`./run bench sweep` fills databases of each size, sweeps them in turn day by day through the real service, and fails
when the largest takes more than 1.5 × as long as the smallest. What the figures mean stands in docs/speed.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bench._filled import COMMITTEES, Shape, copy_municipality, open_templates, tidy, waking_days
from bench._naive import naive_sweep
from bench._place import KINDS, Place, place_of
from styrhjul.db.migrate import upgrade
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_moment
from styrhjul.services.cases.sweep import run_sweep
from workflows import LIFECYCLES
from workflows.goal_setting import GOAL_SETTING

LIMIT = 1.5
SIZES = (10_000, 100_000, 1_000_000)
DUE = 1_000
POLICIES = 125
#: The naive way is measured up to here and extrapolated beyond.
NAIVE_UP_TO = 100_000
IDLE_PULSES = 10
#: A connection that has ended is added to PostgreSQL's figures within so many seconds.
_UNTIL_COUNTED = 1.5
TABLE_WIDTH = 112
_TEMPLATE = "template"

progress = Console(stderr=True)


@dataclass(kw_only=True)
class Size:
    """One database and what was measured in it; seconds throughout."""

    cases: int
    municipalities: int
    database: Database
    name: str
    fill: float
    megabytes: float
    sweeps: list[float] = field(default_factory=list)
    pulses: list[float] = field(default_factory=list)
    #: What a pulse with nothing due takes the server itself, in seconds; None where the database is no server.
    server: float | None = None
    naive: float = 0.0

    @property
    def sweep(self) -> float:
        """The median sweep."""
        return median(self.sweeps)

    @property
    def is_small(self) -> bool:
        """Whether the naive way is measured here; elsewhere it is extrapolated."""
        return self.cases <= 1.1 * NAIVE_UP_TO

    def as_json(self, due: int) -> dict[str, Any]:
        """Return the figures, rounded to what they are worth."""
        return {
            "cases": self.cases,
            "municipalities": self.municipalities,
            "fill_seconds": round(self.fill, 1),
            "megabytes": round(self.megabytes),
            "sweep_seconds": round(self.sweep, 4),
            "sweep_seconds_each": [round(each, 4) for each in self.sweeps],
            "microseconds_per_due_case": round(self.sweep / due * 1e6),
            "idle_pulse_milliseconds": round(median(self.pulses) * 1e3, 2),
            "idle_pulse_server_milliseconds": None if self.server is None else round(self.server * 1e3, 2),
            "naive_seconds": round(self.naive, 2),
            "naive_is_extrapolated": not self.is_small,
            "naive_ratio": round(self.naive / self.sweep, 1),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a ratio is above the limit; one size alone is compared with nothing."""
    options = _options(arguments)
    shape = _shape(options)
    load_before = os.getloadavg()[0]
    kinds = KINDS if options.database == "both" else (options.database,)
    measured = {kind: measure(kind, shape, options) for kind in kinds}
    report = report_of(measured, shape)
    report["load_before"], report["load_after"] = round(load_before, 2), round(os.getloadavg()[0], 2)
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        _print(report, Console(width=max(TABLE_WIDTH, Console().width)))
    return 1 if report["within_limit"] is False else 0


def measure(kind: str, shape: Shape, options: argparse.Namespace) -> list[Size]:
    """Return what was measured in each size of one kind of database, smallest first."""
    with place_of(kind) as place:
        days, sources = _prepare(place, shape)
        sizes = [_fill(place, cases, shape, sources) for cases in options.sizes]
        try:
            warm_up, *measured, naive_day = days[: options.repeat + 2]
            _sweep_in_turn(sizes, shape, warm_up)
            for size in sizes:
                size.sweeps.clear()
                size.pulses.clear()
            for day in measured:
                _sweep_in_turn(sizes, shape, day)
                sizes.reverse()  # so that none always comes after another
            for size in sizes:
                _ask_the_server(size, measured[-1])
            _sweep_naively(sizes, shape, naive_day)
        finally:
            for size in sizes:
                size.database.dispose()
        return sorted(sizes, key=lambda size: size.cases)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench sweep", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="open cases per database")
    parser.add_argument("--repeat", type=int, choices=(1, 2, 3, 4, 5), default=5, help="measured sweeps per database")
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--policies", type=int, help="per municipality: fewer spread what is due over more of them")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    options.sizes = sorted(set(options.sizes))
    return options


def _shape(options: argparse.Namespace) -> Shape:
    """Lay out the databases so that a tenth of the smallest is due each day, a thousand at most."""
    smallest = options.sizes[0]
    due = min(DUE, smallest // 10)
    policies = options.policies or max(1, min(POLICIES, smallest // (10 * len(COMMITTEES))))
    return Shape(policies=policies, awake=max(1, due // policies))


def _prepare(place: Place, shape: Shape) -> tuple[list[date], tuple[str, str]]:
    url = place.create(_TEMPLATE)
    upgrade(url)
    database = Database(url)
    sources = open_templates(database, shape)
    days = waking_days(database, sources[0], shape)
    database.dispose()
    return days, sources


def _fill(place: Place, cases: int, shape: Shape, sources: tuple[str, str]) -> Size:
    awake, quiet = sources
    municipalities = shape.municipalities(cases)
    began = time.perf_counter()
    name = f"cases_{cases}"
    url = place.create(name, _TEMPLATE)
    copy_municipality(url, awake, shape.awake - 1)
    copy_municipality(url, quiet, municipalities - shape.awake - 1)
    database = Database(url)
    tidy(database)
    size = Size(
        cases=municipalities * shape.cases,
        municipalities=municipalities,
        database=database,
        name=name,
        fill=time.perf_counter() - began,
        megabytes=place.megabytes(name),
    )
    progress.print(f"{url.split(':')[0]}: {size.cases:,} cases, {size.megabytes:,.0f} MB, {size.fill:.0f} s to fill")
    return size


def _sweep_in_turn(sizes: list[Size], shape: Shape, day: date) -> None:
    now = _nine(day)
    for size in sizes:
        seconds, report = _timed(partial(run_sweep, size.database, GOAL_SETTING, now))
        if (report.woken, report.notices) != (shape.due, 2 * shape.due):
            raise LookupError(f"{report} where {shape.due} cases were due")
        size.sweeps.append(seconds)
        for _ in range(IDLE_PULSES):
            size.pulses.append(_timed(partial(_pulse, size.database, now))[0])


def _pulse(database: Database, now: datetime) -> None:
    for lifecycle in LIFECYCLES.values():
        run_sweep(database, lifecycle, now)


def _ask_the_server(size: Size, day: date) -> None:
    """Let PostgreSQL count its own time of pulses with nothing due; it adds up what a connection did when that ends."""
    if size.database.is_sqlite:
        return
    before = _active(size.database)
    for _ in range(IDLE_PULSES):
        _pulse(size.database, _nine(day))
    size.server = (_active(size.database) - before) / IDLE_PULSES


def _active(database: Database) -> float:
    database.dispose()
    time.sleep(_UNTIL_COUNTED)
    with database.system(read_only=True) as session:
        asked = text("SELECT active_time FROM pg_stat_database WHERE datname = current_database()")
        return float(session.scalar(asked) or 0) / 1e3


def _sweep_naively(sizes: list[Size], shape: Shape, day: date) -> None:
    seconds_per_case = 0.0
    for size in sorted(sizes, key=lambda size: size.cases):
        if not size.is_small:
            size.naive = seconds_per_case * size.cases
            continue
        size.naive, notices = _timed(partial(naive_sweep, size.database, GOAL_SETTING, _nine(day)))
        if notices != 2 * shape.due:
            raise LookupError(f"the naive sweep wrote {notices} notices")
        seconds_per_case = size.naive / size.cases


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _nine(day: date) -> datetime:
    return local_moment(day) + timedelta(hours=1)


def report_of(measured: dict[str, list[Size]], shape: Shape) -> dict[str, Any]:
    """Return the figures, and whether the largest is within the limit of the smallest; None of one size alone."""
    ratios = {
        kind: round(sizes[-1].sweep / sizes[0].sweep, 2) if len(sizes) > 1 else None for kind, sizes in measured.items()
    }
    judged = [ratio for ratio in ratios.values() if ratio is not None]
    return {
        "due": shape.due,
        "in_municipalities": shape.awake,
        "cases_per_municipality": shape.cases,
        "limit": LIMIT,
        "within_limit": max(judged) <= LIMIT if judged else None,
        "databases": {
            kind: {"ratio": ratios[kind], "sizes": [size.as_json(shape.due) for size in sizes]}
            for kind, sizes in measured.items()
        },
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }


def _print(report: dict[str, Any], console: Console) -> None:
    title = f"A sweep of {report['due']:,} due cases in {report['in_municipalities']} municipalities"
    table = Table("database", title=title)
    for heading in (
        "open cases",
        "sweep",
        "least-most",
        "per due case",
        "nothing due",
        "the server's",
        "naive",
        "naive / sweep",
    ):
        table.add_column(heading, justify="right")
    for kind, database in report["databases"].items():
        for size in database["sizes"]:
            each = size["sweep_seconds_each"]
            table.add_row(
                kind,
                f"{size['cases']:,}",
                f"{size['sweep_seconds'] * 1e3:.0f} ms",
                f"{min(each) * 1e3:.0f}-{max(each) * 1e3:.0f}",
                f"{size['microseconds_per_due_case']} µs",
                f"{size['idle_pulse_milliseconds']:.1f} ms",
                "" if (server := size["idle_pulse_server_milliseconds"]) is None else f"{server:.2f} ms",
                f"{'≈ ' if size['naive_is_extrapolated'] else ''}{size['naive_seconds']:,.1f} s",
                f"{size['naive_ratio']:,.0f}",
            )
        table.add_section()
    console.print(table)
    for kind, database in report["databases"].items():
        if database["ratio"] is None:
            console.print(f"{kind}: one size is compared with nothing. Name two: --sizes 10000 100000")
            continue
        verdict = "within" if database["ratio"] <= report["limit"] else "ABOVE"
        console.print(f"{kind}: largest / smallest = {database['ratio']:.2f}, {verdict} the limit {report['limit']}")
    console.print(f"load average {report['load_before']} before, {report['load_after']} after")


if __name__ == "__main__":
    sys.exit(main())
