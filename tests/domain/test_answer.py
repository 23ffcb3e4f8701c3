"""What makes an answer complete, and the words for what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.answer import (
    Answer,
    Attainment,
    Better,
    Decider,
    Demand,
    FollowUpAnswer,
    GoalsAnswer,
    GoalText,
    Judgement,
    Outcome,
    RevisionAnswer,
    Trend,
    event_of,
    goal_bounds,
    goes_well,
    is_sent_back,
    stands,
)
from styrhjul.domain.completeness import validate
from styrhjul.domain.lifecycle import ANSWERED_STATES, AWAITED_STATES, FINAL_STATES, Event, State
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.domain.written import LONG, SHORT, faults_in, is_paragraph, paragraph_number, tidy

TODAY = date(2027, 3, 10)
HERRLJUNGA = Demand(asked=LifecycleKey.GOAL_SETTING, body="nämnden", goal_min=1, goal_max=2)
GOAL = GoalText(text="Fler ska kunna påverka det stöd de får.")
GOALS = GoalsAnswer(goals=(GOAL,), signed_by="Anna Exempel")
JUDGED = FollowUpAnswer(
    judgements=(Judgement(goal_id=None, attainment=Attainment.MET, analysis="Det gick som tänkt."),), signed_by="Anna"
)
KEPT = RevisionAnswer(
    outcome=Outcome.UNCHANGED, comment="Den håller.", signed_by="Anna", decided_on=TODAY, decided_by="kf"
)
FOLLOW_UP = Demand(asked=LifecycleKey.FOLLOW_UP, body="nämnden")
COUNCIL = Decider(key="kf", name="Kommunfullmäktige", kind=BodyKind.COUNCIL)
BOARD = Decider(key="ks", name="Kommunstyrelsen", kind=BodyKind.EXECUTIVE_BOARD)
COMMITTEE = Decider(key="sn", name="Socialnämnden", kind=BodyKind.COMMITTEE)
OFFICIAL = Decider(key="official", name="En tjänsteperson", kind=BodyKind.ADMINISTRATION)
EDITION = "Integrationspolicy, Kommunfullmäktige 2017-11-14"


def adopted_by(adopter: Decider) -> Demand:
    deciders = tuple(replace(each, is_adopter=each is adopter) for each in (COUNCIL, BOARD, COMMITTEE, OFFICIAL))
    return Demand(asked=LifecycleKey.REVISION, body="fullmäktige", deciders=deciders, editions=(EDITION,))


REVISION = adopted_by(COUNCIL)


def fields(answer: Answer, demand: Demand = HERRLJUNGA) -> list[str]:
    return [error.field for error in validate(answer, demand, TODAY)]


@pytest.mark.parametrize(("count", "wrong"), [(0, True), (1, False), (2, False), (3, True)])
def test_herrljunga_asks_for_one_or_two_goals(count: int, wrong: bool) -> None:
    assert bool(fields(replace(GOALS, goals=(GOAL,) * count))) is wrong


def test_an_empty_form_names_the_first_field_in_words() -> None:
    errors = validate(replace(GOALS, goals=(GoalText(text=""),)), HERRLJUNGA, TODAY)
    assert [(error.field, error.message) for error in errors] == [("goals-0-text", "Skriv vad nämnden vill uppnå")]


def test_a_third_goal_is_refused_where_it_stands() -> None:
    assert fields(replace(GOALS, goals=(GOAL, GoalText(text=""), GOAL, GOAL))) == ["goals-3-text"]


def test_a_goal_with_only_an_indicator_asks_for_its_text() -> None:
    assert fields(replace(GOALS, goals=(GOAL, GoalText(text="", indicator="Enkäten")))) == ["goals-1-text"]


def test_a_decision_without_its_paragraph_is_complete() -> None:
    assert fields(replace(GOALS, decided_on=TODAY)) == []


def test_a_paragraph_without_a_day_asks_for_the_day() -> None:
    assert fields(replace(GOALS, paragraph="82")) == ["decided_on"]


def test_a_decision_cannot_lie_in_the_future() -> None:
    assert fields(replace(GOALS, decided_on=date(2027, 3, 11))) == ["decided_on"]


@pytest.mark.parametrize("name", ["", "  ", "123", "\u202eanna", "a" * (SHORT + 1), "Anna\nBcc: x"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    assert fields(replace(GOALS, signed_by=name)) == ["signed_by"]


def test_a_follow_up_needs_a_choice_and_a_reason() -> None:
    empty = Judgement(goal_id=None, attainment=None, analysis=" ")
    answer = replace(JUDGED, judgements=(empty,))
    assert fields(answer, FOLLOW_UP) == ["judgements-0-attainment", "judgements-0-analysis"]


def test_a_follow_up_of_other_goals_than_the_present_ones_is_refused() -> None:
    assert fields(JUDGED, replace(FOLLOW_UP, goal_ids=("a", "b"))) == ["judgements-0-attainment"]


@pytest.mark.parametrize("outcome", [Outcome.UNCHANGED, Outcome.REPEAL])
def test_keeping_or_repealing_needs_a_decision(outcome: Outcome) -> None:
    undecided = replace(KEPT, outcome=outcome, decided_on=None)
    assert [error.message for error in validate(undecided, REVISION, TODAY)] == ["Skriv vilken dag beslutet fattades"]


def test_a_revision_without_a_decision_is_only_begun() -> None:
    begun = replace(KEPT, outcome=Outcome.REVISE, decided_on=None, decided_by=None)
    assert fields(begun, REVISION) == []
    assert event_of(begun) is Event.BEGIN
    assert event_of(replace(begun, decided_on=TODAY)) is Event.SUBMIT
    assert fields(begun, replace(REVISION, may_begin=False)) == ["decided_on"]
    assert fields(replace(begun, decided_by="kf"), REVISION) == ["decided_on"]  # half a decision is none


def test_no_outcome_is_chosen_for_anybody() -> None:
    assert fields(replace(KEPT, outcome=None), REVISION) == ["outcome"]


@pytest.mark.parametrize(
    ("adopter", "decider", "valid"),
    [
        (COUNCIL, COUNCIL, True),
        (COUNCIL, BOARD, False),
        (COUNCIL, COMMITTEE, False),
        (BOARD, COUNCIL, True),
        (BOARD, BOARD, True),
        (BOARD, COMMITTEE, False),
        (COMMITTEE, BOARD, True),
        (COMMITTEE, COMMITTEE, True),
        (COMMITTEE, OFFICIAL, False),
        (OFFICIAL, OFFICIAL, True),
    ],
)
def test_only_the_adopter_or_a_higher_body_decides_about_a_document(
    adopter: Decider, decider: Decider, valid: bool
) -> None:
    """domain.md R6."""
    assert fields(replace(KEPT, decided_by=decider.key), adopted_by(adopter)) == ([] if valid else ["decided_by"])


def test_a_lower_body_is_refused_in_words() -> None:
    error = validate(replace(KEPT, decided_by="sn"), REVISION, TODAY)[0]
    assert error.message.startswith("Kommunfullmäktige antog dokumentet, och bara samma organ kan ändra")


def test_a_decision_by_nobody_named_asks_who() -> None:
    assert fields(replace(KEPT, decided_by=None), REVISION) == ["decided_by"]


def test_a_new_edition_says_which_it_replaces() -> None:
    revised = replace(KEPT, outcome=Outcome.REVISE)
    assert fields(revised, REVISION) == ["replaces"]
    assert fields(replace(revised, replaces=EDITION), REVISION) == []
    assert fields(replace(revised, replaces="En annan"), REVISION) == ["replaces"]


@pytest.mark.parametrize(
    "number",
    ["KS-2016-284", "KS/2013:635", "VON 2025:00149", "KS2023-0655", "Ks 482/2021", "2016/0669 KS-1", "KLK 2018/729"],
)
def test_diary_numbers_are_written_in_many_ways(number: str) -> None:
    """domain.md 4.2."""
    assert fields(replace(KEPT, diary_number=number), REVISION) == []


@pytest.mark.parametrize("number", ["284", "KS", "ärende 12", "KS 2027/123; drop", "2027-03-10"])
def test_what_is_no_diary_number_is_refused(number: str) -> None:
    assert fields(replace(KEPT, diary_number=number), REVISION) == ["diary_number"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\ud800", "\u202e", "\u2066", "\u200f"])
def test_characters_that_do_not_show_are_refused(character: str) -> None:
    assert fields(replace(GOALS, goals=(GoalText(text=f"Mål{character}"),))) == ["goals-0-text"]


def test_a_text_has_an_end() -> None:
    assert list(faults_in("a" * LONG, LONG)) == []
    assert list(faults_in("a" * (LONG + 1), LONG)) == ["Korta texten till högst 2000 tecken. Den har 2001"]


@pytest.mark.parametrize("typed", ["82", "§ 82", "§82", " §\u00a082 ", "82§"])
def test_a_paragraph_is_kept_as_its_number(typed: str) -> None:
    assert paragraph_number(typed) == "82"


@pytest.mark.parametrize("typed", ["åttiotvå", "82, 83", "-1", "82; drop", "12345"])
def test_what_is_no_paragraph_is_refused_with_an_example(typed: str) -> None:
    errors = validate(replace(GOALS, decided_on=TODAY, paragraph=paragraph_number(typed)), HERRLJUNGA, TODAY)
    assert [error.message for error in errors] == ["Skriv paragrafen som 82"]


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(max_size=40))
def test_a_paragraph_is_a_number_or_refused(text: str) -> None:
    number = paragraph_number(text)
    assert number is None or not is_paragraph(number) or number[0].isdigit()


@given(st.text(max_size=50), st.text(max_size=50))
def test_validation_never_fails_on_any_text(goal: str, name: str) -> None:
    answer = GoalsAnswer(goals=(GoalText(text=goal, indicator=name),), signed_by=name)
    assert all(error.message for error in validate(answer, HERRLJUNGA, TODAY))


@pytest.mark.parametrize(
    ("sentences", "bounds"),
    [
        ([(1, 2)], (1, 2)),
        ([(1, None), (None, 3)], (1, 3)),
        ([(None, None)], (None, None)),
        ([(1, 2), (3, 5)], (3, 5)),  # no number satisfies both: the most demanding decides
    ],
)
def test_how_many_goals_satisfy_every_sentence(
    sentences: list[tuple[int | None, int | None]], bounds: tuple[int | None, int | None]
) -> None:
    assert goal_bounds(sentences) == bounds


@pytest.mark.parametrize(
    ("trend", "better", "well"),
    [
        (Trend.RISING, Better.HIGHER, True),
        (Trend.RISING, Better.LOWER, False),
        (Trend.FALLING, Better.LOWER, True),
        (Trend.FALLING, Better.HIGHER, False),
        (Trend.UNCHANGED, Better.HIGHER, None),
        (Trend.MISSING, Better.LOWER, None),
        (Trend.RISING, None, None),
        (None, Better.HIGHER, None),
    ],
)
def test_a_trend_is_good_or_bad_only_where_the_goal_says_which_way(
    trend: Trend | None, better: Better | None, well: bool | None
) -> None:
    assert goes_well(trend, better) is well


@pytest.mark.parametrize("state", State)
def test_an_answer_stands_from_when_it_is_handed_in_until_it_is_sent_back(state: State) -> None:
    assert stands(state, has_answer=True) is (state in {State.SUBMITTED, State.DONE})
    assert not stands(state, has_answer=False)


@pytest.mark.parametrize("state", State)
def test_a_case_is_answered_or_waits_or_has_ended_without_an_answer(state: State) -> None:
    ended = state in FINAL_STATES - ANSWERED_STATES
    assert [state in ANSWERED_STATES, state in AWAITED_STATES, ended].count(True) == 1


def test_word_that_work_has_begun_is_never_sent_back_and_everything_else_may_be() -> None:
    assert not is_sent_back(State.UNDER_WAY, Outcome.REVISE, None)
    assert not is_sent_back(State.SUBMITTED, Outcome.UNCHANGED, TODAY)
    assert is_sent_back(State.OPEN, Outcome.UNCHANGED, TODAY)
    assert is_sent_back(State.WAIVED, None, TODAY)
