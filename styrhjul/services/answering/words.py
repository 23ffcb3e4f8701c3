"""The Swedish of answers: what can be chosen, what it means for what comes next, and an answer line by line."""

from __future__ import annotations

from collections.abc import Iterator

from styrhjul.db.answer_query import GivenAnswer, GivenPlan, GivenProject
from styrhjul.domain.answer import (
    CHOICES,
    Attainment,
    Better,
    Compilation,
    Currency,
    Handover,
    Opinion,
    Outcome,
    Planning,
    Projects,
    Trend,
    goes_well,
)
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail.catalogue import SOURCE, message, quoted, say

#: What is chosen, as it stands beside the button and in a list of facts.
OUTCOME_WORDS: dict[str, str] = {
    Outcome.UNCHANGED: message("Gäller oförändrad"),
    Outcome.REVISE: message("Ska revideras"),
    Outcome.REPEAL: message("Upphävs"),
    Planning.PLANS: message("Ja, det finns en eller flera"),
    Planning.NO_PLAN: message("Nej, det finns ingen handlingsplan"),
    Projects.PROJECTS: message("Ja, det fanns projekt eller aktiviteter"),
    Projects.NO_PROJECTS: message("Nej, inga projekt i år"),
    Compilation.COMPILED: message("Avsnittet är sammanställt"),
    Compilation.HANDED_OVER: message("Avsnittet är överlämnat"),
    Opinion.SUPPORTS: message("Tillstyrker"),
    Opinion.SUPPORTS_WITH_REMARKS: message("Tillstyrker med synpunkter"),
    Opinion.REJECTS: message("Avstyrker"),
    Opinion.ABSTAINS: message("Avstår från att yttra sig"),
    Currency.CURRENT: message("Aktuellt som det är"),
    Currency.NEEDS_REVISION: message("Behöver revideras"),
    Currency.SHOULD_BE_REPEALED: message("Bör upphävas"),
    Handover.CONFIRMED: message("Uppgifterna stämmer"),
}
#: What an answer leads to, where that is not plain.
NEXT_WORDS: dict[str, str] = {
    Planning.PLANS: message("Planerna läggs in i registret, så att de kan följas upp."),
    Currency.NEEDS_REVISION: message(
        "Svaret är ett förslag. Ingen revidering öppnas av det: kansliet tar upp frågan med den som antog dokumentet, "
        "och dokumentet gäller till dess att något annat är beslutat."
    ),
    Currency.SHOULD_BE_REPEALED: message(
        "Svaret är ett förslag. Dokumentet gäller till dess att den som antog det har upphävt det, och kansliet tar "
        "upp frågan."
    ),
    Outcome.REPEAL: message(
        "Dokumentet slutar gälla när kansliet har godkänt svaret. Då slutar också påminnelserna om det."
    ),
}
ATTAINMENT_WORDS = {
    Attainment.MET: message("uppfyllt"),
    Attainment.PARTLY_MET: message("delvis uppfyllt"),
    Attainment.NOT_MET: message("ej uppfyllt"),
    Attainment.NOT_ASSESSED: message("ej bedömt"),
}
#: Which way is the good one, after "måttet ska".
BETTER_WORDS: dict[str, str] = {Better.HIGHER: message("öka"), Better.LOWER: message("minska")}
#: A trend alone, and where the goal says which way is good: the right one, the wrong one.
TREND_WORDS: dict[str, tuple[str, str, str]] = {
    Trend.RISING: (message("ökar"), message("ökar, åt rätt håll"), message("ökar, åt fel håll")),
    Trend.UNCHANGED: (message("oförändrad"),) * 3,
    Trend.FALLING: (message("minskar"), message("minskar, åt rätt håll"), message("minskar, åt fel håll")),
    Trend.MISSING: (message("saknas"),) * 3,
}
_REVISED: dict[str, str] = {
    Outcome.UNCHANGED: message("Dokumentet behålls oförändrat."),
    Outcome.REVISE: message("Dokumentet revideras."),
    Outcome.REPEAL: message("Dokumentet upphävs."),
}
_OPINIONS = frozenset(Opinion)
_WITHOUT_DECISION = frozenset({*Planning, *Projects, *Currency, *Handover, Compilation.COMPILED})


