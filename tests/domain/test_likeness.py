"""Texts are alike by their words, whatever stands between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.likeness import likeness, words_of

ROWS = st.lists(st.sampled_from(["ska", "bör", "nämnd", "mål", "varje", "år"]), max_size=12).map(tuple)


@pytest.mark.parametrize(
    "other", ["Varje  nämnd\nska", "varje nämnd ska", "\ufeffVarje nämnd\u00a0ska", "Varje nä-\n mnd ska"]
)
def test_spaces_capitals_and_cut_words_are_no_words(other: str) -> None:
    assert words_of(other) == words_of("Varje nämnd ska")


def test_a_hyphen_that_is_meant_stays() -> None:
    assert words_of("in-\noch utvandring") == ("in-", "och", "utvandring")


def test_every_word_counts() -> None:
    assert likeness(words_of("Varje nämnd ska"), words_of("Varje nämnd kan")) == pytest.approx(2 / 3)


@given(ROWS, ROWS)
def test_what_is_told_fast_is_what_the_whole_comparison_says(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    ratio = likeness(one, other)
    assert likeness(one, other, 0.95) == (ratio if ratio >= 0.95 else 0)
    assert (ratio == 1) == (one == other)


def test_the_same_word_over_and_over_is_not_put_in_order() -> None:
    """A hundred thousand dots: their order would take a quarter of an hour, and is not asked for."""
    dots = (".",) * 100_000
    assert 0.95 < likeness((*dots, "mål"), ("mål", *dots), 0.95) < 1  # only the same row is the same
    assert likeness((*dots, "mål"), ("plan", *dots), 0.95) == pytest.approx(1, abs=0.0001)
    assert likeness((*dots, "mål"), ("plan", *dots[:50_000]), 0.95) == 0
