"""The model of costs finds the costs behind measured days, and the year of many is so many times the year of one."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bench._year import STEPS, Day, Year
from bench.scale import POLICIES, fit, simulate

MONDAY = date(2027, 3, 1)
#: Seconds a notice and a mail, of which the days below are made.
COSTS = {"sweep": (0.0004, 0.0), "compose": (0.0002, 0.001), "deliver": (0.0, 0.0007)}


def _day(number: int, notices: int, mails: int) -> Day:
    seconds = {step: notices * notice + mails * mail for step, (notice, mail) in COSTS.items()}
    return Day(on=MONDAY + timedelta(days=number), notices=notices, mails=mails, seconds=seconds, server=0.0, clock=0.0)


YEAR = Year(
    municipalities=2, duties=2_000, days=[_day(0, 40, 2), _day(1, 400, 16), _day(2, 90, 60)], idle=0.001, grown=10**6
)


def test_the_costs_that_the_days_were_made_of_are_found_again() -> None:
    model = fit([YEAR])
    for step in STEPS:
        assert (model.steps[step].notice, model.steps[step].mail) == pytest.approx(COSTS[step], abs=1e-9)
        assert model.steps[step].explained == pytest.approx(1)
    assert model.ours.explained == pytest.approx(1)


def test_what_is_the_same_every_day_is_fitted_to_nothing_and_what_has_no_reason_is_explained_by_little() -> None:
    uneven = [replace(day, clock=clock) for day, clock in zip(YEAR.days, (5.0, 1.0, 5.0), strict=True)]
    model = fit([replace(YEAR, days=uneven)])
    assert model.server.explained is None
    assert model.clock.explained is not None
    assert model.clock.explained < 0.5


def test_by_itself_the_bench_measures_enough_sizes_to_see_whether_a_cost_stays_the_same() -> None:
    assert len(POLICIES) >= 4


def test_no_step_costs_less_than_nothing() -> None:
    costs = fit([Year(municipalities=1, duties=1, days=[_day(0, 100, 1), _day(1, 10, 9)], idle=0.0, grown=0)]).steps
    assert all(cost.notice >= 0 and cost.mail >= 0 for cost in costs.values())


@pytest.mark.parametrize("apart", [0, 10])
def test_ten_million_duties_make_as_many_mails_as_so_many_municipalities(apart: int) -> None:
    load = simulate(YEAR, 10_000_000, apart=apart)
    assert sum(load.mails.values()) == 5_000 * 78
    assert sum(load.notices.values()) == 5_000 * 530


def test_meetings_on_different_days_take_the_top_off_the_worst_day() -> None:
    together, apart = simulate(YEAR, 10_000_000, apart=0), simulate(YEAR, 10_000_000, apart=10)
    assert together.notices[together.peak] == 5_000 * 400
    assert apart.notices[apart.peak] < together.notices[together.peak] / 5


@pytest.mark.timeout(300)
def test_the_bench_plays_a_year_and_says_what_breaks_first() -> None:
    command = [
        sys.executable,
        "-m",
        "bench.scale",
        "--policies",
        "1",
        "2",
        "--days",
        "30",
        "--duties",
        "4000",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert all(report["microseconds"][step]["a notice"] + report["microseconds"][step]["a mail"] > 0 for step in STEPS)
    assert all("explained" in cost for cost in report["microseconds"].values())
    assert [size["duties"] for size in report["measured"]] == [16, 32]
    assert all(duties > 0 for duties in report["breaks_at"].values())
