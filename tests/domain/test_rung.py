"""A rung that a municipality repeats is known by its own key, and by the declared one behind it."""

from __future__ import annotations

import pytest

from styrhjul.domain.rung import repeat_key, repeat_of
from workflows import LIFECYCLES

DECLARED = sorted({rung.key for lifecycle in LIFECYCLES.values() for rung in lifecycle.ladder})


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("number", [1, 2, 12])
def test_a_repeated_rung_leads_back_to_the_declared_one(declared: str, number: int) -> None:
    assert repeat_of(repeat_key(declared, number)) == (declared, number)


def test_the_first_time_has_the_declared_key() -> None:
    assert repeat_key("reminder", 1) == "reminder"
    assert repeat_of("last_reminder") == ("last_reminder", 1)