def choices(asked: LifecycleKey) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen, value and words, in the order it stands; empty where nothing is."""
    return tuple((each.value, OUTCOME_WORDS[each]) for each in CHOICES.get(asked, ()))


def trend_word(trend: str, better: str | None) -> str:
    """Return "ökar", and where the goal says which way is good, "ökar, åt fel håll"."""
    alone, right, wrong = TREND_WORDS[trend]
    return {None: alone, True: right, False: wrong}[goes_well(Trend(trend), Better(better) if better else None)]


def comment_label(outcome: str | None) -> str:
    """Return what the text beside a choice is: an opinion is its own."""
    return message("Yttrande") if outcome in _OPINIONS else message("Kommentar")


def decision_label(outcome: str | None) -> str | None:
    """Return what the answer's day is the day of; None where it has none. Goals and judgements have no `outcome`."""
    if outcome in _WITHOUT_DECISION:
        return None
    return message("Överlämnat") if outcome == Compilation.HANDED_OVER else message("Beslutets datum")


def handed_in(answer: GivenAnswer, language: str = SOURCE) -> Iterator[str]:
    """Yield an answer line by line: the choice, the list, the comment, what a revision's decision is, what is next."""
    if answer.outcome:
        revised = _REVISED.get(answer.outcome)
        yield say(language, revised) if revised else f"{say(language, OUTCOME_WORDS[answer.outcome])}."
    for goal in answer.goals:
        yield _line(
            quoted(goal.text, language),
            goal.indicator
            and say(language, message("Mäts genom: {indicator}."), indicator=quoted(goal.indicator, language)),
            goal.better and say(language, message("Måttet ska {way}."), way=say(language, BETTER_WORDS[goal.better])),
            goal.target and say(language, message("Målvärde: {target}."), target=quoted(goal.target, language)),
        )
    for judged in answer.judgements:
        about = quoted(judged.goal, language) if judged.goal else say(language, message("Perioden i sin helhet"))
        how = say(language, ATTAINMENT_WORDS[Attainment(judged.attainment)])
        yield _line(
            f"{about}: {how}.",
            judged.result and say(language, message("Utfall: {result}."), result=quoted(judged.result, language)),
            judged.trend
            and say(language, message("Trend: {trend}."), trend=say(language, trend_word(judged.trend, judged.better))),
            *(text and quoted(text, language) for text in (judged.analysis, judged.next_step)),
        )
    yield from (plan_line(plan, language) for plan in answer.plans)
    yield from (project_line(project, language) for project in answer.projects)
    if answer.comment:
        yield quoted(answer.comment, language)
    yield from _decision_lines(answer, language)
    if answer.outcome in NEXT_WORDS:
        yield say(language, NEXT_WORDS[answer.outcome])


def plan_line(plan: GivenPlan, language: str = SOURCE) -> str:
    """Return "Handlingsplan för delaktighet, beslutad 2027-01-12. Ansvarar: enhetschefen."."""
    title = quoted(plan.title, language)
    if plan.decided_on:
        title = say(language, message("{title}, beslutad {day}"), title=title, day=plan.decided_on.isoformat())
    return _line(f"{title}.", _responsible(plan.responsible, language))


def project_line(project: GivenProject, language: str = SOURCE) -> str:
    """Return "Språkcafé: delvis uppfyllt. Hälften kom. Ansvarar: biblioteket."."""
    how = say(language, ATTAINMENT_WORDS[Attainment(project.attainment)])
    return _line(
        f"{quoted(project.title, language)}: {how}.",
        project.analysis and quoted(project.analysis, language),
        _responsible(project.responsible, language),
    )


def _responsible(who: str | None, language: str) -> str | None:
    return say(language, message("Ansvarar: {who}."), who=quoted(who, language)) if who else None


def _line(*parts: str | None) -> str:
    return " ".join(filter(None, parts))


def _decision_lines(answer: GivenAnswer, language: str) -> Iterator[str]:
    if answer.decided_by:
        yield say(language, message("Beslutat av {who}."), who=answer.decided_by)
    if answer.diary_number:
        yield say(language, message("Diarienummer {number}."), number=answer.diary_number)
    if answer.replaces:
        yield say(language, message("Den nya utgåvan ersätter {edition}."), edition=answer.replaces)
