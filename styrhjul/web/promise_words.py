"""What the public page of promises says: one section a document, its answers line by line, the whole in a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from styrhjul.db.overview_query import in_swedish_order
from styrhjul.domain.answer import Attainment
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.swedish import listed, number, start
from styrhjul.reports.promise import (
    Promise,
    PublicAssessment,
    Publication,
    PublicGoal,
    PublicPolicy,
    PublicRound,
    RoundStanding,
)
from styrhjul.services.answering.words import OUTCOME_WORDS, TREND_WORDS
from styrhjul.web.words import ATTAINMENT_CHIPS, NBSP, Chip

#: What fell due longer ago stands folded.
_RECENT = timedelta(days=550)
_CHIPS = {
    RoundStanding.ANSWERED: Chip("Klart", "i-done", "is-done"),
    RoundStanding.HANDED_IN: Chip("Lämnat", "i-open", "is-open"),
    RoundStanding.AWAITED: Chip("Väntas", "i-coming", "is-coming"),
    RoundStanding.MISSING: Chip("Svar saknas", "i-late", "is-late"),
    RoundStanding.NO_ANSWER: Chip("Inget svar", "i-none", "is-none"),
    RoundStanding.WAIVED: Chip("Avslutat", "i-none", "is-none"),
}
_NOTES = {
    RoundStanding.ANSWERED: "",
    RoundStanding.HANDED_IN: "Svaret visas här när det är beslutat eller godkänt.",
    RoundStanding.AWAITED: "Senast {day}.",
    RoundStanding.MISSING: "Skulle ha lämnats senast {day}.",
    RoundStanding.NO_ANSWER: "Frivilligt. Skulle ha lämnats senast {day}.",
    RoundStanding.WAIVED: "Avslutat utan svar, genom beslut.",
}
_WORST_FIRST = (
    *(RoundStanding.MISSING, RoundStanding.AWAITED, RoundStanding.HANDED_IN),
    *(RoundStanding.ANSWERED, RoundStanding.NO_ANSWER, RoundStanding.WAIVED),
)
_GOAL_AHEAD = Chip("Följs upp", "i-coming", "is-coming")
#: So many bodies are named; of more the rest are counted.
_NAMED = 3
#: What leads from a point of a list to the next.
_TAIL = re.compile(r"(?:[\s,;]+(?:samt|och|eller)|[,;])+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One goal, or one period as a whole: `told` are labels with what the body has written."""

    body: str
    about: str
    chip: Chip
    told: tuple[tuple[str, str], ...] = ()
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Bodies of which nothing but this can be said."""

    chip: Chip
    bodies: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundShown:
    """A round, "Uppföljning 2026": what was answered, and who else was asked."""

    name: str
    due_on: date
    rows: tuple[Row, ...]
    others: tuple[Alike, ...]

    @property
    def is_ahead(self) -> bool:
        """Whether nothing in it has come about yet."""
        return not self.rows and all(each.chip is _CHIPS[RoundStanding.AWAITED] for each in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A document: what it promises, how it goes now, and how it went before.

    `promises` are those that somebody is asked about, `others` those that nobody reports; each in the text's order.
    """

    policy: PublicPolicy
    promises: tuple[Promise, ...]
    others: tuple[Promise, ...]
    now: tuple[RoundShown, ...]
    before: tuple[RoundShown, ...]


def sections(publication: Publication) -> tuple[Section, ...]:
    """Return one section a document."""
    return tuple(_section(publication, policy) for policy in publication.policies)


def lead(publication: Publication) -> str:
    """Return the whole in one or two sentences, what is missing last."""
    of_goals = [each for each in publication.assessments if each.goal_id is not None]
    whole = len(publication.assessments) - len(of_goals)
    tally = Counter(each.attainment for each in of_goals)
    judged, met, partly = sum(tally.values()), tally[Attainment.MET], tally[Attainment.PARTLY_MET]
    missing = sum(each.standing is RoundStanding.MISSING for each in publication.rounds)
    documents = _counted(len(publication.policies), "styrdokument", "styrdokument")
    promised = _counted(len(publication.promises), "löfte", "löften")
    said = [f"{start(documents)} med {promised} följs här."]
    if judged:
        done = f"{number(met)} {'uppfyllt' if met == 1 else 'uppfyllda'}" if met else "inget uppfyllt"
        some = f" och {number(partly)} delvis" if partly else ""
        said.append(f"Av {_counted(judged, 'mål', 'mål')} som har följts upp är {done}{some}.")
    elif publication.goals:
        decided = "är beslutat" if len(publication.goals) == 1 else "är beslutade"
        said.append(
            f"{start(_counted(len(publication.goals), 'mål', 'mål'))} {decided}, och inget av målen har följts upp."
        )
    if whole:
        said.append(f"{start(_counted(whole, 'uppföljning', 'uppföljningar'))} bedömer en hel period, utan mål.")
    if missing:
        said.append(f"{start(_counted(missing, 'svar', 'svar'))} saknas.")
    return " ".join(said)


def source(policy: PublicPolicy) -> str:
    """Return "Kommunfullmäktige 2017-11-14 § 12, KS-2016-284"; "ej angivet" where the text says nothing."""
    section = f"§{NBSP}{policy.paragraph}" if policy.paragraph else None
    on = policy.adopted_on.isoformat() if policy.adopted_on else None
    decided = " ".join(filter(None, (policy.adopted_by, on, section)))
    return ", ".join(filter(None, (decided, policy.diary_number))) or "beslutet är ej angivet i texten"


