"""The simulator itself: the same seed lives the same life, jumping misses nothing, and what breaks is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
import structlog.testing

from styrhjul.services.simulation.simulate import Span, Town, simulate
from styrhjul.services.simulation.world import examples
from tests.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: New terms, their goals and a follow-up; ./run faults lives four years.
FIRST_YEAR = Span(first=date(2026, 10, 15), last=date(2027, 5, 31))
ONE_WINTER = Span(first=date(2026, 10, 15), last=date(2027, 4, 30))


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """What goes wrong in there is meant to, and drawn in colours it takes longer than the life."""
    with structlog.testing.capture_logs():
        yield


@pytest.mark.parametrize("seed", range(20))
def test_everything_holds_whatever_goes_wrong(seed: int) -> None:
    lived = simulate(Town.numbered(0, seed, FIRST_YEAR, faults=True))
    assert lived.broken == ()
    assert (lived.missed, lived.duplicates) == (0, 0)
    assert lived.notices > 0


@pytest.mark.parametrize("seed", [40, 43, 116])
def test_a_clock_that_ran_days_ahead_and_was_set_right_loses_and_doubles_nothing(seed: int) -> None:
    """F-35."""
    lived = simulate(Town.numbered(0, seed, FIRST_YEAR, faults=True))
    assert [line for line in lived.trace if "clock accepted" in line] != []
    assert lived.broken == ()


def test_in_some_lives_a_body_takes_office_on_its_own_day_is_dissolved_or_gets_a_new_vice_chair() -> None:
    lives = [simulate(Town.numbered(0, seed, FIRST_YEAR, faults=False)) for seed in range(8)]
    told = " ".join(line for lived in lives for line in lived.trace)
    assert [words for words in ("takes office on", " dissolved", "/vice_chair ") if words not in told] == []
    assert [lived.broken for lived in lives if lived.broken] == []


@pytest.mark.parametrize("slug", examples())
def test_jumping_is_the_same_as_living_every_day(slug: str) -> None:
    jumped = simulate(Town(slug=slug, seed=7, span=ONE_WINTER))
    lived = simulate(Town(slug=slug, seed=7, span=ONE_WINTER, every_day=True))
    assert jumped.trace == lived.trace
    assert len(jumped.trace) > 10


def test_the_same_seed_lives_the_same_life() -> None:
    town = Town.numbered(0, 4, ONE_WINTER, faults=True)
    assert simulate(town) == simulate(town)


def test_another_process_lives_it_byte_for_byte(tmp_path: Path) -> None:
    """Neither the order of sets nor what was lived before may show."""
    traces = [_trace(tmp_path / f"{hash_seed}.txt", hash_seed) for hash_seed in ("1", "2")]
    assert traces[0] == traces[1]
    assert traces[0].count(b"\n") > 10


def test_another_seed_lives_another_life() -> None:
    one, other = (simulate(Town(slug="herrljunga", seed=seed, span=ONE_WINTER)) for seed in (1, 2))
    assert one.trace != other.trace


def test_municipalities_take_the_examples_in_turn() -> None:
    towns = [Town.numbered(number, 0, ONE_WINTER, faults=False) for number in range(4)]
    assert [town.slug for town in towns] == [*examples(), examples()[0]]


def _trace(file: Path, hash_seed: str) -> bytes:
    command = [sys.executable, "-m", "styrhjul", "simulate", "--from", "2026-10-15", "--until", "2027-04-30"]
    done = subprocess.run(
        [*command, "--seed", "4", "--faults", "--json", "--trace", file],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return file.read_bytes()
