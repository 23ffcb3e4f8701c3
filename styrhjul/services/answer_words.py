"""The Swedish of answers: what can be chosen, what it means for what comes next, and an answer line by line."""

from __future__ import annotations

from collections.abc import Iterator

from styrhjul.db.answer_query import GivenAnswer, GivenPlan, GivenProject
from styrhjul.domain.answer import (
    CHOICES,
    Attainment,
    Compilation,
    Currency,
    Handover,
    Opinion,
    Outcome,
    Planning,
    Projects,
)
from styrhjul.domain.vocabulary import LifecycleKey

#: What is chosen, as it stands beside the button and in a list of facts.
OUTCOME_WORDS: dict[str, str] = {
    Outcome.UNCHANGED: "Gäller oförändrad",
    Outcome.REVISE: "Ska revideras",
    Outcome.REPEAL: "Upphävs",
    Planning.PLANS: "Ja, det finns en eller flera",
    Planning.NO_PLAN: "Nej, det finns ingen handlingsplan",
    Projects.PROJECTS: "Ja, det fanns projekt eller aktiviteter",
    Projects.NO_PROJECTS: "Nej, inga projekt i år",
    Compilation.COMPILED: "Avsnittet är sammanställt",
    Compilation.HANDED_OVER: "Avsnittet är överlämnat",
    Opinion.SUPPORTS: "Tillstyrker",
    Opinion.SUPPORTS_WITH_REMARKS: "Tillstyrker med synpunkter",
    Opinion.REJECTS: "Avstyrker",
    Opinion.ABSTAINS: "Avstår från att yttra sig",
    Currency.CURRENT: "Aktuellt som det är",
    Currency.NEEDS_REVISION: "Behöver revideras",
    Currency.SHOULD_BE_REPEALED: "Bör upphävas",
    Handover.CONFIRMED: "Uppgifterna stämmer",
}
#: What an answer leads to, where that is not plain.
NEXT_WORDS: dict[str, str] = {
    Planning.PLANS: "Planerna läggs in i registret, så att de kan följas upp.",
    Currency.NEEDS_REVISION: "Svaret är ett förslag. Ingen revidering öppnas av det: kansliet tar upp frågan med den "
    "som antog dokumentet, och dokumentet gäller till dess att något annat är beslutat.",
    Currency.SHOULD_BE_REPEALED: "Svaret är ett förslag. Dokumentet gäller till dess att den som antog det har "
    "upphävt det, och kansliet tar upp frågan.",
    Outcome.REPEAL: "Dokumentet slutar gälla när kansliet har godkänt svaret. Då slutar också påminnelserna om det.",
}
ATTAINMENT_WORDS = {
    Attainment.MET: "uppfyllt",
    Attainment.PARTLY_MET: "delvis uppfyllt",
    Attainment.NOT_MET: "ej uppfyllt",
    Attainment.NOT_ASSESSED: "ej bedömt",
}
_REVISED: dict[str, str] = {
    Outcome.UNCHANGED: "Dokumentet behålls oförändrat.",
    Outcome.REVISE: "Dokumentet revideras.",
    Outcome.REPEAL: "Dokumentet upphävs.",
}
_OPINIONS = frozenset(Opinion)
_WITHOUT_DECISION = frozenset({*Planning, *Projects, *Currency, *Handover, Compilation.COMPILED})


def choices(asked: LifecycleKey) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen, value and words, in the order it stands; empty where nothing is."""
    return tuple((each.value, OUTCOME_WORDS[each]) for each in CHOICES.get(asked, ()))


def comment_label(outcome: str | None) -> str:
    """Return what the text beside a choice is: an opinion is its own."""
    return "Yttrande" if outcome in _OPINIONS else "Kommentar"


def decision_label(outcome: str | None) -> str | None:
    """Return what the answer's day is the day of; None where it has none. Goals and judgements have no `outcome`."""
    if outcome in _WITHOUT_DECISION:
        return None
    return "Överlämnat" if outcome == Compilation.HANDED_OVER else "Beslutets datum"


def handed_in(answer: GivenAnswer) -> Iterator[str]:
    """Yield an answer line by line: the choice, the list, the comment, what a revision's decision is, what is next."""
    if answer.outcome:
        yield _REVISED.get(answer.outcome) or f"{OUTCOME_WORDS[answer.outcome]}."
    for goal in answer.goals:
        parts = [goal.text, goal.indicator and f"Mått: {goal.indicator}.", goal.target and f"Målvärde: {goal.target}."]
        yield " ".join(filter(None, parts))
    for judged in answer.judgements:
        about = f"{judged.goal}: " if judged.goal else "Perioden i sin helhet: "
        how = ATTAINMENT_WORDS[Attainment(judged.attainment)]
        yield " ".join(filter(None, [f"{about}{how}.", judged.analysis, judged.next_step]))
    yield from (plan_line(plan) for plan in answer.plans)
    yield from (project_line(project) for project in answer.projects)
    if answer.comment:
        yield answer.comment
    yield from _decision_lines(answer)
    if answer.outcome in NEXT_WORDS:
        yield NEXT_WORDS[answer.outcome]


def plan_line(plan: GivenPlan) -> str:
    """Return "Handlingsplan för delaktighet, beslutad 2027-01-12. Ansvarar: enhetschefen."."""
    decided = f", beslutad {plan.decided_on.isoformat()}" if plan.decided_on else ""
    who = f" Ansvarar: {plan.responsible}." if plan.responsible else ""
    return f"{plan.title}{decided}.{who}"


def project_line(project: GivenProject) -> str:
    """Return "Språkcafé: delvis uppfyllt. Hälften kom. Ansvarar: biblioteket."."""
    who = f"Ansvarar: {project.responsible}." if project.responsible else ""
    how = ATTAINMENT_WORDS[Attainment(project.attainment)]
    return " ".join(filter(None, [f"{project.title}: {how}.", project.analysis, who]))


def _decision_lines(answer: GivenAnswer) -> Iterator[str]:
    if answer.decided_by:
        yield f"Beslutat av {answer.decided_by}."
    if answer.diary_number:
        yield f"Diarienummer {answer.diary_number}."
    if answer.replaces:
        yield f"Den nya utgåvan ersätter {answer.replaces}."
