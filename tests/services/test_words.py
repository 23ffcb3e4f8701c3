"""Every key that people meet has its Swedish word."""

from __future__ import annotations

from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.rung import UNREACHABLE
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.services.words import (
    ACTION_WORDS,
    LIFECYCLE_WORDS,
    NOTICE_WORDS,
    RUNG_WORDS,
    STATE_WORDS,
    followed_as,
    round_name,
    rung_word,
    stands,
)
from workflows import LIFECYCLES


def test_every_lifecycle_and_rung_has_a_word() -> None:
    assert set(LIFECYCLE_WORDS) == set(LIFECYCLES)
    rungs = {rung.key for lifecycle in LIFECYCLES.values() for rung in lifecycle.ladder}
    assert set(RUNG_WORDS) == rungs | {UNREACHABLE.key}


def test_every_action_state_and_notice_has_a_word() -> None:
    assert set(ACTION_WORDS) == set(ActionKind)
    assert set(STATE_WORDS) == set(State)
    assert set(NOTICE_WORDS) == set(NoticeStatus)


def test_a_retired_rung_keeps_its_key() -> None:
    assert rung_word("reminder") == "Påminnelse"
    assert rung_word("third_reminder") == "third_reminder"


def test_a_round_is_named_by_what_and_when() -> None:
    assert round_name("follow_up", "2026") == "Uppföljning 2026"
    assert round_name("follow_up", "första halvåret 2026") == "Uppföljning, första halvåret 2026"
    assert round_name("revision", "mandatperioden 2026–2030") == "Revidering, mandatperioden 2026–2030"


def test_a_duty_tells_what_follows_it_and_whether_it_binds() -> None:
    assert followed_as("action_planning", Modality.MAY) == "följs som: handlingsplan, frivilligt"
    assert followed_as("follow_up", Modality.SHOULD) == "följs som: uppföljning, rekommenderat"
    assert followed_as("goal_setting", Modality.MUST) == "följs som: mål"
    assert followed_as(None, Modality.MUST) == "bevakas inte här, visas bara"


def test_every_state_can_be_said_of_a_case() -> None:
    said = {state: f"Ärendet {stands(state)}." for state in State}
    assert said[State.LAPSED] == "Ärendet är avslutat utan svar."
    assert said[State.UNDER_WAY] == "Ärendet pågår."
    assert said[State.OPEN] == "Ärendet är öppet."
