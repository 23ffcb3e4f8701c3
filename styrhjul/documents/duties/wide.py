"""A second, wider look at a sentence: a verb and what it acts on, however far apart and whatever stands between.

What the first look (`binding`) finds by the order of words, this one finds by the main clause that they share. So it
is less sure, and all it finds waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from styrhjul.documents.duties.binding import bind_present, bound, bound_by_lead, is_denied
from styrhjul.documents.duties.clauses import Binding, Clauses
from styrhjul.documents.language.actions import Hit
from styrhjul.documents.language.actors import Subject, SubjectKind, actor_at, is_actor, may_act, read_subject
from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.frames import INTRANSITIVE, Around, groups_of, meanings
from styrhjul.documents.language.main_clauses import MEETS, Word, main_words
from styrhjul.documents.language.modality import Governor, Governs
from styrhjul.documents.language.recurrence import PARTS_OF_A_YEAR, find_deadline, find_frequency
from styrhjul.documents.language.verbs import Deed
from styrhjul.documents.language.word_forms import GROUPS, IMPERATIVES
from styrhjul.domain.vocabulary import ActionKind, Modality

#: "stäms av mot investeringsbudgeten": made to agree, and nothing followed up.
#: "görs om året": how often, and nothing made anew.
_AGAINST = re.compile(r"\sav\s(?=mot\s\w*budget\w*\s)|\som\s(?=(?:året|år|dagen|månaden|gången)\s)")
#: "mäts 2026, 2028 och 2030".
_YEARS = re.compile(r"\b(?:20\d\d,\s)*20\d\d\s(?:och|samt)\s20\d\d\b")
_LOOKS = frozenset({ActionKind.FOLLOW_UP, ActionKind.REVISE})
_GIVEN = frozenset({"få", "erhåll"}) | INTRANSITIVE
_PERFECT = frozenset({"ha", "vara", "bli"})
_REACH = 24
_PARTICLE_REACH = 12
_LONGEST_ACTOR = 120


def wide_bindings(clauses: Clauses) -> list[Binding]:
    """Return what binds at a second look, in order: what a person should decide on, never what is sure."""
    words = main_words(clauses.text, clauses.governors)
    found: list[Binding] = []
    for hit in _hits(clauses, words):
        binding = _bind(clauses, hit, found, words)
        if binding is not None and not is_denied(clauses.text, hit):
            found.append(binding)
    return found


def _hits(clauses: Clauses, words: Sequence[Word]) -> Iterator[Hit]:
    text = clauses.text
    led = clauses.lead is not None and clauses.lead.text.endswith((" ha", " vara"))  # "… ska ha" + "antagit mål"
    rhythm = find_frequency(text)
    often = (rhythm is not None and rhythm.recurrence != "as_needed") or _YEARS.search(text) is not None
    auxiliaries = {at for one in clauses.governors for at in range(one.start, one.end)}
    seldom = rhythm is None or rhythm.recurrence not in PARTS_OF_A_YEAR
    verbs = [
        number
        for number, word in enumerate(words)
        if word.verb is not None and word.start not in auxiliaries and (led or not _is_past(words, number))
    ]
    for place, number in enumerate(verbs):
        before = verbs[place - 1] + 1 if place else 0
        after = verbs[place + 1] if place + 1 < len(verbs) else len(words)
        word, particle = words[number], _particle(words, number, after)
        own = text[words[before].start : words[after - 1].end]
        behind = words[number + 1 : min(after, number + _REACH)]
        for kind, noun in meanings(
            word,
            particle,
            Around(words[before:number], behind, text[word.end :], clauses.topical and often, _is_timed(own), seldom),
        ):
            yield _hit(word, particle, kind, noun)


def _is_timed(own: str) -> bool:
    """Tell whether the words of one clause say how often, or by when."""
    rhythm = find_frequency(own)
    return (rhythm is not None and rhythm.recurrence != "as_needed") or bool(_YEARS.search(own) or find_deadline(own))


def _hit(word: Word, particle: str, kind: ActionKind, noun: str) -> Hit:
    said = f"{word.text} {particle}".strip()
    form = word.verb.form if word.verb else Form.INFINITIVE
    if word.verb and word.verb.stem in _GIVEN:  # "ska få en redovisning": the subject does nothing
        form = Form.PASSIVE_PRESENT if word.finite else Form.PASSIVE_INFINITIVE
    by_object = kind in _LOOKS and noun != "" and bool(groups_of(word, particle) & {Deed.CHECK, Deed.READ})
    return Hit(kind, form, word.start, word.end, f"{said} … {noun}" if noun else said, by_object=by_object)


def _is_past(words: Sequence[Word], number: int) -> bool:
    """Tell whether a perfect form lacks its "ha", so that it tells what has been: "sedan resultatet presenterats"."""
    verb = words[number].verb
    return (
        verb is not None and verb.perfect and not {word.text for word in words[max(0, number - 3) : number]} & _PERFECT
    )


def _particle(words: Sequence[Word], number: int, until: int) -> str:
    """Return the particle that completes a verb to another, "" where none follows in its clause."""
    stem = words[number].verb
    known = GROUPS[stem.stem] if stem else {}
    ahead = [word.text for word in words[number + 1 : min(until, number + _PARTICLE_REACH)]]
    said = _AGAINST.sub(" ", f" {' '.join(ahead)} ")
    fitting = [particle for particle in known if particle and f" {particle} " in said]
    return min(fitting, key=lambda particle: (said.index(f" {particle} "), -len(particle)), default="")


def _bind(clauses: Clauses, hit: Hit, found: list[Binding], words: Sequence[Word]) -> Binding | None:
    """Bind a verb by the word that governs it, by the line above, or by the present tense."""
    form = next((word.verb for word in words if word.start == hit.start), None)
    if form is None or (form.stem == "ha" and form.form is Form.PRESENT):
        return None
    governor = _governor(clauses, hit)
    if governor is not None and (
        form.form not in {Form.PRESENT, Form.PASSIVE_PRESENT} or governor.governs is Governs.CLAUSE
    ):
        binding = bound(clauses, hit, governor, found)
    elif clauses.lead is not None and clauses.lead.governor is not None:
        binding = bound_by_lead(clauses.lead, hit)
    elif form.form in {Form.INFINITIVE, Form.PASSIVE_INFINITIVE} or form.perfect:
        binding = _bind_told(clauses, hit, words) or _bind_met(clauses, hit, words)
    else:
        binding = bind_present(clauses, hit, found) or _bind_inverted(clauses, hit) or _bind_first(clauses, hit, words)
    return binding if binding is not None and _may_bind(binding) else None


def _bind_inverted(clauses: Clauses, hit: Hit) -> Binding | None:
    """Bind a present verb whose subject follows it: "Ur fullmäktiges mål härleder nämnden sina egna"."""
    actor = actor_at(clauses.text[hit.end : hit.end + _LONGEST_ACTOR].split())
    if actor is None or read_subject(clauses.text[: hit.start]).kind is SubjectKind.DOCUMENT:
        return None
    return Binding(hit, Modality.MUST, "", actor, Subject(SubjectKind.ACTOR, actor))


def _bind_first(clauses: Clauses, hit: Hit, words: Sequence[Word]) -> Binding | None:
    """Bind a later verb to the subject of the first: "Parterna träffas varje vår och följer upp"."""
    first = next((word for word in words if word.finite and word.start < hit.start), None)
    subject = read_subject(clauses.text[: first.start]) if first is not None else None
    if subject is None or not (subject.kind is SubjectKind.ACTOR or may_act(subject)):
        return None
    return Binding(hit, Modality.MUST, "", subject.words, subject, subject.examples)


def _bind_met(clauses: Clauses, hit: Hit, words: Sequence[Word]) -> Binding | None:
    """Bind what somebody meets for: "Styrgruppen träffas fyra gånger per år för att stämma av läget"."""
    meets = next((word for word in words if word.verb and word.verb.stem in MEETS and word.start < hit.start), None)
    return _bind_first(clauses, hit, [meets]) if meets is not None else None


def _bind_told(clauses: Clauses, hit: Hit, words: Sequence[Word]) -> Binding | None:
    """Bind what the reader is told to do: "Följ upp efter sex månader."."""
    first = words[0]
    told = first.start == 0 and first.text in IMPERATIVES and clauses.text[:1].isupper() and clauses.lead is None
    if not told or any(one.start < hit.start for one in clauses.governors):
        return None
    return Binding(hit, Modality.MUST, hit.words.split()[0], None, Subject(SubjectKind.MISSING))


def _governor(clauses: Clauses, hit: Hit) -> Governor | None:
    before = [one for one in clauses.governors if one.end <= hit.start and not one.subordinate]
    return before[-1] if before else None


def _may_bind(binding: Binding) -> bool:
    """Tell whether a subject can be asked at all: somebody, or a passive that names nobody."""
    if binding.hit.form.passive or binding.subject.kind is SubjectKind.MISSING:
        return True
    if binding.modality is Modality.MAY and binding.subject.kind is not SubjectKind.ACTOR:
        return False
    if binding.subject.kind in {SubjectKind.ACTOR, SubjectKind.PRONOUN, SubjectKind.PERSON}:
        return True
    return may_act(binding.subject) or (binding.actor is not None and is_actor(binding.actor.split()[-1]))
