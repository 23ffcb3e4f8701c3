"""A third look at a sentence, for a lifecycle told in plain words: what it finds waits for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from styrhjul.documents.duties.binding import bind_present, bound, bound_by_lead, is_denied
from styrhjul.documents.duties.clauses import Binding, Clauses
from styrhjul.documents.language.actions import Hit
from styrhjul.documents.language.actors import Subject, SubjectKind, actor_at, may_act, read_subject
from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.modality import Governs, follows_fronted_clause, is_subordinate
from styrhjul.documents.language.recurrence import find_deadline, find_frequency
from styrhjul.documents.language.sayings import SAYINGS, Saying
from styrhjul.domain.vocabulary import ActionKind, Modality

#: Times of a year or a period that no rule of deadlines counts by.
_SOME_TIME = re.compile(
    r"\b(?:när\s(?:året|perioden)|(?:det\s)?(?:gångna|nästa|kommande|föregående)\s(?:år|kalenderår|period)\w*|mandatperiod\w*|bokslut\w*|årsredovisning\w*|"
    r"delår\w*|[\w-]*budget\w*|verksamhetsplan\w*|verksamhetsberättelse\w*|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|"
    r"december|våren|hösten|årsskifte\w*|tertial\w*|kvartal\w*|halvår\w*|år(?:et)?s\s(?:slut|början)|(?:slutet|början|mitten)\sav|halva|inför\s|val(?:et)?|[\w-]+sammanträde\w*|20\d\d|"
    r"(?:två|tre|fyra|fem|sex)\s(?:månader|år)|tredje\sår|därefter|därvid|dessförinnan|samtidigt)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:för|genom|utan|syfte|så|möjlighet|rätt|till)\satt\s(?:[\w-]{1,30}\s){0,6}\Z", re.IGNORECASE
)

#: What opens a sentence and is over before its verb: "Vad genomgången visat", "När året är slut", "besluta att".
_OPENED = re.compile(
    r"\A\s?(?:vad|hur|vilka|att|åt\svilket\shåll)\s(?=.*\b(?:har|visat|skett|framkommit|gått|utvecklats|ska|skall|tänker|vill|avser)\b)[^,]*?"
    r"(?=\Z)|\A\s?när\s(?:[\w-]{1,30}\s){1,5}?(?:slut|klar\w{0,2}|plats|över)\s|\b(?:besluta|föreslå)\satt\s(?=\Z)",
    re.IGNORECASE,
)
_GIVEN = {Form.PRESENT: Form.PASSIVE_PRESENT, Form.INFINITIVE: Form.PASSIVE_INFINITIVE}
_LONGEST_ACTOR = 120
#: Nobody says so much in plain words; a longer sentence would take too long to look through.
_LONGEST = 500
_GIVES_LEAVE = re.compile(
    r"\s(?:[\w-]{1,30}\s){0,5}?(?:möjlighet|tillfälle|insyn|utrymme|stöd|rätt|råd)\b", re.IGNORECASE
)


def said_bindings(clauses: Clauses) -> list[Binding]:
    """Return what binds in plain words, at most one of each kind."""
    found: list[Binding] = []
    if len(clauses.text) > _LONGEST:
        return found
    timed = _is_timed(clauses)
    for saying in SAYINGS:
        if (saying.timed and not timed) or any(one.hit.kind is saying.kind for one in found):
            continue
        binding = next((one for hit in _hits(clauses.text, saying) if (one := _bind(clauses, hit))), None)
        if binding is not None:
            found.append(binding)
    if any(one.hit.kind is ActionKind.SET_GOALS for one in found):
        found = [one for one in found if one.hit.kind is not ActionKind.ACTION_PLAN]
    return sorted(found, key=lambda one: one.hit.start)


def _is_timed(clauses: Clauses) -> bool:
    lead = clauses.lead.text if clauses.lead else ""
    said = f"{lead} {clauses.text}"
    return bool(clauses.topical or find_frequency(said) or find_deadline(said) or _SOME_TIME.search(said))


def _hits(text: str, saying: Saying) -> Iterator[Hit]:
    for form, pattern in saying.verbs:
        for match in pattern.finditer(text):
            behind = saying.after and (not form.passive or saying.says.pattern.startswith(r"\A"))
            scope = text[match.end() :] if behind else text
            if saying.says.search(scope):
                said = _GIVEN.get(form, form) if saying.given else form
                yield Hit(saying.kind, said, match.start(), match.end(), match[0], plain=True)


def _bind(clauses: Clauses, hit: Hit) -> Binding | None:
    if is_denied(clauses.text, hit) or any(one.start <= hit.start < one.end for one in clauses.governors):
        return None
    governor = next((one for one in reversed(clauses.governors) if one.end <= hit.start and not one.subordinate), None)
    between = _OPENED.sub("", clauses.text[governor.end if governor else 0 : hit.start])
    if governor is not None and governor.governs is Governs.AFTER_ACTOR:  # "åligger nämnden att"
        between = between.partition(" att")[2]
    if _is_inside(clauses, hit, between) or (
        _GIVES_LEAVE.match(clauses.text[hit.end :]) and hit.kind is ActionKind.REPORT
    ):
        return None
    if governor is not None and (not hit.form.finite or governor.governs is Governs.CLAUSE):
        return _with_actor(bound(clauses, hit, governor, []), clauses.text[governor.end :])
    if clauses.lead is not None and clauses.lead.governor is not None and not hit.form.finite:
        return bound_by_lead(clauses.lead, hit)
    if hit.form in {Form.INFINITIVE, Form.PASSIVE_INFINITIVE}:
        return None
    return bind_present(clauses, hit, []) or _stranger(clauses, hit)


def _with_actor(binding: Binding | None, following: str) -> Binding | None:
    """Name whoever stands behind the binding word, where nobody stands before it."""
    if binding is None or binding.actor is not None or binding.hit.form.passive:
        return binding
    return replace(binding, actor=actor_at(following[:_LONGEST_ACTOR].split()))


def _stranger(clauses: Clauses, hit: Hit) -> Binding | None:
    """Bind whoever follows a verb, or a subject that no list knows; a thing and a document do nothing."""
    subject = read_subject(clauses.text[: hit.start])
    if not hit.form.passive and subject.kind is SubjectKind.DOCUMENT:
        return None
    if not hit.form.passive and (actor := actor_at(clauses.text[hit.end : hit.end + _LONGEST_ACTOR].split())):
        return Binding(hit, Modality.MUST, "", actor, Subject(SubjectKind.ACTOR, actor))
    thing = subject.kind is SubjectKind.OTHER and not may_act(subject)
    return None if thing and not hit.form.passive else Binding(hit, Modality.MUST, "", None, subject)


def _is_inside(clauses: Clauses, hit: Hit, between: str) -> bool:
    """Tell whether a verb stands in a clause that binds nobody: "som delges", "för att granska"."""
    if not hit.form.passive and _PURPOSE.search(between):
        return True
    fronted = follows_fronted_clause(clauses.text, clauses.text[hit.start :], passive=hit.form.passive)
    return is_subordinate(between) and not fronted
