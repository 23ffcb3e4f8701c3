"""What is declared holds together with the rooms beside it, and says on which day who hears."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from styrhjul.domain.ladder import goes_up, ladder_days
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round import rounds
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.mail.context import CONTEXTS
from tasks.schedule import PULSES
from tests.domain.given import a_body, a_case, a_policy
from workflows import LIFECYCLES

ADOPTED, FOLLOWED = date(2015, 9, 7), date(2026, 10, 15)
every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)


@every_lifecycle
def test_every_rung_has_its_mail(lifecycle: Lifecycle) -> None:
    assert {rung.email for rung in lifecycle.ladder} <= CONTEXTS.keys()


@every_lifecycle
def test_every_lifecycle_has_its_pulse(lifecycle: Lifecycle) -> None:
    assert f"lifecycle.{lifecycle.key}" in PULSES


@every_lifecycle
def test_every_round_says_whose_rule_gave_the_day(lifecycle: Lifecycle) -> None:
    assert lifecycle.round.source.startswith("Kommunens standard")
    assert lifecycle.first_year is None or lifecycle.first_year.source.startswith("Kommunens standard")


@every_lifecycle
def test_a_declaration_is_a_literal(lifecycle: Lifecycle) -> None:
    """No lambda, no `if`, no loop: it reads like the rule it implements."""
    tree = ast.parse(Path(f"workflows/{lifecycle.key}.py").read_text(encoding="utf-8"))
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Lambda | ast.If | ast.IfExp | ast.For | ast.FunctionDef)]


DAYS = {  # opening, reminder, last reminder, warning, head of administration, chief executive
    "goal_setting": ["2027-01-07", "2027-03-15", "2027-03-24", "2027-03-30", "2027-04-05", "2027-04-14"],
    "follow_up": ["2027-01-07", "2027-02-12", "2027-02-23", "2027-02-25", "2027-03-03", "2027-03-10"],
    "revision": ["2026-10-15", "2027-12-15", "2027-12-27", "2027-12-29", "2028-01-05", "2028-01-19"],
}


@every_lifecycle
def test_who_hears_on_which_day_in_the_first_round_after_the_election(lifecycle: Lifecycle) -> None:
    recurrence = RecurrenceKind.MANDATE_PERIOD if lifecycle.key == "revision" else None
    policy = a_policy(a_body(BodyKind.COMMITTEE), recurrence, adopted_on=ADOPTED, followed_from=FOLLOWED)
    found = [r for r in rounds(lifecycle, policy, policy.bodies[0], until=date(2027, 1, 31)) if r.followed][-1]
    case = a_case(found.opens_on, found.due_on)
    before = [day.on for day in ladder_days(lifecycle.ladder, case)]
    after = [goes_up(rung, case.due_on, before[-1]).on for rung in lifecycle.ladder if rung.after]
    assert [day.isoformat() for day in (*before, *after)] == DAYS[lifecycle.key]
