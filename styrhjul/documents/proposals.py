"""What one sentence proposes: its binding verbs, each with rhythm, deadline, numbers and condition."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from styrhjul.documents.actions import Hit, find_actions
from styrhjul.documents.actors import Subject, SubjectKind, actor_at, addressed, is_actor, stands_for
from styrhjul.documents.certainty import how_sure, how_sure_of_other
from styrhjul.documents.clauses import Binding, Clauses, acts, bindings, subject_of
from styrhjul.documents.conditions import condition_of
from styrhjul.documents.exclusions import (
    binds_others,
    checks_document,
    cites_the_same,
    concerns_one_person,
    fits_kind,
    follows_from_law,
    is_daily_work,
    is_goals,
    is_others_act,
    is_value,
    left_to_law,
    merely_happens,
    retells_another,
    retells_law,
    revises_something_else,
)
from styrhjul.documents.goals import count_goals
from styrhjul.documents.lexicon import DOCUMENT_WORD, EVERYBODY
from styrhjul.documents.modality import Governor, Governs
from styrhjul.documents.reasons import doubt, name_actor, reason_for
from styrhjul.documents.recurrence import deadline_or_rhythm, find_deadline, find_frequency, recurrence_of
from styrhjul.documents.verbs import KEPT
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

_JOINT = re.compile(r"(?:,\s)?\b(?:och|samt|men)\s(?:att\s)?|;\s|,\s", re.IGNORECASE)
_ARTEFACT = (
    r"(?:årsredovisning|årsbokslut|bokslut|verksamhetsberättelse|delårsrapport|delårsbokslut|tertialrapport|"
    r"årsrapport|verksamhetsplan|"
    r"nämndsplan|budget|internbudget|hållbarhetsredovisning|personalbokslut|kvalitetsrapport|"
    r"uppföljningsrapport|internkontrollplan|"
    r"måldokument)(?:en|et|er|erna|n|r|rna|ar|arna)?"
)
_IN_ARTEFACT = re.compile(
    rf"\b(?:i|genom|med|inom|till)\s(?:[\w-]{{1,40}}\s){{0,3}}?({_ARTEFACT})(?!\w)", re.IGNORECASE
)
_MADE = {
    ActionKind.ACTION_PLAN: re.compile(
        r"\b[\w-]{0,30}(?:handlingsplan|åtgärdsplan|aktivitetsplan|handlingsprogram)(?:en|er|erna|met)?(?!\w)",
        re.IGNORECASE,
    ),
    ActionKind.REPORT: re.compile(
        r"\b(?:slutrapport|lägesrapport|årsrapport|delrapport|uppföljningsrapport)(?:en|er)?(?!\w)", re.IGNORECASE
    ),
}
_GUIDES = re.compile(
    r"\A\s?(?:vara\s)?(?:vägledande|styrande|bindande|gälla|gällande|tillämpas|följas|användas|"
    r"vara\skänd)(?:\s[\w-]{1,30}){0,2}?\s(?:för|av|i)\s",
    re.IGNORECASE,
)
#: The plan that comes after this one: "En ny plan ska tas fram innan giltighetstiden löper ut".
_SUCCESSOR = re.compile(r"\b(?:en\sny|den\snya)\splan(?:en)?(?!\sför\b)(?!\w)", re.IGNORECASE)
#: What is tried then is how the document is kept, not the document.
_KEPT = re.compile(rf"\b{KEPT}\Z", re.IGNORECASE)
_BOUND = re.compile(r",\s(?:dock|men)\s(?:minst|senast|alltid)\s", re.IGNORECASE)
_THAT = re.compile(
    r"((?:[\w-]{1,40}\s){0,4}[\w-]{3,40}),?\s(?:som|vilken|vilket)\s(?:[\w-]{1,20}\s){0,2}\Z", re.IGNORECASE
)
_BARE_TYPE = len("styrdokumentet")
_ASKS_OF_IT = re.compile(r"\bom\s(?:den|det|denna|detta|dokumentet)\s", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\Z")
_AND = re.compile(r"\b(?:och|samt)\b", re.IGNORECASE)
_STEM = 5
_DEFINITE_ENDS = ("n", "na", "et")
_RESERVED = re.compile(r"får\s(?:endast|bara|enbart)", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:\w+ … )?\w+(?:ingen|synen|rapporten|prövningen)", re.IGNORECASE)
_PARTICLES = frozenset({"över", "efter", "dessa", "denna", "eller"})
#: What is revised then is the document, or a list that stands in it.
_OF_ITSELF = tuple(
    "revider översyn giltig aktivitetslist åtgärdslist ändamålsenlig aktualitet aktuell uppdater prövning".split()
)
_REVISION_NOUN = re.compile(r"(?:översyn|revidering|uppdatering|omarbetning|aktualisering|prövning)", re.IGNORECASE)
_REVISION_OF = re.compile(rf"{_REVISION_NOUN.pattern}(?:en|ar|arna)?\sav\s(.{{3,120}})", re.IGNORECASE)
#: "Biblioteksplanen är ett syskon till programmet och" + "revideras": of the subject, not of what stands between.
_TWO_VERBS = re.compile(
    r"\A((?:[\w-]{1,40}\s){1,7}?)(?:är|utgör|kompletterar|hör|ansluter|bygger|ingår)\s[^,;:]{3,120}\soch\s(?:[\w-]{1,20}\s){0,2}\Z",
    re.IGNORECASE,
)
#: "upprätta en dokumenthanteringsplan och" + "se över den".
_MADE_BEFORE = re.compile(
    r"\b(?:en|ett|sin|sina|egna|egen|lokala?)\s(?:[\w-]{1,40}\s){0,2}?[\w-]{2,40}(?:plan|planer|list[ao]r?|rutin(?:er)?|förteckning|register)\b",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"\A\s(den|det|dem|denna|dessa|detta)(?=\s(?:varje|årligen|vid|efter|inför|minst|senast|en\sgång|vart|var|under|i|när|om|och|"
    r"samt|löpande|på|senast|tidigast)\b|[.,;]|\Z)",
    re.IGNORECASE,
)
_OWN = re.compile(r"\A(?:den|denna|detta|dokumentet|det)(?!\s\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A duty as its sentence states it, before it gets its place in the document."""

    kind: ActionKind
    modality: Modality
    actor: str | None
    reason: str
    confidence: Confidence = Confidence.HIGH
    recurrence: str | None = None
    deadline: str | None = None
    artefact: str | None = None
    goals: tuple[int | None, int | None] = (None, None)
    condition: str | None = None
    names_who: bool = False  #: "Kommunchefen ansvarar för uppföljningen": whose it is, of what a sentence nearby says
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the document tells about every sentence of a section."""

    title: str
    own_words: frozenset[str]
    terms: Mapping[str, tuple[str, ...]]
    background: bool
    #: A section on what others have decided: only a body named in it can be bound, and not surely.
    of_others: bool = False
    leads_in: bool = False  #: an unfinished line above a list: its items are the duties, not the line itself


@dataclass(frozen=True, slots=True)
class _Claim:
    """A lifecycle duty in the making: the first verb of its kind, and the words that belong to it."""

    kind: ActionKind
    binding: Binding
    words: str


@dataclass(frozen=True, slots=True)
class _Act:
    """Another duty in the making: what binds and whom."""

    governor: Governor
    actor: str | None
    examples: tuple[str, ...] = ()


def propose(clauses: Clauses, around: Surroundings) -> list[Proposal]:
    """Return what a sentence proposes: its lifecycle duties in order, or else at most one other duty."""
    if concerns_one_person(clauses.text) or retells_another(clauses.text, around.own_words):
        return []
    found = [
        one
        for one in bindings(clauses)
        if not binds_others(one.subject)
        and not retells_law(clauses.text, one.subject)
        and not _of_another_document(clauses.text, one, around)
        and not (is_others_act(one.actor, clauses.text[one.hit.end :]) or left_to_law(clauses.text, one.actor))
    ]
    if around.of_others:
        found = [one for one in found if one.actor is not None]
    lifecycle = _lifecycle(clauses, found, around)
    if lifecycle or around.leads_in:
        return lifecycle
    act = _other_act(clauses, around)
    other = _other_proposal(clauses, act, around) if act is not None else None
    return [other] if other is not None else []


def _of_another_document(text: str, binding: Binding, around: Surroundings) -> bool:
    """Tell whether a verb stands with another document than this: "trafikstrategin, som följs upp av nämnden"."""
    if binding.hit.kind is ActionKind.REVISE and _IN_BRACKETS.search(text[: binding.hit.start]):
        return True
    relative = _THAT.search(text[: binding.hit.start])
    if relative is None or not binding.hit.form.passive:
        return False
    words = [word.lower() for word in relative[1].split() if DOCUMENT_WORD.fullmatch(word)]
    if not words:
        return binding.hit.kind is ActionKind.REVISE
    word = words[-1]
    return not word.endswith(_DEFINITE_ENDS) or (
        len(word) > _BARE_TYPE and not any(own[:_STEM] == word[:_STEM] for own in around.own_words)
    )


def _lifecycle(clauses: Clauses, found: list[Binding], around: Surroundings) -> list[Proposal]:
    parts = _parts(clauses.text, found)
    claims: dict[ActionKind, _Claim] = {}
    for binding, part in zip(found, parts, strict=True):
        kind = _goes_on(_kind_here(clauses, binding, part, around), binding, claims)
        first = claims.get(kind)
        if first is not None:
            claims[kind] = replace(first, words=f"{first.words} {part}")
        elif kind is not ActionKind.OTHER_DUTY:
            claims[kind] = _Claim(kind, binding, part)
    return [_proposal(clauses, claim, parts, around) for claim in claims.values()]


def _goes_on(kind: ActionKind, binding: Binding, claims: Mapping[ActionKind, _Claim]) -> ActionKind:
    """Return what a verb is about: in "uppföljningen sker årligen och lämnas i juni" still the follow-up."""
    thing = binding.hit.words.split()[0]
    same = [each for each, claim in claims.items() if claim.binding.hit.words.split()[0] == thing]
    return same[0] if same and kind is ActionKind.OTHER_DUTY else kind


def _parts(text: str, found: list[Binding]) -> list[str]:
    """Return what each binding verb has of the sentence: cut at the last joint before the next verb, binding or not."""
    starts = sorted({hit.start for hit in find_actions(text)} | {one.hit.start for one in found})
    ends = {one.hit.start: one.hit.end for one in found}
    cuts = {start: start for start in starts[1:]}
    for one, following in itertools.pairwise(starts):
        joints = [match.start() for match in _JOINT.finditer(text, min(ends.get(one, one), following), following)]
        cuts[following] = joints[-1] if joints else following
    bounds = [0, *(cuts[start] for start in starts[1:]), len(text)]
    part_of = {start: text[bounds[number] : bounds[number + 1]] for number, start in enumerate(starts)}
    return [part_of[one.hit.start] for one in found]


def _kind_here(clauses: Clauses, binding: Binding, part: str, around: Surroundings) -> ActionKind:
    kind = binding.hit.kind
    if binding.modality is Modality.MUST_NOT or _RESERVED.match(binding.words):
        # What is forbidden, or reserved to somebody, is no round to open.
        return ActionKind.OTHER_DUTY
    if kind is ActionKind.REVISE and not _revises_own(clauses.text, binding.hit, around):
        return ActionKind.ACTION_PLAN if "handlingsplan" in clauses.text.lower() else ActionKind.OTHER_DUTY
    if kind is ActionKind.ACTION_PLAN and _SUCCESSOR.search(part):
        return ActionKind.REVISE
    if binding.hit.by_object and not checks_document(
        part,
        acts=binding.actor is not None or addressed(binding.subject.words),
        timed=bool(find_frequency(clauses.text) or find_deadline(clauses.text)),
    ):
        return ActionKind.OTHER_DUTY
    if is_daily_work(part) or not fits_kind(
        kind, part=part, actor=binding.actor, dated=find_deadline(part) is not None
    ):
        return ActionKind.OTHER_DUTY
    return kind


def _revises_own(text: str, hit: Hit, around: Surroundings) -> bool:
    """Tell whether the document itself is revised: named, meant by "den", or not named at all."""
    if hit.form.passive and _KEPT.search(text[: hit.end]):
        return False
    if _MEANT.match(text[hit.end :]) and _MADE_BEFORE.search(text[: hit.start]):
        return False
    target = _revised(text, hit)
    words = [word for raw in target.split() if (word := raw.strip(' ,.;:()”"').lower()) not in _PARTICLES]
    named = [word for word in words if DOCUMENT_WORD.fullmatch(word) or word in around.own_words]
    if any(
        word in around.own_words or word.rstrip("n") not in {"rutine", "rutin", "regler"} for word in named
    ) or _OWN.match(target.strip()):
        return True
    if _ASKS_OF_IT.search(hit.words) or _is_first(text, hit):  # "kollar om den behöver göras om"
        return True
    if hit.words.lower() == "prövas" or (target and revises_something_else(text[: hit.end + 80])):  # applications too
        return False
    nouns = [
        word
        for word in words
        if len(word) > 3 and word.endswith(("en", "et", "er", "erna", "arna", "or", "na", "an")) and not is_actor(word)
    ]
    return not nouns or any(word.startswith(_OF_ITSELF) for word in words)


def _is_first(text: str, hit: Hit) -> bool:
    """Tell whether "se över den" is the first the sentence does, so that it names nothing else: "den" is the text."""
    return _OWN.match(text[hit.end :].strip()) is not None and not _AND.search(text[: hit.start])


def _revised(text: str, hit: Hit) -> str:
    """Return the words that say what is revised: the subject of a passive, what a noun is "av", or the object."""
    if _REVISION_NOUN.search(hit.words):
        of = _REVISION_OF.search(text)
        return of[1] if of else "" if hit.form.passive else text[hit.start : hit.start + 120]
    if hit.form.passive:
        coordinated = _TWO_VERBS.match(text[: hit.start])
        return coordinated[1] if coordinated else text[: hit.start]
    if meant := _MEANT.match(text[hit.end :]):
        return meant[1]
    return text[hit.start : hit.start + 120]


def _proposal(clauses: Clauses, claim: _Claim, parts: list[str], around: Surroundings) -> Proposal:
    kind, binding = claim.kind, claim.binding
    lead = clauses.lead.text if clauses.lead else ""
    opening = f"{lead} {clauses.text[: binding.hit.start]}"
    lent = parts if _shares_its_words(claim) else []
    frequency = next(
        (
            one
            for words in (claim.words, lead, *lent, opening, _at_least(clauses.text))
            if (one := find_frequency(words))
        ),
        None,
    )
    deadline = find_deadline(claim.words) or find_deadline(opening)
    goals = count_goals(claim.words) if kind is ActionKind.SET_GOALS else (None, None)
    confidence = how_sure(binding, kind, clauses.text, background=around.background, goals=goals)
    return Proposal(
        kind=kind,
        modality=binding.modality,
        actor=binding.actor,
        reason=doubt(
            name_actor(reason_for(kind, binding.modality, binding.words, binding.hit.words), binding.actor), confidence
        ),
        confidence=confidence,
        recurrence=recurrence_of(frequency, deadline),
        deadline=deadline_or_rhythm(deadline, frequency),
        artefact=_artefact(kind, claim.words),
        goals=goals,
        condition=_condition(clauses, kind, binding.hit.end),
        names_who=bool(_DEFINITE.fullmatch(binding.hit.words)) and frequency is None and deadline is None,
        addressees=binding.examples or stands_for(binding.actor or "", around.terms),
    )


def _at_least(text: str) -> str:
    """Return what a sentence ends with to bound its rhythm: "…, dock minst en gång per mandatperiod"."""
    return text[match.start() :] if (match := _BOUND.search(text)) else ""


def _shares_its_words(claim: _Claim) -> bool:
    """Tell whether the next verb's words are this one's too: nothing stands between it and "och revideras årligen"."""
    return not claim.words.rpartition(claim.binding.hit.words.split()[-1])[2].strip(" ,")


def _condition(clauses: Clauses, kind: ActionKind, verb_end: int) -> str | None:
    return condition_of(clauses.text, kind, main_at=clauses.main.start if clauses.main else None, verb_end=verb_end)


def _artefact(kind: ActionKind, part: str) -> str | None:
    if match := _IN_ARTEFACT.search(part):
        return match[1]
    made = _MADE[kind].search(part) if kind in _MADE else None
    return made[0] if made else None


def _other_act(clauses: Clauses, around: Surroundings) -> _Act | None:
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
    answers = main.governs is Governs.CLAUSE and subject.kind is SubjectKind.ACTOR
    actor = subject.words if answers else acts(subject, after)
    if actor is None and (
        main.modality is Modality.MAY or not _is_done(subject, after) or around.background or is_goals(around.title)
    ):
        return None
    return _Act(main, actor, subject.examples)


def _is_done(subject: Subject, after: str) -> bool:
    """Tell whether something is to be done by somebody unnamed: "Resurserna ska fördelas"."""
    passive = re.match(r"\s?(?:[\w-]+\s){0,2}?[\w-]{3,}(?:as|es)(?![\w-])", after)
    return passive is not None and subject.kind in {SubjectKind.OTHER, SubjectKind.ACTOR}


def _other_proposal(clauses: Clauses, act: _Act, around: Surroundings) -> Proposal | None:
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
        reason=doubt(name_actor(reason_for(kind, modality, act.governor.words, ""), actor), confidence),
        confidence=confidence,
        recurrence=recurrence_of(frequency, deadline),
        deadline=deadline_or_rhythm(deadline, frequency),
        condition=_condition(clauses, kind, act.governor.end),
        addressees=act.examples or stands_for(actor or "", around.terms),
    )
