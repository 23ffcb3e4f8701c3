"""Every key that people meet has its Swedish word."""

from __future__ import annotations

from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.words import (
    ACTION_WORDS,
    LIFECYCLE_WORDS,
    NOTICE_WORDS,
    RUNG_WORDS,
    STATE_WORDS,
    round_name,
    rung_word,
)
from workflows import LIFECYCLES


def test_every_lifecycle_and_rung_has_a_word() -> None:
    assert set(LIFECYCLE_WORDS) == set(LIFECYCLES)
    assert set(RUNG_WORDS) == {rung.key for lifecycle in LIFECYCLES.values() for rung in lifecycle.ladder}


def test_every_action_state_and_notice_has_a_word() -> None:
    assert set(ACTION_WORDS) == set(ActionKind)
    assert set(STATE_WORDS) == set(State)
    assert set(NOTICE_WORDS) == set(NoticeStatus)


def test_a_retired_rung_keeps_its_key() -> None:
    assert rung_word("reminder") == "Påminnelse"
    assert rung_word("third_reminder") == "third_reminder"


def test_a_round_is_named_by_what_and_when() -> None:
    assert round_name("follow_up", "2026") == "Uppföljning 2026"
    assert round_name("revision", "2026-10-15") == "Revidering, mandatperioden 2026–2030"
