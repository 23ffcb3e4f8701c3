"""What makes complete: action plans, projects, the annual report, a referral, a currency review, a handover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.answer import (
    CHOICES,
    Answer,
    Attainment,
    Compilation,
    Currency,
    CurrencyAnswer,
    Demand,
    Handover,
    HandoverAnswer,
    Opinion,
    Planning,
    PlansAnswer,
    PlanText,
    Projects,
    ProjectsAnswer,
    ProjectText,
    ReferralAnswer,
    ReportAnswer,
    event_of,
)
from styrhjul.domain.completeness import validate
from styrhjul.domain.lifecycle import Event
from styrhjul.domain.vocabulary import LifecycleKey
from workflows import LIFECYCLES

TODAY = date(2027, 3, 10)
PLAN = PlanText(title="Plan för delaktighet", responsible="Enhetschefen")
PLANS = PlansAnswer(outcome=Planning.PLANS, plans=(PLAN,), signed_by="Anna")
NO_PLAN = PlansAnswer(outcome=Planning.NO_PLAN, signed_by="Anna")
BINDING = Demand(asked=LifecycleKey.ACTION_PLANNING, body="nämnden")
OPTIONAL = replace(BINDING, may_decline=True)
PROJECT = ProjectText(title="Språkcafé", attainment=Attainment.MET, analysis="Många kom.")
PROJECTS = ProjectsAnswer(outcome=Projects.PROJECTS, projects=(PROJECT,), signed_by="Anna")
REPORT = ReportAnswer(outcome=Compilation.COMPILED, signed_by="Anna")
HANDOVER = HandoverAnswer(outcome=Handover.CONFIRMED, signed_by="Anna")


def demand(asked: LifecycleKey) -> Demand:
    return Demand(asked=asked, body="nämnden")


def fields(answer: Answer, wanted: Demand) -> list[str]:
    return [error.field for error in validate(answer, wanted, TODAY)]


def test_every_lifecycle_can_be_answered() -> None:
    assert set(LifecycleKey) == set(LIFECYCLES)


def test_no_two_choices_share_a_value() -> None:
    values = [choice.value for kind in CHOICES.values() for choice in kind]
    assert len(values) == len(set(values))


# -- action plans ----------------------------------------------------------------------------------------------------


def test_no_plan_is_an_answer_only_where_the_text_does_not_demand_one() -> None:
    assert fields(NO_PLAN, OPTIONAL) == []
    assert fields(NO_PLAN, BINDING) == ["outcome"]


@pytest.mark.parametrize("wanted", [OPTIONAL, BINDING])
def test_a_plan_needs_a_name_and_somebody_responsible(wanted: Demand) -> None:
    assert fields(PLANS, wanted) == []
    assert fields(replace(PLANS, plans=()), wanted) == ["plans-0-title"]
    assert fields(replace(PLANS, plans=(replace(PLAN, responsible=""),)), wanted) == ["plans-0-responsible"]
    assert fields(replace(PLANS, plans=(replace(PLAN, decided_on=date(2027, 3, 11)),)), wanted) == [
        "plans-0-decided_on"
    ]


def test_of_a_known_plan_it_is_said_whether_it_still_holds() -> None:
    known = replace(PLAN, known_id="a")
    wanted = replace(OPTIONAL, plan_ids=("a",))
    assert fields(replace(PLANS, plans=(known,)), wanted) == ["plans-0-holds"]
    assert fields(replace(PLANS, plans=(replace(known, holds=True),)), wanted) == []


def test_when_no_known_plan_holds_another_is_wanted() -> None:
    known = replace(PLAN, known_id="a", holds=False)
    wanted = replace(OPTIONAL, plan_ids=("a",))
    blank = PlanText(title="")
    assert fields(replace(PLANS, plans=(known, blank)), wanted) == ["plans-1-title"]
    assert fields(replace(NO_PLAN, plans=(known,)), wanted) == []


def test_what_is_left_of_a_nameless_plan_is_no_part_of_a_no() -> None:
    left = PlanText(title="", decided_on=date(2099, 1, 1), responsible="Enhetschefen")
    assert fields(replace(NO_PLAN, plans=(left,)), OPTIONAL) == []


def test_a_no_beside_a_plan_is_refused() -> None:
    assert fields(replace(NO_PLAN, plans=(PLAN,)), OPTIONAL) == ["outcome"]


def test_plans_that_somebody_else_changed_meanwhile_are_not_overwritten() -> None:
    assert fields(PLANS, replace(OPTIONAL, plan_ids=("b",))) == ["outcome"]


# -- projects --------------------------------------------------------------------------------------------------------


def test_a_project_needs_a_name_a_choice_and_a_reason() -> None:
    wanted = demand(LifecycleKey.PROJECT_FOLLOW_UP)
    assert fields(PROJECTS, wanted) == []
    bare = ProjectText(title="", responsible="Biblioteket")
    assert fields(replace(PROJECTS, projects=(bare,)), wanted) == [
        "projects-0-title",
        "projects-0-attainment",
        "projects-0-analysis",
    ]


def test_no_projects_wants_a_word_about_why() -> None:
    none = ProjectsAnswer(outcome=Projects.NO_PROJECTS, signed_by="Anna")
    assert fields(none, demand(LifecycleKey.PROJECT_FOLLOW_UP)) == ["comment"]
    assert fields(replace(none, comment="Pengarna tog slut."), demand(LifecycleKey.PROJECT_FOLLOW_UP)) == []
    assert fields(replace(none, comment="x", projects=(PROJECT,)), demand(LifecycleKey.PROJECT_FOLLOW_UP)) == [
        "outcome"
    ]


# -- one choice ------------------------------------------------------------------------------------------------------


def test_a_compiled_report_is_only_begun() -> None:
    wanted = demand(LifecycleKey.ANNUAL_REPORT)
    assert (event_of(REPORT), fields(REPORT, wanted)) == (Event.BEGIN, [])
    handed_over = replace(REPORT, outcome=Compilation.HANDED_OVER)
    assert fields(handed_over, wanted) == ["decided_on"]
    assert event_of(replace(handed_over, decided_on=TODAY)) is Event.SUBMIT
    assert fields(replace(REPORT, decided_on=TODAY), wanted) == ["decided_on"]


@pytest.mark.parametrize("opinion", list(Opinion))
def test_an_opinion_has_words_unless_the_body_abstains(opinion: Opinion) -> None:
    answer = ReferralAnswer(outcome=opinion, signed_by="Anna")
    assert fields(answer, demand(LifecycleKey.REFERRAL)) == ([] if opinion is Opinion.ABSTAINS else ["comment"])
    assert fields(replace(answer, comment="Bra."), demand(LifecycleKey.REFERRAL)) == []


@pytest.mark.parametrize("currency", list(Currency))
def test_a_document_that_does_not_hold_wants_a_reason(currency: Currency) -> None:
    answer = CurrencyAnswer(outcome=currency, signed_by="Anna")
    assert fields(answer, demand(LifecycleKey.CURRENCY_REVIEW)) == ([] if currency is Currency.CURRENT else ["comment"])


def test_offices_that_nobody_holds_cannot_be_confirmed() -> None:
    vacant = replace(demand(LifecycleKey.HANDOVER), vacant=("ordförande", "nämndsekreterare"))
    assert fields(HANDOVER, demand(LifecycleKey.HANDOVER)) == []
    message = validate(HANDOVER, vacant, TODAY)[0].message
    assert message.startswith("Ingen är ordförande eller nämndsekreterare")
    assert "styrhjul officials import" in message


def test_everything_that_can_be_chosen_about_the_offices_can_be_handed_in() -> None:
    """Where they are wrong the list is mended: an import of it is the answer."""
    for outcome in Handover:
        assert fields(replace(HANDOVER, outcome=outcome), demand(LifecycleKey.HANDOVER)) == []


@pytest.mark.parametrize(
    "answer",
    [
        replace(PLANS, outcome=None),
        replace(PROJECTS, outcome=None),
        replace(REPORT, outcome=None),
        ReferralAnswer(outcome=None, signed_by="Anna"),
        CurrencyAnswer(outcome=None, signed_by="Anna"),
        replace(HANDOVER, outcome=None),
    ],
)
def test_nothing_is_chosen_for_anybody(answer: Answer) -> None:
    assert fields(answer, demand(LifecycleKey.ACTION_PLANNING))[0] == "outcome"


@pytest.mark.parametrize("answer", [NO_PLAN, PROJECTS, REPORT, HANDOVER])
def test_every_answer_is_signed(answer: Answer) -> None:
    assert fields(replace(answer, signed_by=""), OPTIONAL)[-1] == "signed_by"
