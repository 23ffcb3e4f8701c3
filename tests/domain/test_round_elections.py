"""Re-elections and extra elections: one round about a document for each term, whenever they are entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import BodyKind
from tests.domain.given import a_body, a_duty, a_policy, opened
from workflows import LIFECYCLES

RE_ELECTED = date(2027, 5, 20)


def revisions(*periods: str, decided: tuple[date, ...], duties: tuple[RecurrenceKind, ...] = ()) -> list[str]:
    """The revisions that open through 2030 for a document of the council, beside those that have opened."""
    council = replace(a_body(BodyKind.COUNCIL, body_id="council"), term_starts=decided)
    body = a_body(BodyKind.EXECUTIVE_BOARD)
    asked = [a_duty(RecurrenceKind.MANDATE_PERIOD), *(a_duty(kind, duty_id=kind.value) for kind in duties)]
    facts = a_policy(body, *asked, adopter=council, adopted_on=date(2023, 3, 1))
    facts = replace(facts, recorded=frozenset(("body", period) for period in periods))
    return [action.period for action in opened(LIFECYCLES["revision"], facts, until=date(2030, 10, 31))]


@pytest.mark.parametrize("decided", [(RE_ELECTED,), (date(2028, 5, 22),), (date(2026, 10, 15), RE_ELECTED), ()])
def test_an_election_entered_after_the_round_has_opened_gives_no_second_round(decided: tuple[date, ...]) -> None:
    """KL 5:9, 5:10: one round a term; domain rules R1 and R2."""
    assert revisions("2026-10-15", decided=decided) == ["2030-10-15"]


def test_a_re_election_entered_before_the_round_opens_moves_it() -> None:
    assert revisions(decided=(RE_ELECTED,)) == ["2027-05-20", "2030-10-15"]


def test_a_re_election_whose_day_is_corrected_gives_no_second_round() -> None:
    assert revisions("2027-05-20", decided=(date(2027, 5, 27),)) == ["2030-10-15"]


def test_a_round_of_another_rule_is_not_taken_for_the_terms() -> None:
    """A last day that had passed when we began opens after its day, as a term's round does."""
    assert revisions("2026-12-31", decided=(), duties=(RecurrenceKind.ONCE,)) == ["2026-10-15", "2030-10-15"]


def test_a_re_election_hands_over_to_those_who_are_new() -> None:
    council = replace(a_body(BodyKind.COUNCIL), term_starts=(RE_ELECTED,))
    facts = a_policy(council, policy_id=None, adopted_on=None, asked_by_default=frozenset({"body"}))
    facts = replace(facts, recorded=frozenset({("body", "2026-10-15")}))
    assert [action.period for action in opened(LIFECYCLES["handover"], facts, until=RE_ELECTED)] == ["2027-05-20"]
