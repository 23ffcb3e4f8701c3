"""A thousand lives of four years each, with everything going wrong that can: nothing may break.

Part of ./run faults; alone, with the lives counted as they pass: ./run faults tests/faults/test_simulate_seeds.py.
STYRHJUL_SEEDS=200-399 lives only those.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import pytest

from config.logging import configure_logging
from styrhjul.services.simulation.simulate import Span, Town, simulate

ONE_TERM = Span(first=date(2026, 10, 15), last=date(2030, 10, 14))
FIRST, LAST = map(int, os.environ.get("STYRHJUL_SEEDS", "0-999").split("-"))
AT_A_TIME, WORKERS = 5, 2
#: So many are enough to work on.
MOST_BROKEN = 10


def broken_in(seeds: range) -> list[tuple[int, tuple[str, ...]]]:
    """What did not hold in some lives, by seed; for a process of its own."""
    configure_logging("CRITICAL")  # what goes wrong in there is meant to
    towns = [Town.numbered(0, seed, ONE_TERM, faults=True) for seed in seeds]
    return [(town.seed, lived.broken) for town in towns if (lived := simulate(town)).broken]


@pytest.mark.faults
@pytest.mark.timeout(6 * 3600)
def test_a_whole_term_holds_whatever_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    chunks = [range(first, min(first + AT_A_TIME, LAST + 1)) for first in range(FIRST, LAST + 1, AT_A_TIME)]
    broken: list[tuple[int, tuple[str, ...]]] = []
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for chunk, found in zip(chunks, pool.map(broken_in, chunks), strict=True):
            broken += found
            with capsys.disabled():
                print(f"\r{chunk.stop - FIRST} of {LAST - FIRST + 1} lives", end="", file=sys.stderr)  # noqa: T201
            if len(broken) >= MOST_BROKEN:
                pool.shutdown(cancel_futures=True)
                break
    assert broken == []
