"""Invented policies in random layouts, and some written by hand in others: what they state is read, and no more."""

from __future__ import annotations

import pytest

from bench._document_score import Score
from bench._policies import Policy, policies, policy
from styrhjul.documents import decode, read_policy
from styrhjul.domain.vocabulary import Confidence
from tests.documents.labelled import UNSEEN, Labelled, metadata_differences

COUNT = 120


@pytest.fixture(scope="module")
def score() -> Score:
    found = Score()
    for one in policies(COUNT, seed=6):
        found.note(one.name, one.label, read_policy(decode(one.data, f"{one.name}.txt")))
    return found


def test_ninety_eight_fields_of_a_hundred_are_as_labelled_each_kind_for_itself(score: Score) -> None:
    below = {name: right / COUNT for name, right in score.as_labelled.items() if right < 0.98 * COUNT}
    assert below == {}, score.mistakes


def test_days_that_contradict_each_other_are_told_and_no_others(score: Score) -> None:
    assert score.conflicts.wanted > 0
    assert score.conflicts.right == score.conflicts.wanted == score.conflicts.read


def test_nine_lifecycle_duties_of_ten_are_found_and_none_is_weaker_than_the_text(score: Score) -> None:
    assert score.lifecycle.precision >= 0.9
    assert score.lifecycle.recall >= 0.9
    assert score.weaker == 0


def test_a_high_confidence_is_right_nine_times_of_ten(score: Score) -> None:
    assert score.confidence[Confidence.HIGH].precision >= 0.9


def test_the_same_seed_invents_the_same_policy() -> None:
    first, second = list(policies(12, seed=3))[11], policy("03_0011")
    assert (first.data, first.label) == (second.data, second.label)
    assert first.data != policy("04_0011").data


@pytest.mark.parametrize("one", list(policies(20, seed=8)), ids=lambda one: one.name)
def test_a_label_quotes_its_text(one: Policy) -> None:
    assert one.label["duties"]
    assert all(duty["quote"] in one.text for duty in one.label["duties"])


@pytest.mark.parametrize("labelled", UNSEEN, ids=lambda one: one.name)
def test_every_metadata_field_of_a_document_of_another_hand_is_as_labelled(labelled: Labelled) -> None:
    assert metadata_differences(labelled, labelled.read()) == {}


def test_the_documents_of_another_hand_are_there() -> None:
    assert len(UNSEEN) == 155


def test_next_to_no_lifecycle_duty_of_another_hand_is_lost_or_invented_and_none_is_weaker() -> None:
    found = Score()
    for one in UNSEEN:
        found.note(one.name, one.label, one.read())
    assert found.lifecycle.precision >= 0.98, found.mistakes
    assert found.lifecycle.recall >= 0.98, found.mistakes
    assert found.weaker == 0
