"""The lifecycle duties of a sentence: each kind once, with rhythm, deadline, numbers and condition."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from styrhjul.documents.duties.certainty import how_sure
from styrhjul.documents.duties.clauses import Binding, Clauses
from styrhjul.documents.duties.exclusions import is_daily_work
from styrhjul.documents.duties.goals import count_goals
from styrhjul.documents.duties.kinds import checks_document, fits_kind, fits_plainly
from styrhjul.documents.duties.proposals import Proposal, Surroundings, condition
from styrhjul.documents.duties.reasons import reason_for
from styrhjul.documents.duties.revisions import lasts, revises_own, some_years_on
from styrhjul.documents.language.actions import find_actions
from styrhjul.documents.language.actors import addressed, stands_for
from styrhjul.documents.language.recurrence import (
    PARTS_OF_A_YEAR,
    deadline_or_rhythm,
    find_deadline,
    find_frequency,
    recurrence_of,
)
from styrhjul.domain.vocabulary import ActionKind, Modality

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
#: The plan that comes after this one: "En ny plan ska tas fram innan giltighetstiden löper ut".
_SUCCESSOR = re.compile(r"\b(?:en\sny|den\snya)\splan(?:en)?(?!\sför\b)(?!\w)", re.IGNORECASE)
_NEW_ONE = re.compile(r"\b(?:en|den|ett|det)\s(?:ny|nya|nytt)\s([\w-]{4,40})", re.IGNORECASE)
_YEARS_PLAN = re.compile(r"\b(?:verksamhets|nämnds?|budget|affärs)plan(?:en|er)?\b", re.IGNORECASE)
_BOUND = re.compile(r",\s(?:dock|men)\s(?:minst|senast|alltid)\s", re.IGNORECASE)
_RENEWED = re.compile(
    r"\bsom\s(?:(?:ska|skall|bör)\s)?(?:[\w-]{1,20}\s){0,3}?"
    r"(?:uppdateras?|revideras?|aktualiseras?|förnyas?|ses\söver)(?!\w)[^;:]*",
    re.IGNORECASE,
)
#: "Handlingsplanen revideras vartannat år".
_PLAN_IN_TIME = re.compile(
    r"(?:handlingsplanen|åtgärdsplanen|åtgärdsprogrammet|aktivitetsplanen)\s(?:(?:ska|skall)\s)?"
    r"(?:revideras|ses\söver|uppdateras|förnyas|rullas\sfram|prövas\spå\snytt)\b",
    re.IGNORECASE,
)
#: "presentera en aktivitetsplan för nämnden": the plan is new, or nobody would say "en".
_PRESENTS_PLAN = re.compile(
    r"\b(?:presenterar?|sammanställer?)\s(?:[\w-]{1,20}\s){0,3}?(?:en|ett)\s(?:[\w-]{1,20}\s){0,3}?"
    r"(?:(?:handlings|åtgärds|aktivitets|övnings|utbildnings)plan|(?:åtgärds|handlings)program)\b",
    re.IGNORECASE,
)
_YEARLY = PARTS_OF_A_YEAR - {"monthly"} | {"annual"}
_LOOKS_BACK = frozenset({ActionKind.FOLLOW_UP, ActionKind.REPORT})
#: When a plan that has been made is touched again is not when it is to be made.
_WHEN_NEEDED = re.compile(r"\bsom\s(?:[\w-]{1,20}\s){0,3}?(?:vid\sbehov|löpande|kontinuerligt)\b[^,;:]*", re.IGNORECASE)
_RESERVED = re.compile(r"får\s(?:endast|bara|enbart)", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:\w+ … )?\w+(?:ingen|synen|rapporten|prövningen)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A lifecycle duty in the making: the first verb of its kind, and the words that belong to it."""

    kind: ActionKind
    binding: Binding
    words: str


def lifecycle(clauses: Clauses, found: list[Binding], around: Surroundings) -> list[Proposal]:
    parts = _parts(clauses.text, found)
    claims: dict[ActionKind, _Claim] = {}
    for binding, part in zip(found, parts, strict=True):
        kind = _goes_on(_kind_here(clauses, binding, part, around), binding, claims)
        first = claims.get(kind)
        if first is not None:
            claims[kind] = replace(first, words=f"{first.words} {part}")
        elif kind is not ActionKind.OTHER_DUTY:
            claims[kind] = _Claim(kind, binding, part)
    if ActionKind.SET_GOALS in claims and _holds_goals(claims.get(ActionKind.ACTION_PLAN)):
        del claims[ActionKind.ACTION_PLAN]
    return [_proposal(clauses, claim, parts, around) for claim in claims.values()]


def _holds_goals(plan: _Claim | None) -> bool:
    """Tell whether a plan is the one of the year's work, which goals are set in: "en verksamhetsplan med två mål"."""
    return plan is not None and _YEARS_PLAN.search(plan.binding.hit.words) is not None


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
    if binding.hit.plain:
        daily = is_daily_work(part) or not fits_plainly(kind, part=part, text=clauses.text, actor=binding.actor)
        return ActionKind.OTHER_DUTY if daily else kind
    return _kind_of_verb(clauses, binding, part, around)


