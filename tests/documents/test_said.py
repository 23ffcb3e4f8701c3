"""The sentences of the tables, scored: nothing softened, nothing invented, little missed, and certainty that holds."""

from __future__ import annotations

import pytest

from styrhjul.domain.vocabulary import Confidence
from tests.documents.said import Said, Score, differences, load, pair, score

CASES = load()
#: The share of right proposals that a degree of certainty promises at least.
WORTH = {Confidence.HIGH: 0.97, Confidence.MEDIUM: 0.85}


@pytest.fixture(scope="module")
def total() -> Score:
    return score(CASES)


def test_there_are_sentences_enough_to_count() -> None:
    assert len(CASES) >= 250
    assert {said.table for said in CASES} >= {"modality", "recurrence", "grammar", "distractors", "sections"}


def test_no_sentence_is_read_as_asking_less_than_it_says(total: Score) -> None:
    assert total.softened == []


def test_nothing_that_only_sounds_like_a_duty_is_reported(total: Score) -> None:
    assert total.distractors == []


def test_every_lifecycle_duty_is_found_and_none_is_surely_invented(total: Score) -> None:
    """The sentences are known by now: a rule that loses one is seen. What is unknown is measured by the bench."""
    assert total.missed == []
    assert [line for line in total.invented if "/low: " not in line] == []
    assert total.precision >= 0.95


@pytest.mark.parametrize("degree", [Confidence.HIGH, Confidence.MEDIUM], ids=str)
def test_a_degree_of_certainty_is_worth_what_it_says(total: Score, degree: Confidence) -> None:
    right, wrong = total.judged[degree, True], total.judged[degree, False]
    assert right / (right + wrong) >= WORTH[degree]


def test_who_when_and_how_many_are_as_the_sentence_says() -> None:
    pairs = [(wanted, duty) for said in CASES for wanted, duty in pair(said) if duty is not None]
    assert [wrong for wanted, duty in pairs if (wrong := differences(wanted, duty))] == []


def test_every_reason_tells_whom_and_how_surely_as_the_duty_stands() -> None:
    """A second look, a row and a sentence nearby change actor and certainty after a rule has seen the duty."""
    found = [duty for said in CASES for duty in said.found]
    assert {duty.confidence for duty in found} == set(Confidence)
    for duty in found:
        assert ("Aktör:" in duty.reason) == (duty.actor is not None)
        who = f" Aktör: ”{duty.actor}”." if duty.actor else ""
        doubt = {Confidence.HIGH: "", Confidence.MEDIUM: " Regeln är ganska säker", Confidence.LOW: " Regeln är osäker"}
        assert f"{who}{doubt[duty.confidence]}" in duty.reason
        assert ("Regeln är" in duty.reason) == (duty.confidence is not Confidence.HIGH)


@pytest.mark.parametrize("said", CASES, ids=lambda one: " ".join(one.case["text"].split())[:40])
def test_every_quote_stands_in_the_text_and_says_why(said: Said) -> None:
    for duty in said.found:
        assert said.text[duty.start : duty.end] == duty.quote
        assert "”" in duty.reason or "Meningen står i presens" in duty.reason
