"""What is wrong with an answer that is a list: goals, judgements, action plans, projects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from styrhjul.domain.answer import (
    MOST_PLANS,
    MOST_PROJECTS,
    Demand,
    FollowUpAnswer,
    GoalsAnswer,
    Planning,
    PlansAnswer,
    PlanText,
    Projects,
    ProjectsAnswer,
    ProjectText,
)
from styrhjul.domain.field_fault import FieldError, fit, required
from styrhjul.domain.given_day import day_fault
from styrhjul.domain.written import LONG, SHORT


def goal_faults(answer: GoalsAnswer, demand: Demand) -> Iterator[FieldError]:
    """Yield what is wrong with the goals, in their order."""
    written = [(number, goal) for number, goal in enumerate(answer.goals) if not goal.is_blank]
    if len(written) < demand.goal_min:
        missing = next((n for n in range(len(answer.goals)) if answer.goals[n].is_blank), len(answer.goals))
        yield FieldError(f"goals-{missing}-text", _too_few(demand))
    if len(written) > demand.goal_max:
        most = "ett mål" if demand.goal_max == 1 else f"{demand.goal_max} mål"
        yield FieldError(f"goals-{written[demand.goal_max][0]}-text", f"Skriv högst {most}. Ta bort de andra")
    for number, goal in written:
        field = f"goals-{number}"
        yield from required(f"{field}-text", goal.text, f"Skriv vad {demand.body} vill uppnå")
        for name in ("indicator", "baseline", "target", "responsible"):
            yield from fit(f"{field}-{name}", getattr(goal, name), SHORT)


def _too_few(demand: Demand) -> str:
    if demand.goal_min == 1:
        return f"Skriv vad {demand.body} vill uppnå"
    return f"Skriv vad {demand.body} vill uppnå. Policyn kräver minst {demand.goal_min} mål"


def judgement_faults(answer: FollowUpAnswer, demand: Demand) -> Iterator[FieldError]:
    """Yield what is wrong with the judgements, in their order."""
    expected: tuple[str | None, ...] = demand.goal_ids or (None,)
    if tuple(judgement.goal_id for judgement in answer.judgements) != expected:
        yield FieldError("judgements-0-attainment", "Målen har ändrats sedan sidan öppnades. Öppna länken igen")
        return
    for number, judgement in enumerate(answer.judgements):
        field = f"judgements-{number}"
        if judgement.attainment is None:
            yield FieldError(f"{field}-attainment", "Välj hur det gick")
        yield from fit(f"{field}-result", judgement.result, SHORT)
        yield from required(f"{field}-analysis", judgement.analysis, "Skriv hur det gick och varför")
        yield from fit(f"{field}-next_step", judgement.next_step, LONG)


def plan_faults(answer: PlansAnswer, demand: Demand, today: date) -> Iterator[FieldError]:
    """Yield what is wrong with the action plans; none is an answer where the text does not say *ska*."""
    written = [(number, plan) for number, plan in enumerate(answer.plans) if not plan.is_blank]
    named = [plan for _, plan in written if plan.is_named]
    if answer.outcome is None:
        yield FieldError("outcome", "Välj om det finns någon handlingsplan")
    elif answer.outcome is Planning.NO_PLAN:
        # A day or a function without a name is a rest of what was begun; a plan with a name says the opposite.
        yield from _declined(demand, named=any(plan.known_id or plan.title for plan in named))
    elif {plan.known_id for _, plan in written if plan.known_id} != set(demand.plan_ids):
        yield FieldError("outcome", "Planerna har ändrats sedan sidan öppnades. Öppna länken igen")
    else:
        yield from _plans(answer, written, len(named), today)
    yield from fit("comment", answer.comment, LONG)


def _declined(demand: Demand, *, named: bool) -> Iterator[FieldError]:
    if not demand.may_decline:
        yield FieldError(
            "outcome",
            "Dokumentet säger att det ska finnas en handlingsplan. Skriv minst en. Kan ni inte det, be kansliet om "
            "mer tid",
        )
    elif named:
        yield FieldError("outcome", "Du har svarat nej, men en plan står kvar nedan. Ändra svaret eller ta bort planen")


def _plans(answer: PlansAnswer, written: list[tuple[int, PlanText]], named: int, today: date) -> Iterator[FieldError]:
    unsaid = any(plan.known_id and plan.holds is None for _, plan in written)
    if not named and not unsaid:
        missing = next((n for n in range(len(answer.plans)) if answer.plans[n].is_blank), 0)
        yield FieldError(f"plans-{missing}-title", "Skriv vad planen heter")
    if named > MOST_PLANS:
        yield FieldError("outcome", f"Skriv högst {MOST_PLANS} planer")
    for number, plan in written:
        if plan.known_id and plan.holds is None:
            yield FieldError(f"plans-{number}-holds", "Välj om planen fortfarande gäller")
        if plan.known_id is None or plan.holds is not False:
            yield from _plan(f"plans-{number}", plan, today)


def decided_faults(field: str, decided_on: date, today: date) -> Iterator[FieldError]:
    """Yield what is wrong with the day of a decision that has been taken."""
    if fault := day_fault(decided_on):
        yield FieldError(field, fault)
    elif decided_on > today:
        yield FieldError(field, f"Dagen kan inte vara efter i dag, {today.isoformat()}")


def _plan(field: str, plan: PlanText, today: date) -> Iterator[FieldError]:
    yield from required(f"{field}-title", plan.title, "Skriv vad planen heter", at_most=SHORT)
    if plan.decided_on is not None:
        yield from decided_faults(f"{field}-decided_on", plan.decided_on, today)
    yield from required(
        f"{field}-responsible", plan.responsible, "Skriv vilken funktion som ansvarar för planen", at_most=SHORT
    )


def project_faults(answer: ProjectsAnswer) -> Iterator[FieldError]:
    """Yield what is wrong with the projects; that there were none wants a word about why."""
    written = [(number, project) for number, project in enumerate(answer.projects) if not project.is_blank]
    if answer.outcome is None:
        yield FieldError("outcome", "Välj om det fanns några projekt eller aktiviteter")
    elif answer.outcome is Projects.NO_PROJECTS:
        if any(project.attainment or project.analysis for _, project in written):
            yield FieldError("outcome", "Du har svarat nej, men ett projekt är bedömt nedan. Ändra det ena")
        yield from required("comment", answer.comment, "Skriv en mening om varför det inte fanns några projekt")
        return
    else:
        yield from _projects(written)
    yield from fit("comment", answer.comment, LONG)


def _projects(written: list[tuple[int, ProjectText]]) -> Iterator[FieldError]:
    if not written:
        yield FieldError("projects-0-title", "Skriv vad projektet eller aktiviteten heter")
    if len(written) > MOST_PROJECTS:
        yield FieldError("outcome", f"Skriv högst {MOST_PROJECTS} projekt")
    for number, project in written:
        field = f"projects-{number}"
        yield from required(
            f"{field}-title", project.title, "Skriv vad projektet eller aktiviteten heter", at_most=SHORT
        )
        yield from fit(f"{field}-responsible", project.responsible, SHORT)
        if project.attainment is None:
            yield FieldError(f"{field}-attainment", "Välj hur det gick")
        yield from required(f"{field}-analysis", project.analysis, "Skriv hur det gick och varför")