def whom(promise: Promise) -> str:
    """Return "Gäller Socialnämnden, Kommunstyrelsen och fem till"."""
    if not promise.bodies:
        return "Gäller kommunens ledning"
    named, more = promise.bodies, len(promise.bodies) - _NAMED
    return f"Gäller {', '.join(named[:_NAMED])} och {number(more)} till" if more > 1 else f"Gäller {listed(named)}"


def _section(publication: Publication, policy: PublicPolicy) -> Section:
    rounds = sorted(_rounds(publication, policy.policy), key=lambda each: (each.due_on, each.name), reverse=True)
    # What nothing has come of yet stands last, the nearest day first.
    past, ahead = [each for each in rounds if not each.is_ahead], [each for each in rounds if each.is_ahead]
    rounds = [*past, *reversed(ahead)]
    since = publication.made_on - _RECENT
    own = [each for each in publication.promises if each.policy == policy.policy]
    asked = [each for each in own if each.action_kind is not ActionKind.OTHER_DUTY] or own
    return Section(
        policy=policy,
        promises=tuple(_sentences(asked)),
        others=tuple(_sentences(each for each in own if each not in asked)),
        now=tuple(each for each in rounds if each.due_on >= since),
        before=tuple(each for each in rounds if each.due_on < since),
    )


def _sentences(promises: Iterable[Promise]) -> Iterator[Promise]:
    """Yield each sentence once, for all whom it binds: it may be read as two duties."""
    found: dict[str, Promise] = {}
    for each in promises:
        before = found.get(each.quote)
        bodies = sorted({*each.bodies, *(before.bodies if before else ())}, key=in_swedish_order)
        found[each.quote] = replace(before or each, bodies=tuple(bodies))
    yield from (replace(each, quote=_ended(each.quote)) for each in found.values())


def _ended(quote: str) -> str:
    """Return a sentence that is a point of a list as it reads alone: without the comma, or "samt", before the next."""
    return _TAIL.sub("", quote.rstrip())


def _rounds(publication: Publication, policy: str) -> Iterator[RoundShown]:
    judged = {each.goal_id for each in publication.assessments}
    goals, assessments = _by_round(publication.goals), _by_round(publication.assessments)
    named: dict[str, list[PublicRound]] = {}
    for each in publication.rounds:
        if each.policy == policy:
            named.setdefault(each.name, []).append(each)
    for name, together in named.items():
        together.sort(key=lambda each: in_swedish_order(each.body))
        rows = [_assessed(one) for each in together for one in assessments.get(each.round_id, ())]
        # A goal that has been judged stands with its judgement.
        ahead = [one for each in together for one in goals.get(each.round_id, ()) if one.goal_id not in judged]
        rows += map(_decided, ahead)
        bare = [each for each in together if each.round_id not in goals and each.round_id not in assessments]
        others = tuple(_alike(bare))
        if rows or others:
            yield RoundShown(name=name, due_on=max(e.due_on for e in together), rows=tuple(rows), others=others)


_Of = TypeVar("_Of", PublicGoal, PublicAssessment)


def _by_round(every: Iterable[_Of]) -> dict[str, list[_Of]]:
    found: dict[str, list[_Of]] = {}
    for each in every:
        found.setdefault(each.round_id, []).append(each)
    return found


def _assessed(it: PublicAssessment) -> Row:
    trend = TREND_WORDS[it.trend][0] if it.trend else ""
    told = (("Utfall", it.result), ("Trend", trend), ("Analys", it.analysis), ("Nästa steg", it.next_step))
    return Row(
        body=it.body,
        about=it.goal or "Perioden som helhet",
        chip=ATTAINMENT_CHIPS[it.attainment],
        told=tuple((label, text) for label, text in told if text),
        decision=_decision(it.decided_on, it.paragraph),
    )


def _decided(goal: PublicGoal) -> Row:
    told = (("Mäts genom", goal.indicator), ("Utgångsläge", goal.baseline), ("Målvärde", goal.target))
    return Row(
        body=goal.body,
        about=goal.goal,
        chip=_GOAL_AHEAD,
        told=tuple((label, text) for label, text in told if text),
        decision=_decision(goal.decided_on, goal.paragraph),
    )


def _alike(rounds: Iterable[PublicRound]) -> Iterator[Alike]:
    """Yield those of whom the same can be said together, what is worst first."""
    found: dict[tuple[int, str], list[PublicRound]] = {}
    for it in rounds:
        outcome = OUTCOME_WORDS.get(it.outcome, "") if it.outcome else ""
        decided = _decision(it.decided_on, it.paragraph)
        note = ", ".join(filter(None, (outcome, f"beslut {decided}" if decided else ""))) + "."
        told = _NOTES[it.standing].format(day=it.due_on.isoformat()) or (start(note) if len(note) > 1 else "")
        found.setdefault((_WORST_FIRST.index(it.standing), told), []).append(it)
    for (place, told), alike in sorted(found.items()):
        yield Alike(chip=_CHIPS[_WORST_FIRST[place]], bodies=tuple(it.body for it in alike), note=told)


def _decision(on: date | None, paragraph: str | None) -> str:
    return " ".join(filter(None, (on.isoformat() if on else "", f"§{NBSP}{paragraph}" if paragraph else "")))


def _counted(count: int, one: str, several: str) -> str:
    return f"{'ett' if count == 1 else number(count)} {one if count == 1 else several}"
