"""Which verbs of a lifecycle bind in a sentence, how strongly, and whom."""

from __future__ import annotations

import re

from styrhjul.documents.duties.clauses import Binding, Clauses, Lead
from styrhjul.documents.duties.subjects import lead_subject, passive_actor, present_subject, subject_of
from styrhjul.documents.language.actions import Hit, find_actions, responsibilities
from styrhjul.documents.language.actors import (
    Subject,
    SubjectKind,
    actor_after,
    actor_at,
    addressed,
    may_act,
    read_subject,
)
from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.lexicon import DOCUMENT_WORD
from styrhjul.documents.language.modality import Governor, Governs, follows_fronted_clause, is_subordinate
from styrhjul.documents.language.recurrence import find_deadline, find_frequency
from styrhjul.domain.vocabulary import Modality

_PURPOSE = re.compile(
    r"\b(?:för|genom|utan|syfte|så|möjlighet|möjligheter|förutsättningar|tillfälle|rätt)\satt\b", re.IGNORECASE
)
#: "en samlad analys som delges kommunstyrelsen": what is new is made in order to be told.
_NEW_THING = re.compile(r"\b(?:en|ett)\s(?:[\w-]{1,40}\s){1,3}som\s(?P<who>(?:[\w-]{2,40}\s){0,2})\Z", re.IGNORECASE)
_TASK = re.compile(r"(?:årligen\s|löpande\s|att\s)?(?:[\w-]{2,}a|se|ge|ta|avge|delge)\s", re.IGNORECASE)
#: "handlingsplaner som tas fram av respektive sektor".
_PLANS_THAT = re.compile(r"planer\ssom\s\Z", re.IGNORECASE)
_WAS_MEANT = re.compile(r"\bskulle\b", re.IGNORECASE)
#: "Någon särskild uppföljning görs inte": the present tense binds nobody to what it denies.
_DENIED = re.compile(r"\A(?:\s[\w-]{1,40}){0,2}?\s(?:inte|ej|aldrig)(?!\w)", re.IGNORECASE)
#: "att beslut inte anmäls": a denial before its verb stands in a subordinate clause only.
_NOT_BEFORE = re.compile(r"\b(?:inte|ej|aldrig)\s\Z", re.IGNORECASE)
#: "ansvarar för att … och för att verksamheten årligen bryter ned …".
_AND_TO = re.compile(r"\s(?:och|samt)\sför\satt\s", re.IGNORECASE)
#: "trots att den skulle göras varje år": what was meant once.
_ONCE_MEANT = re.compile(r"\bskulle\s(?:[\w-]{1,20}\s){0,3}\Z", re.IGNORECASE)


def bindings(clauses: Clauses) -> list[Binding]:
    """Return the lifecycle verbs that bind, in order, one for each verb."""
    found: list[Binding] = []
    hits = [*find_actions(clauses.text)]
    for governor in clauses.governors:
        if governor.governs is Governs.CLAUSE and not governor.subordinate and governor.words.lower().endswith("för"):
            hits += responsibilities(clauses.text, governor.end)
    for hit in sorted(hits, key=lambda one: one.start):
        binding = None if _is_left_undone(clauses.text, hit) else _bind(clauses, hit, found)
        if binding is not None:
            found.append(binding)
    return found


def _bind(clauses: Clauses, hit: Hit, found: list[Binding]) -> Binding | None:
    governor = _governor_of(clauses, hit)
    between = clauses.text[governor.end if governor else 0 : hit.start]
    led = clauses.lead is not None and clauses.lead.governor is not None
    if hit.form is Form.PASSIVE_INFINITIVE and governor is None and not led:  # "som skulle göras", "anges"
        return None
    if hit.form.finite or (hit.form.passive and governor is None and not led):
        return _bind_finite(clauses, hit, governor, found)
    if _PURPOSE.search(_AND_TO.sub(" ", between)[-200:]) or (hit.form.passive and is_subordinate(between)):
        return None
    if governor is not None:
        return None if governor.subordinate else bound(clauses, hit, governor, found)
    lead = clauses.lead
    if lead is not None and (lead.governor is not None or (lead.tasks and _begins_task(clauses.text))):
        return bound_by_lead(lead, hit)
    return None


#: "ska varken följas upp eller revideras", "låta bli att redovisa", "måste inte följa upp".
_LEFT_UNDONE = re.compile(
    r"\b(?:(?<!som\s)varken|(?<!som\s)vare\ssig|låt(?:a|er)\sbli\satt|avstå(?:r|s)?(?:\sfrån)?\satt|undvik(?:a|er)\satt|upphör(?:a)?\s(?:med\s)?att|"
    r"slut(?:a|ar)\s(?:med\s)?att|befrias\sfrån\satt|slipp(?:a|er)|underlåt(?:a|er)\satt|måste\s(?:inte|ej|icke))"
    r"(?:\s[\w-]{1,40}){0,8}?\s\Z",
    re.IGNORECASE,
)
_NEAR = 160


