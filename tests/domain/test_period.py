"""A period as people write it: a day is a term's first only where the rule says so."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.period import TERM_CLOCKS, period_in_words
from styrhjul.domain.round_rule import TermRound
from styrhjul.domain.vocabulary import BodyKind
from workflows import LIFECYCLES

COUNCIL = BodyFacts(body_id="kf", kind=BodyKind.COUNCIL)
COMMITTEE = BodyFacts(body_id="soc", kind=BodyKind.COMMITTEE)
#: A board chosen at the election meeting.
BOARD = BodyFacts(body_id="ks", kind=BodyKind.EXECUTIVE_BOARD, term_starts=(date(2026, 11, 3),))


def said(lifecycle: str, period: str, opens_on: date = date(2027, 1, 7), body: BodyFacts = COMMITTEE) -> str:
    return period_in_words(lifecycle, period, opens_on=opens_on, adopter=COUNCIL, body=body)


def test_the_clocks_are_those_that_the_lifecycles_declare() -> None:
    declared = {
        key: rule.clock
        for key, lifecycle in LIFECYCLES.items()
        for rule in lifecycle.rounds.values()
        if isinstance(rule, TermRound)
    }
    assert declared == TERM_CLOCKS


@pytest.mark.parametrize(
    ("lifecycle", "period", "words"),
    [
        ("follow_up", "2026", "2026"),
        ("follow_up", "2026-H1", "första halvåret 2026"),
        ("follow_up", "2026-T2", "andra tertialet 2026"),
        ("follow_up", "2026-Q4", "fjärde kvartalet 2026"),
        ("follow_up", "2026-04", "april 2026"),
        ("revision", "2026-10-15", "mandatperioden 2026–2030"),
        ("goal_setting", "2027-01-01", "mandatperioden 2027–2030"),
        ("handover", "1980-01-01", "mandatperioden från 1980-01-01"),
    ],
)
def test_a_period_is_named_as_people_write_it(lifecycle: str, period: str, words: str) -> None:
    assert said(lifecycle, period) == words


def test_a_first_day_that_the_municipality_decided_itself_names_the_term_of_that_body() -> None:
    assert said("handover", "2026-11-03", date(2026, 11, 3), BOARD) == "mandatperioden 2026–2030"


def test_a_first_day_that_was_moved_afterwards_is_named_itself() -> None:
    assert said("handover", "2027-01-01", body=BOARD) == "mandatperioden från 2027-01-01"


def test_the_day_of_a_referral_or_of_an_interval_is_never_a_term() -> None:
    """Both fall on the very day a term begins."""
    assert said("referral", "2026-10-15", date(2026, 10, 15)) == "2026-10-15"
    assert said("revision", "2026-10-15", date(2026, 1, 15)) == "2026-10-15"
