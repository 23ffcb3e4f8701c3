"""From a form to an answer, with everything that is wrong with it in the order of the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from styrhjul.domain import answer as domain
from styrhjul.domain.answer import Answer
from styrhjul.domain.completeness import validate
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.domain.written import paragraph_number, tidy
from styrhjul.services.answering.question import Question
from styrhjul.web.answering.form import (
    AnswerForm,
    ChoiceForm,
    FollowUpForm,
    GoalsForm,
    PlansForm,
    ProjectsForm,
    RevisionForm,
)

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_Choice = TypeVar("_Choice", bound=StrEnum)
_Typed = Mapping[str, str | None]


def read_answer(form: AnswerForm, question: Question, signed_by: str = "") -> tuple[Answer, tuple[FieldError, ...]]:
    """Return the answer and what is wrong with it, in the order of the form."""
    signed = {
        "signed_by": tidy(signed_by),
        "decided_on": _day(form.decided_on.data),
        "paragraph": paragraph_number(form.paragraph.data or ""),
    }
    answer = _answer(form, question.asked, signed)
    unreadable = {error.field: error for error in _unreadable(form)}
    found = [error for error in validate(answer, question.demand, question.today) if error.field not in unreadable]
    at = next((number for number, error in enumerate(found) if error.field in _LAST), len(found))
    return answer, (*found[:at], *unreadable.values(), *found[at:])


#: What stands after the days of a form.
_LAST = frozenset({"paragraph", "signed_by"})


def unsigned(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """Return the errors that do not concern the signature, which is asked for at the review."""
    return tuple(error for error in errors if error.field != "signed_by")


def signed_only(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """Return the errors of the signature alone."""
    return tuple(error for error in errors if error.field == "signed_by")


def _answer(form: AnswerForm, asked: LifecycleKey, signed: dict[str, Any]) -> Answer:
    match form:
        case GoalsForm():
            return domain.GoalsAnswer(goals=tuple(_goal(each) for each in form.goals.data), **signed)
        case FollowUpForm():
            return domain.FollowUpAnswer(judgements=tuple(_judgement(each) for each in form.judgements.data), **signed)
        case _:
            return _chosen_answer(form, asked, {"comment": tidy(form.comment.data or ""), **signed})


def _chosen_answer(form: ChoiceForm, asked: LifecycleKey, signed: dict[str, Any]) -> Answer:
    match form:
        case PlansForm():
            outcome, plans = _chosen(domain.Planning, form.outcome.data), [_plan(each) for each in form.plans.data]
            if outcome is domain.Planning.NO_PLAN:
                plans = [plan for plan in plans if plan.known_id or plan.title]
            return domain.PlansAnswer(outcome=outcome, plans=tuple(plans), **signed)
        case ProjectsForm():
            projects = tuple(_project(each) for each in form.projects.data)
            return domain.ProjectsAnswer(
                outcome=_chosen(domain.Projects, form.outcome.data), projects=projects, **signed
            )
        case RevisionForm():
            return domain.RevisionAnswer(
                outcome=_chosen(domain.Outcome, form.outcome.data),
                decided_by=form.decided_by.data or None,
                diary_number=tidy(form.diary_number.data or "") or None,
                replaces=form.replaces.data or None,
                **signed,
            )
        case _:
            return _simple_answer(form.outcome.data, asked, signed)


def _simple_answer(outcome: str | None, asked: LifecycleKey, signed: dict[str, Any]) -> Answer:
    match asked:
        case LifecycleKey.ANNUAL_REPORT:
            return domain.ReportAnswer(outcome=_chosen(domain.Compilation, outcome), **signed)
        case LifecycleKey.REFERRAL:
            return domain.ReferralAnswer(outcome=_chosen(domain.Opinion, outcome), **signed)
        case LifecycleKey.CURRENCY_REVIEW:
            return domain.CurrencyAnswer(outcome=_chosen(domain.Currency, outcome), **signed)
        case _:
            return domain.HandoverAnswer(outcome=_chosen(domain.Handover, outcome), **signed)


def _goal(typed: _Typed) -> domain.GoalText:
    texts = {name: tidy(value or "") for name, value in typed.items() if name != "better"}
    return domain.GoalText(**texts, better=_chosen(domain.Better, typed["better"]))


def _judgement(typed: _Typed) -> domain.Judgement:
    return domain.Judgement(
        goal_id=typed["goal_id"] or None,
        attainment=_chosen(domain.Attainment, typed["attainment"]),
        analysis=tidy(typed["analysis"] or ""),
        next_step=tidy(typed["next_step"] or ""),
        result=tidy(typed["result"] or ""),
        trend=_chosen(domain.Trend, typed["trend"]),
    )


def _plan(typed: _Typed) -> domain.PlanText:
    return domain.PlanText(
        title=tidy(typed["title"] or ""),
        decided_on=_day(typed["decided_on"]),
        responsible=tidy(typed["responsible"] or ""),
        known_id=typed["known_id"] or None,
        holds={"yes": True, "no": False}.get(typed["holds"] or ""),
    )


def _project(typed: _Typed) -> domain.ProjectText:
    return domain.ProjectText(
        title=tidy(typed["title"] or ""),
        responsible=tidy(typed["responsible"] or ""),
        attainment=_chosen(domain.Attainment, typed["attainment"]),
        analysis=tidy(typed["analysis"] or ""),
    )


def _chosen(kind: type[_Choice], value: str | None) -> _Choice | None:
    return kind(value) if value in set(kind) else None


def _unreadable(form: AnswerForm) -> Iterator[FieldError]:
    """Yield an error for each day that is written and is none."""
    days = [("decided_on", form.decided_on.data)]
    if isinstance(form, PlansForm) and form.outcome.data != domain.Planning.NO_PLAN:
        plans = [(f"plans-{number}-decided_on", plan["decided_on"]) for number, plan in enumerate(form.plans.data)]
        days = [*plans, *days]
    for field, text in days:
        if tidy(text or "") and _day(text) is None:
            yield FieldError(field, "Skriv datumet som 2027-03-24")


def _day(text: str | None) -> date | None:
    found = _DATE.fullmatch(tidy(text or ""))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