def _is_left_undone(text: str, hit: Hit) -> bool:
    return _LEFT_UNDONE.search(text[max(0, hit.start - _NEAR) : hit.start]) is not None


def is_denied(text: str, hit: Hit) -> bool:
    """Tell whether the words around a verb say that it is not done: "görs inte", "låta bli att göra"."""
    if _is_left_undone(text, hit):
        return True
    told = hit.form.finite or hit.form is Form.PASSIVE
    return told and (_DENIED.match(text[hit.end :]) or _NOT_BEFORE.search(text[: hit.start])) is not None


def _begins_task(text: str) -> bool:
    return _TASK.match(text) is not None


def _governor_of(clauses: Clauses, hit: Hit) -> Governor | None:
    """Return the nearest binding word before a verb; one inside a clause that a comma has closed is passed over."""
    before = [one for one in clauses.governors if one.end <= hit.start]
    open_ = [one for one in before if not (one.subordinate and "," in clauses.text[one.end : hit.start])]
    return next(reversed(open_ or before), None)


def bound(clauses: Clauses, hit: Hit, governor: Governor, found: list[Binding]) -> Binding | None:
    main = clauses.main
    earlier = None
    if main is not None and governor is not main:
        earlier = found[-1].subject if found else subject_of(clauses, main)
    subject = subject_of(clauses, governor, earlier)
    if (
        not hit.form.passive
        and subject.kind in {SubjectKind.DOCUMENT, SubjectKind.PERSON}
        and not _we_promise(clauses, subject)
    ):
        return None
    actor = None if subject.kind is SubjectKind.PERSON else subject.words or None
    if hit.form.passive and governor.governs is not Governs.CLAUSE:
        actor = passive_actor(clauses, hit, found)
    return Binding(hit, governor.modality, governor.words, actor, subject, subject.examples)


def bound_by_lead(lead: Lead, hit: Hit) -> Binding:
    governor = lead.governor
    modality = governor.modality if governor else Modality.MUST
    return Binding(hit, modality, governor.words if governor else "", lead.actor, lead_subject(lead), lead.examples)


def _bind_finite(clauses: Clauses, hit: Hit, governor: Governor | None, found: list[Binding]) -> Binding | None:
    between = _AND_TO.sub(" ", clauses.text[governor.end if governor else 0 : hit.start])
    if is_denied(clauses.text, hit) or _only_tells(hit, between, clauses.text):
        return None
    if governor is not None and not governor.subordinate and governor.governs is Governs.CLAUSE:
        return bound(clauses, hit, governor, found)
    lead = clauses.lead
    if lead is not None and lead.governor is not None and lead.governor.governs is Governs.CLAUSE:
        return bound_by_lead(lead, hit)
    if hit.form is Form.STATE:
        return None
    return bind_present(clauses, hit, found)


def bind_present(clauses: Clauses, hit: Hit, found: list[Binding]) -> Binding | None:
    """Bind a verb that nothing but its present tense makes binding."""
    if hit.form.passive:
        actor = passive_actor(clauses, hit, found)
        return Binding(hit, Modality.MUST, "", actor, read_subject(clauses.text[: hit.start]))
    subject = present_subject(clauses, hit, found)
    if subject.kind is SubjectKind.ACTOR or may_act(subject):
        return Binding(hit, Modality.MUST, "", subject.words, subject, subject.examples)
    return Binding(hit, Modality.MUST, "", None, subject) if _we_promise(clauses, subject) else None


def _we_promise(clauses: Clauses, subject: Subject) -> bool:
    """Tell whether "vi" says when it acts or on which document; without either it tells what people are like."""
    if subject.kind is not SubjectKind.PERSON or not addressed(subject.words):
        return False
    if clauses.topical:
        return True
    rhythm = find_frequency(clauses.text)
    if (rhythm is not None and rhythm.recurrence != "as_needed") or find_deadline(clauses.text) is not None:
        return True
    return any(DOCUMENT_WORD.fullmatch(word.strip(" ,.;:()”")) for word in clauses.text.split())


def _only_tells(hit: Hit, between: str, text: str) -> bool:
    """Tell whether a present verb stands in a clause that binds nobody: "som följer upp", "för att redovisas"."""
    if _ONCE_MEANT.search(text[: hit.start]):
        return True
    if follows_fronted_clause(text, text[hit.start :], passive=hit.form.passive):
        return False
    if _WAS_MEANT.search(between[-60:]):
        return True
    named = _NEW_THING.search(between)
    new = (named and (not named["who"] or actor_at(named["who"].split()))) or (
        _PLANS_THAT.search(between) and actor_after(text[hit.end :], "av")
    )
    return (is_subordinate(between) and not new) or bool(_PURPOSE.search(between[-60:]))
