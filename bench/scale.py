"""What breaks first, and at how many duties: a cost model fitted to measured years, and ten million duties lived by it.

`./run bench scale` plays a year of municipalities with few policies and with many through the real services on
PostgreSQL, fits what a notice and a mail cost each step, and lives the same year for many thousand municipalities in
numbers. docs/scale.md says what it means.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from bench._scale_plot import draw_year
from bench._year import STEPS, Day, Year, live_a_year
from styrhjul.domain.calendar import add_working_days

#: Measured: from mails that say one to five things to mails that say a hundred. The last is the one that many live. The
#: sizes between tell whether a cost is the same for few and for many, which two sizes cannot.
POLICIES = (5, 20, 50, 125)
#: Sweden, a million, ten, and about 90 000 municipalities of the EU with a thousand each.
SIZES = (290_000, 1_000_000, 10_000_000, 90_000_000)
#: Committees do not meet on the same day everywhere: so many working days before or after.
APART = 10
SEED = 2027
#: A working day, in which everything that is due should have left.
WORKING_DAY = 8 * 3600
#: What one machine has: the program's own and the database's.
PROCESSORS, SERVER_PROCESSORS = 2, 16
#: A disk's worth, in bytes: what a year may add before somebody must act.
DISK = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds for each notice and each mail.

    `explained` is the part of the days' differences that they explain (R²); None where the days do not differ.
    """

    notice: float
    mail: float
    explained: float | None = None

    def of(self, notices: int, mails: int) -> float:
        """Return the seconds of so many."""
        return self.notice * notices + self.mail * mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What things cost: each of our steps and the database's server in processor seconds; bytes a duty and year.

    `clock` is one process of ours by the clock: its own work and what it waits for. `ours` is all steps together.
    """

    steps: dict[str, Cost]
    ours: Cost
    server: Cost
    clock: Cost
    idle: float
    bytes_a_duty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A year of many municipalities: what leaves each day."""

    duties: int
    notices: Counter[date]
    mails: Counter[date]

    @property
    def peak(self) -> date:
        """The day with most notices."""
        return max(self.notices, key=self.notices.__getitem__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, fit, simulate and print."""
    options = _options(arguments)
    years = [live_a_year(policies, options.days) for policies in sorted(options.policies)]
    year, model = years[-1], fit(years)
    loads = {duties: simulate(year, duties, apart=APART) for duties in options.duties}
    together = {duties: simulate(year, duties, apart=0) for duties in options.duties}
    report = _report(model, loads, together) | {
        "measured": [_size(each) for each in years],
        "load": round(os.getloadavg()[0], 2),
    }
    if options.plot:
        largest = max(loads)
        options.plot.write_text(draw_year(loads[largest].mails, together[largest].mails, duties=largest))
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        _print(report, Console(width=max(112, Console().width)))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench scale", description=__doc__)
    parser.add_argument("--policies", type=int, nargs="+", default=POLICIES, help="of the municipalities measured")
    parser.add_argument("--days", type=int, default=365, help="to play of the year: fewer for a try")
    parser.add_argument("--duties", type=int, nargs="+", default=SIZES, metavar="N", help="how many to live a year for")
    parser.add_argument("--plot", type=Path, help="write the year of the largest as SVG")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(arguments)


# -- the model ---------------------------------------------------------------------------------------------------------


def fit(years: Sequence[Year]) -> Model:
    """Return the costs that come nearest to all measured days, by least squares; none is below nothing.

    What a duty takes on the disk, and what an idle day costs, is the last year's.
    """
    days, year = [day for year in years for day in year.days], years[-1]
    steps = {step: _fitted(days, _seconds_of(step)) for step in STEPS}
    together = Cost(notice=sum(each.notice for each in steps.values()), mail=sum(each.mail for each in steps.values()))
    return Model(
        steps=steps,
        ours=_judged(together, days, lambda day: sum(day.seconds.values())),
        server=_fitted(days, lambda day: day.server),
        clock=_fitted(days, lambda day: day.clock),
        idle=year.idle,
        bytes_a_duty=year.grown / year.duties,
    )


def _seconds_of(step: str) -> Callable[[Day], float]:
    return lambda day: day.seconds[step]


def _fitted(days: Sequence[Day], wanted: Callable[[Day], float]) -> Cost:
    return _judged(_nearest(days, wanted), days, wanted)


def _nearest(days: Sequence[Day], wanted: Callable[[Day], float]) -> Cost:
    """Solve the normal equations of two unknowns; where one would be negative the other takes all."""
    nn = nm = mm = nw = mw = 0.0
    for day in days:
        n, m, w = day.notices, day.mails, wanted(day)
        nn, nm, mm, nw, mw = nn + n * n, nm + n * m, mm + m * m, nw + n * w, mw + m * w
    whole = nn * mm - nm * nm
    notice, mail = ((nw * mm - mw * nm) / whole, (mw * nn - nw * nm) / whole) if whole else (nw / nn, 0.0)
    if mail < 0:
        return Cost(notice=nw / nn, mail=0.0)
    if notice < 0:
        return Cost(notice=0.0, mail=mw / mm)
    return Cost(notice=notice, mail=mail)


def _judged(cost: Cost, days: Sequence[Day], wanted: Callable[[Day], float]) -> Cost:
    measured = [wanted(day) for day in days]
    middle = sum(measured) / len(measured)
    differ = sum((each - middle) ** 2 for each in measured)
    missed = sum((each - cost.of(day.notices, day.mails)) ** 2 for each, day in zip(measured, days, strict=True))
    return replace(cost, explained=1 - missed / differ if differ else None)


# -- the year of many --------------------------------------------------------------------------------------------------


def simulate(year: Year, duties: int, *, apart: int, seed: int = SEED) -> Load:
    """Let so many duties live the measured year, each two municipalities up to `apart` working days before or after it.

    `apart` 0 lets all of them do everything on the same day. The same seed gives the same year.
    """
    chance = Random(seed)
    groups = Counter(chance.randint(-apart, apart) for _ in range(max(1, duties // year.duties)))
    notices, mails = Counter[date](), Counter[date]()
    for day in year.days:
        for moved, count in groups.items():
            on = _moved(day.on, moved)
            notices[on] += day.notices * count
            mails[on] += day.mails * count
    return Load(duties=duties, notices=notices, mails=mails)


@cache
def _moved(on: date, days: int) -> date:
    return add_working_days(on, days) if days else on


# -- what it means -----------------------------------------------------------------------------------------------------


def _report(model: Model, loads: dict[int, Load], together: dict[int, Load]) -> dict[str, Any]:
    return {
        "microseconds": {
            name: {
                "a notice": round(cost.notice * 1e6, 1),
                "a mail": round(cost.mail * 1e6, 1),
                "explained": None if cost.explained is None else round(cost.explained, 3),
            }
            for name, cost in {
                **model.steps,
                "all steps": model.ours,
                "the server": model.server,
                "one process, by the clock": model.clock,
            }.items()
        },
        "idle_milliseconds_a_pulse": round(model.idle * 1e3, 2),
        "kilobytes_a_duty_and_year": round(model.bytes_a_duty / 1e3, 1),
        "sizes": [
            {
                "duties": duties,
                "mails_a_year": sum(load.mails.values()),
                "terabytes_a_year": round(model.bytes_a_duty * duties / 1e12, 3),
                "meetings_apart": _peak(model, load),
                "all_on_one_day": _peak(model, together[duties]),
            }
            for duties, load in loads.items()
        ],
        "breaks_at": _breaks_at(model, max(together.values(), key=lambda load: load.duties)),
    }


def _size(year: Year) -> dict[str, Any]:
    """Return what no cost is fitted to, of one measured size: whether it is the same for all is seen, not assumed."""
    return {
        "duties": year.duties,
        "days": len(year.days),
        "idle_milliseconds_a_pulse": round(year.idle * 1e3, 2),
        "kilobytes_a_duty_and_year": round(year.grown / year.duties / 1e3, 1),
    }


def _peak(model: Model, load: Load) -> dict[str, Any]:
    notices, mails = load.notices[load.peak], load.mails[load.peak]
    ours, server = model.ours.of(notices, mails), model.server.of(notices, mails)
    return {
        "on": load.peak.isoformat(),
        "notices": notices,
        "mails": mails,
        "our_processor_hours": round(ours / 3600, 2),
        "server_processor_hours": round(server / 3600, 2),
        "machines": max(1, -(-int(model.clock.of(notices, mails)) // (WORKING_DAY * PROCESSORS))),
    }


def _breaks_at(model: Model, load: Load) -> dict[str, int]:
    """Return how many duties each thing carries on the worst day of such a year, everything else given."""
    notices, mails = load.notices[load.peak] / load.duties, load.mails[load.peak] / load.duties
    ours = model.clock.notice * notices + model.clock.mail * mails
    server = model.server.notice * notices + model.server.mail * mails
    return {
        f"one machine of {PROCESSORS} processors, a process on each": round(WORKING_DAY * PROCESSORS / ours),
        f"one server of {SERVER_PROCESSORS} processors for PostgreSQL": round(WORKING_DAY * SERVER_PROCESSORS / server),
        "a terabyte a year of mails, answers and journal": round(DISK / model.bytes_a_duty),
    }


def _print(report: dict[str, Any], console: Console) -> None:
    _print_model(report, console)
    years = Table("duties", title="The worst day of a year")
    for heading in ("meetings", "notices", "mails", "our processors", "the server's", "machines", "a year adds"):
        years.add_column(heading, justify="right")
    for size in report["sizes"]:
        for name in ("meetings_apart", "all_on_one_day"):
            peak = size[name]
            years.add_row(
                f"{size['duties']:,}",
                name.replace("_", " ").removeprefix("meetings "),
                f"{peak['notices']:,}",
                f"{peak['mails']:,}",
                f"{peak['our_processor_hours']:,.2f} h",
                f"{peak['server_processor_hours']:,.2f} h",
                f"{peak['machines']:,}",
                f"{size['terabytes_a_year']:,.2f} TB",
            )
    console.print(years)
    for what, duties in report["breaks_at"].items():
        console.print(f"{what}: enough for {duties:,} duties on the worst day")
    console.print(f"load average {report['load']}")


def _print_model(report: dict[str, Any], console: Console) -> None:
    costs = Table("step", title="Processor time, fitted to the measured days")
    for heading in ("a notice", "a mail", "explained (R²)"):
        costs.add_column(heading, justify="right")
    for name, cost in report["microseconds"].items():
        told = "no fit" if cost["explained"] is None else f"{cost['explained']:.3f}"
        costs.add_row(name, *(f"{cost[each]:,.0f} µs" for each in ("a notice", "a mail")), told)
    sizes = Table("duties", title="Measured; the two last are fitted to nothing, the largest size's are taken")
    for heading in ("days with mail", "an idle pulse", "a duty and year"):
        sizes.add_column(heading, justify="right")
    for each in report["measured"]:
        idle, grown = each["idle_milliseconds_a_pulse"], each["kilobytes_a_duty_and_year"]
        sizes.add_row(f"{each['duties']:,}", f"{each['days']:,}", f"{idle} ms", f"{grown:,.1f} kB")
    console.print(costs, sizes)


if __name__ == "__main__":
    sys.exit(main())
