"""A thousand lives of four years each, with everything going wrong that can: nothing may break. ./run faults."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.services.simulate import Span, Town, simulate

ONE_TERM = Span(first=date(2026, 10, 15), last=date(2030, 10, 14))
SEEDS, AT_A_TIME = 1000, 20


@pytest.mark.faults
@pytest.mark.parametrize("first", range(0, SEEDS, AT_A_TIME))
def test_a_whole_term_holds(first: int) -> None:
    towns = [Town.numbered(0, seed, ONE_TERM, faults=True) for seed in range(first, first + AT_A_TIME)]
    assert [(town.seed, lived.broken) for town in towns if (lived := simulate(town)).broken] == []
