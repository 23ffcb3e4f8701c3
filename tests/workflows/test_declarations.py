"""What is declared holds together with the rooms beside it, and says on which day who hears."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from styrhjul.domain.ladder import goes_up, ladder_days
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.practice import USUAL
from styrhjul.domain.round import rounds
from styrhjul.domain.round_rule import EventRound
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.context import CONTEXTS
from tasks.schedule import PULSES
from tests.domain.given import a_body, a_case, usual_policy
from workflows import LIFECYCLES

every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)


@every_lifecycle
def test_every_rung_has_its_mail(lifecycle: Lifecycle) -> None:
    assert {rung.email for rung in (*lifecycle.ladder, lifecycle.rung("unreachable"))} <= CONTEXTS.keys()


@every_lifecycle
def test_every_lifecycle_has_its_pulse(lifecycle: Lifecycle) -> None:
    assert f"lifecycle.{lifecycle.key}" in PULSES


@every_lifecycle
def test_every_round_says_whose_rule_gave_the_day(lifecycle: Lifecycle) -> None:
    rules = [rule for rule in (*lifecycle.rounds.values(), lifecycle.first_year) if rule]
    sources = [rule.source for rule in rules if not isinstance(rule, EventRound)]
    assert all("Kommunens standard" in source or "dokument" in source.lower() for source in sources)
    assert all(source.endswith(".") for source in sources)


@every_lifecycle
def test_what_is_done_where_the_text_is_silent_is_marked_as_the_municipalitys_own(lifecycle: Lifecycle) -> None:
    """Never shown as the document's own word."""
    silent = lifecycle.rounds.get(None)
    asks_nothing = lifecycle.key in {"revision", "referral"}
    assert (silent is None or isinstance(silent, EventRound)) == asks_nothing
    if not asks_nothing:
        assert silent is not None
        assert not isinstance(silent, EventRound)
        assert silent.source.startswith("Kommunens standard")


def test_every_action_a_text_may_ask_for_belongs_to_a_lifecycle() -> None:
    followed = {kind for lifecycle in LIFECYCLES.values() for kind in lifecycle.action_kinds}
    assert followed == set(ActionKind) - {ActionKind.OTHER_DUTY}


@every_lifecycle
def test_a_declaration_is_a_literal(lifecycle: Lifecycle) -> None:
    """No lambda, no `if`, no loop: it reads like the rule it implements."""
    tree = ast.parse(Path(f"workflows/{lifecycle.key}.py").read_text(encoding="utf-8"))
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Lambda | ast.If | ast.IfExp | ast.For | ast.FunctionDef)]


#: Opening, reminders, warning, then up, in the first round that is followed after the election of 2026.
DAYS = {
    "goal_setting": "2027-01-07 2027-03-15 2027-03-24 2027-03-30 2027-04-05 2027-04-14",
    "action_planning": "2026-10-15 2026-11-16 2026-11-25 2026-11-27 2026-12-03 2026-12-16",
    "follow_up": "2027-01-07 2027-02-12 2027-02-23 2027-02-25 2027-03-03 2027-03-10",
    "project_follow_up": "2027-01-07 2027-02-12 2027-02-25 2027-03-10",
    "annual_report": "2027-03-01 2027-03-11 2027-03-24 2027-04-07",
    "revision": "2026-10-15 2027-04-12 2027-12-15 2027-12-27 2027-12-29 2028-01-05 2028-01-19",
    "referral": "2027-02-01 2027-04-16 2027-04-27 2027-04-29 2027-05-05 2027-05-19",
    "currency_review": "2026-10-15 2026-10-30 2026-11-12 2026-11-25",
    "handover": "2027-01-04 2027-01-04 2027-01-19 2027-02-01 2027-02-17",
}


@every_lifecycle
def test_who_hears_on_which_day_in_the_first_round_after_the_election(lifecycle: Lifecycle) -> None:
    policy = usual_policy(lifecycle, a_body())
    found = next(r for r in rounds(lifecycle, policy, policy.bodies[0], until=date(2027, 3, 31)) if r.followed)
    case = a_case(found.opens_on, found.due_on)
    before = [day.on for day in ladder_days(lifecycle.ladder, case)]
    after = [goes_up(rung, case.due_on, before[-1], USUAL).on for rung in lifecycle.ladder if rung.after]
    assert " ".join(day.isoformat() for day in (*before, *after)) == DAYS[lifecycle.key]
