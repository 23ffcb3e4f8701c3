"""The one other duty that a sentence without a lifecycle proposes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from styrhjul.documents.duties.certainty import how_sure_of_other
from styrhjul.documents.duties.clauses import Clauses
from styrhjul.documents.duties.exclusions import is_value, merely_happens
from styrhjul.documents.duties.laws import binds_others, cites_the_same, follows_from_law
from styrhjul.documents.duties.proposals import Proposal, Surroundings, condition
from styrhjul.documents.duties.reasons import reason_for
from styrhjul.documents.duties.subjects import acts, subject_of
from styrhjul.documents.duties.topics import is_goals
from styrhjul.documents.language.actors import Subject, SubjectKind, actor_at, stands_for
from styrhjul.documents.language.lexicon import EVERYBODY
from styrhjul.documents.language.modality import Governor, Governs
from styrhjul.documents.language.recurrence import deadline_or_rhythm, find_deadline, find_frequency, recurrence_of
from styrhjul.domain.vocabulary import ActionKind, Modality

_GUIDES = re.compile(
    r"\A\s?(?:vara\s)?(?:vägledande|styrande|bindande|gälla|gällande|tillämpas|följas|användas|"
    r"vara\skänd)(?:\s[\w-]{1,30}){0,2}?\s(?:för|av|i)\s",
    re.IGNORECASE,
)


_HAS = re.compile(r"\s?(?:[\w-]{1,20}\s){0,2}?(?:ha|vara|få|kunna|bli)(?![\w-])", re.IGNORECASE)
_GOES_ON = re.compile(r"\s(?:och|samt|men)\s\Z", re.IGNORECASE)
_WHOEVER = re.compile(r"(?:den|de|var\soch\sen)\ssom\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Act:
    """Another duty in the making: what binds and whom."""

    governor: Governor
    actor: str | None
    examples: tuple[str, ...] = ()


def other_act(clauses: Clauses, around: Surroundings) -> _Act | None:
    """Return what else a sentence binds somebody to, None where it binds nobody or says how things shall be."""
    main, lead = clauses.main, clauses.lead
    if main is None:
        goes_on = lead is not None and clauses.text[:1].islower()
        return (
            _Act(lead.governor, lead.actor, lead.examples)
            if goes_on and lead and lead.governor and lead.actor
            else None
        )
    subject = subject_of(clauses, main)
    after = clauses.text[main.end :]
    if subject.kind is SubjectKind.DOCUMENT:
        guided = _GUIDES.match(after)
        actor = actor_at(after[guided.end() :].split()) if guided else None
        return _Act(main, actor) if actor else None
    if subject.kind is SubjectKind.MISSING or binds_others(subject) or is_value(subject, after):
        return None
    if follows_from_law(clauses.text) or cites_the_same(clauses.text):
        return None
    if subject.kind is SubjectKind.ACTOR and _done_in_time_before(clauses, main):
        main = replace(main, modality=Modality.MUST, words="")
    answers = main.governs is Governs.CLAUSE and subject.kind is SubjectKind.ACTOR
    actor = subject.words if answers else acts(subject, after)
    if actor is None and _WHOEVER.match(subject.words) and not (around.background or _HAS.match(after)):
        actor = subject.words if main.governs is Governs.INFINITIVE else None  # "Den som får en gåva ska …"
    if actor is None and (
        main.modality is Modality.MAY or not _is_done(subject, after) or around.background or is_goals(around.title)
    ):
        return None
    return _Act(main, actor, subject.examples)


def _done_in_time_before(clauses: Clauses, main: Governor) -> bool:
    """Tell whether a weaker word comes after what is done in time: "gör årligen en bedömning och bör då också …"."""
    before = clauses.text[: main.start]
    if main.modality not in {Modality.SHOULD, Modality.MAY} or not _GOES_ON.search(before) or " som " in before:
        return False
    return find_frequency(before) is not None or find_deadline(before) is not None


def _is_done(subject: Subject, after: str) -> bool:
    """Tell whether something is to be done by somebody unnamed: "Resurserna ska fördelas"."""
    passive = re.match(r"\s?(?:[\w-]+\s){0,2}?[\w-]{3,}(?:as|es)(?![\w-])", after)
    return passive is not None and subject.kind in {SubjectKind.OTHER, SubjectKind.ACTOR}


def other_proposal(clauses: Clauses, act: _Act, around: Surroundings) -> Proposal | None:
    """Return the duty that an act is, None for leave given to everybody or to what merely happens."""
    kind, modality, actor = ActionKind.OTHER_DUTY, act.governor.modality, act.actor
    if modality is Modality.MAY:
        after = clauses.text[act.governor.end :] if clauses.main else clauses.text
        if actor is None or EVERYBODY.search(actor) or merely_happens(after):
            return None
    frequency, deadline = find_frequency(clauses.text), find_deadline(clauses.text)
    if frequency is not None and frequency.implied:
        frequency = None
    confidence = how_sure_of_other(act.governor, actor, background=around.background, of_lead=clauses.main is None)
    return Proposal(
        kind=kind,
        modality=modality,
        actor=actor,
        reason=reason_for(kind, modality, act.governor.words, ""),
        confidence=confidence,
        recurrence=recurrence_of(frequency, deadline),
        deadline=deadline_or_rhythm(deadline, frequency),
        condition=condition(clauses, kind, act.governor.end),
        addressees=act.examples or stands_for(actor or "", around.terms),
    )