def _kind_of_verb(clauses: Clauses, binding: Binding, part: str, around: Surroundings) -> ActionKind:
    kind = binding.hit.kind
    if kind is ActionKind.REVISE and not revises_own(clauses.text, binding.hit, around):
        return _kind_of_another(clauses.text, part)
    if kind is ActionKind.ACTION_PLAN and _replaces_this(part, around):
        return ActionKind.REVISE
    if binding.hit.by_object and not checks_document(
        part,
        acts=binding.actor is not None or addressed(binding.subject.words),
        timed=bool(find_frequency(clauses.text) or find_deadline(clauses.text)),
    ):
        return ActionKind.OTHER_DUTY
    if is_daily_work(part) or not fits_kind(kind, part=part, actor=binding.actor, dated=_is_dated(part)):
        return ActionKind.OTHER_DUTY
    return ActionKind.ACTION_PLAN if kind is ActionKind.REPORT and _PRESENTS_PLAN.search(part) else kind


def _is_dated(part: str) -> bool:
    """Tell whether something is done by a day, or in a rhythm that a year is divided by."""
    rhythm = find_frequency(part)
    return find_deadline(part) is not None or (rhythm is not None and rhythm.recurrence in _YEARLY)


def _kind_of_another(text: str, part: str) -> ActionKind:
    """Return what the revision of something else is: an action plan made anew, or work."""
    if _PLAN_IN_TIME.match(text) and find_frequency(part):
        return ActionKind.REVISE
    return ActionKind.ACTION_PLAN if "handlingsplan" in text.lower() else ActionKind.OTHER_DUTY


def _replaces_this(part: str, around: Surroundings) -> bool:
    """Tell whether the plan is the one that comes after this document: "en ny plan", "en ny biblioteksplan"."""
    made = _NEW_ONE.search(part)
    return bool(_SUCCESSOR.search(part)) or (made is not None and made[1].lower() in around.own_words)


def _proposal(clauses: Clauses, claim: _Claim, parts: list[str], around: Surroundings) -> Proposal:
    kind, binding = claim.kind, claim.binding
    lead = clauses.lead.text if clauses.lead else ""
    opening = f"{lead} {clauses.text[: binding.hit.start]}"
    said, renewed = claim.words, ""
    if kind is ActionKind.ACTION_PLAN:
        said, renewed = _WHEN_NEEDED.sub("", said), _renewed(clauses.text[binding.hit.end :])
    lent = parts if _shares_its_words(claim) else []
    deadline = find_deadline(said) or find_deadline(opening) or find_deadline(renewed)
    frequency = next(
        (
            one
            for words in (said, lead, *lent, opening, _at_least(clauses.text), renewed)
            if (one := find_frequency(words))
        ),
        lasts(clauses.text) if kind is ActionKind.REVISE and deadline is None else None,
    )
    if kind in _LOOKS_BACK and frequency is None and deadline is None:
        deadline = some_years_on(clauses.text)
    goals = count_goals(claim.words) if kind is ActionKind.SET_GOALS else (None, None)
    confidence = how_sure(binding, kind, clauses.text, background=around.background, goals=goals)
    return Proposal(
        kind=kind,
        modality=binding.modality,
        actor=binding.actor,
        reason=reason_for(kind, binding.modality, binding.words, binding.hit.words),
        confidence=confidence,
        recurrence=recurrence_of(frequency, deadline),
        deadline=deadline_or_rhythm(deadline, frequency),
        artefact=_artefact(kind, claim.words),
        goals=goals,
        condition=condition(clauses, kind, binding.hit.end),
        names_who=bool(_DEFINITE.fullmatch(binding.hit.words)) and frequency is None and deadline is None,
        addressees=binding.examples or stands_for(binding.actor or "", around.terms),
    )


def _at_least(text: str) -> str:
    """Return what a sentence ends with to bound its rhythm: "…, dock minst en gång per mandatperiod"."""
    return text[match.start() :] if (match := _BOUND.search(text)) else ""


def _renewed(text: str) -> str:
    """Return what is said of a plan's renewal, which is when it is made again: "som uppdateras årligen senast …"."""
    match = _RENEWED.search(text)
    said = match[0] if match else ""
    rhythm = find_frequency(said)
    return said if rhythm is not None and rhythm.recurrence != "as_needed" else ""


def _shares_its_words(claim: _Claim) -> bool:
    """Tell whether the next verb's words are this one's too: nothing stands between it and "och revideras årligen"."""
    return not claim.words.rpartition(claim.binding.hit.words.split()[-1])[2].strip(" ,")


def _artefact(kind: ActionKind, part: str) -> str | None:
    if match := _IN_ARTEFACT.search(part):
        return match[1]
    made = _MADE[kind].search(part) if kind in _MADE else None
    return made[0] if made else None
