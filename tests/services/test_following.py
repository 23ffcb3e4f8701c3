"""Which lifecycle follows a duty, by its own words and the interval they name."""

from __future__ import annotations

from typing import Any

import pytest

from styrhjul.documents import ONLY_EXISTING_PLANS, FoundDuty
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.services.policies.following import following


def a_duty(kind: ActionKind, quote: str = "q", **rest: object) -> FoundDuty:
    told: dict[str, Any] = {"actor": "Varje nämnd", "modality": Modality.MUST} | rest
    return FoundDuty(quote=quote, start=0, end=len(quote), action_kind=kind, **told)


@pytest.mark.parametrize(
    ("duty", "lifecycle"),
    [
        (a_duty(ActionKind.SET_GOALS), "goal_setting"),
        (a_duty(ActionKind.ACTION_PLAN), "action_planning"),
        (a_duty(ActionKind.FOLLOW_UP, recurrence="tertial"), "follow_up"),
        (a_duty(ActionKind.REPORT, artefact="årsredovisningen"), "follow_up"),
        (a_duty(ActionKind.REPORT, artefact="årsredovisningen", actor=None), "annual_report"),
        (a_duty(ActionKind.FOLLOW_UP, "De projekt som pågår ska följas upp."), "project_follow_up"),
        (
            a_duty(ActionKind.FOLLOW_UP, "Projekten följs upp varje halvår.", recurrence="semiannual"),
            "project_follow_up",
        ),
        (a_duty(ActionKind.FOLLOW_UP, "Projekten följs upp tertialvis.", recurrence="tertial"), "project_follow_up"),
        (
            a_duty(ActionKind.FOLLOW_UP, "Projekten följs upp varje kvartal.", recurrence="quarterly"),
            "project_follow_up",
        ),
        (a_duty(ActionKind.FOLLOW_UP, "Projektmedlen ska följas upp."), "follow_up"),
        (a_duty(ActionKind.REVISE, recurrence="mandate_period"), "revision"),
        (a_duty(ActionKind.REVISE, "Planen aktualitetsprövas varje år.", recurrence="annual"), "currency_review"),
        (a_duty(ActionKind.OTHER_DUTY), None),
    ],
)
def test_a_duty_is_followed_by_what_it_asks_for(duty: FoundDuty, lifecycle: str | None) -> None:
    assert following(duty).lifecycle == lifecycle
    assert following(duty).unfit is None


def test_what_the_chosen_lifecycle_cannot_time_is_followed_up_plainly() -> None:
    projects = a_duty(ActionKind.FOLLOW_UP, "Projekten följs upp varje månad.", recurrence="monthly")
    report = a_duty(ActionKind.REPORT, artefact="årsredovisningen", actor=None, recurrence="semiannual")
    assert following(projects).lifecycle == "follow_up"
    assert following(report).lifecycle == "follow_up"


@pytest.mark.parametrize(
    "duty",
    [
        a_duty(ActionKind.REVISE),
        a_duty(ActionKind.REVISE, recurrence="as_needed"),
        a_duty(ActionKind.REVISE, recurrence="once", deadline="när den löper ut"),
    ],
)
def test_a_revision_without_a_time_is_never_made_into_one(duty: FoundDuty) -> None:
    """domain.md R4: a text that states no interval gets a suggestion at most."""
    assert following(duty).lifecycle is None
    assert following(duty).unfit


def test_a_review_each_term_is_followed_as_the_revision_that_it_is() -> None:
    review = a_duty(
        ActionKind.REVISE, "Policyn ska aktualitetsprövas under varje mandatperiod.", recurrence="mandate_period"
    )
    assert following(review).lifecycle == "revision"


@pytest.mark.parametrize(
    ("duty", "is_timed"),
    [
        (a_duty(ActionKind.ACTION_PLAN, recurrence="mandate_period"), True),
        (a_duty(ActionKind.REVISE, deadline="senast två år efter val"), True),
        (a_duty(ActionKind.REVISE, recurrence="as_needed"), False),
        (a_duty(ActionKind.REVISE), False),
    ],
)
def test_a_time_that_cannot_be_followed_is_not_said_to_be_missing(duty: FoundDuty, *, is_timed: bool) -> None:
    assert following(duty).lifecycle is None
    assert following(duty).is_timed is is_timed
    assert ("anger ingen tid" in (following(duty).unfit or "")) is not is_timed


def test_only_the_plans_that_exist_are_followed_up() -> None:
    assert following(a_duty(ActionKind.FOLLOW_UP, condition=ONLY_EXISTING_PLANS)).of_plans
