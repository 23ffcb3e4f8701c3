"""A second, wider look at a sentence: a verb and what it acts on, however far apart and whatever stands between.

What the first look (`binding`) finds by the order of words, this one finds by the main clause that they share. So it
is less sure, and all it finds waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from styrhjul.documents.actions import NEW_VERSION, OBJECTS, Hit
from styrhjul.documents.actors import Subject, SubjectKind, actor_at, is_actor, may_act, read_subject
from styrhjul.documents.binding import bind_present, bound, bound_by_lead, is_denied
from styrhjul.documents.clauses import Binding, Clauses
from styrhjul.documents.lexicon import DOCUMENT_WORD, PREPOSITIONS
from styrhjul.documents.main_clauses import Word, main_words
from styrhjul.documents.modality import Governor
from styrhjul.documents.verbs import Form
from styrhjul.documents.word_forms import CHECK, GIVE, GROUPS, HAND, INCLUDE, LIGHT, MAKE, READ
from styrhjul.domain.vocabulary import ActionKind, Modality

#: A noun that belongs to a verb although a preposition stands before it: "ansvarar för uppföljningen".
_GOES_WITH = {
    "ansvar": {"för"}, "svar": {"för"}, "besluta": {"om"}, "beslut": {"om"}, "enas": {"om"}, "komm": {"om", "med"}, "inkomm": {"med"},
    "återkomm": {"med"}, "stå": {"för"}, "ta": {"till", "om"}, "håll": {"i"}, "bryt": {"i", "till"}, "omsätt": {"i", "till", "genom"},
    "översätt": {"i", "till"}, "konkretiser": {"i", "genom", "till"}, "mynn": {"i"}, "utmynn": {"i"}, "resulter": {"i"},
    "utgå": {"med"}, "initier": set(), "fatt": {"om"}, "ge": {"om"}, "få": {"av", "om"}, "ställ": {"i"},
}  # fmt: skip
_PREPOSITIONS = PREPOSITIONS - {"att", "såsom"}
_JOINS = frozenset({"och", "samt", "eller", "respektive", "liksom"})
_MODIFIER = re.compile(
    r"(?:den|det|de|dessa|denna|detta|en|ett|sin|sitt|sina|egna|egen|eget|vår|våra|varje|respektive|samtliga|alla|samma|två|tre|första|"
    r"sista|nästa|ny|nya|nytt|\d+|[\w-]+(?:lig|liga|ligt|ig|iga|igt|isk|iska|iskt|ade|ande|ende|ella|ell|ellt|bara|bart|samma|sam|ala|"
    r"erad|ad|da))\Z"
)
#: What these bring is a revision where it is a new version.
_BRINGS = frozenset({MAKE, LIGHT, GIVE, HAND, ActionKind.REPORT})
#: "följa arbetet" is no follow-up, "följa … upp" is one.
_ONLY_WITH_PARTICLE = frozenset({"följ"})
#: Everything is adapted; only a document that is, is revised.
_OF_DOCUMENTS = frozenset({"anpass", "juster", "modernis", "förny", "uppjuster"})
_REACH = 24
_PARTICLE_REACH = 12
_LONGEST_ACTOR = 120
_EXTENT = re.compile(r"\b(?:hur|i\svilken\s(?:grad|mån|utsträckning|omfattning)|i\svad\smån|vad\ssom|huruvida)\b")
_YEARLY_PAPER = re.compile(
    r"(?:[\w-]*(?:årsredovisning|bokslut|verksamhetsberättelse|delårsrapport|tertialrapport|årsrapport|årsberättelse|"
    r"kvalitetsberättelse|patientsäkerhetsberättelse|kvalitetsrapport|hållbarhetsredovisning))(?:en|et|er|erna|n|r|rna|ar|arna)?\Z"
)
_PLANNING_PAPER = re.compile(r"[\w-]*(?:verksamhetsplan|nämndsplan|nämndplan|budget|internbudget|affärsplan|årsplan)(?:en|er|erna|ar|arna)?\Z")
_MATTER = re.compile(
    r"[\w-]*(?:resultat|utfall|uppföljning|utvärdering|måluppfyllelse|arbete|insats|erfarenhet|effekt|avvikelse|läge|analys|slutsats)\w{0,5}\Z"
)


@dataclass(frozen=True, slots=True)
class _Verb:
    """A verb in a main clause with its particle, and the words between the verbs around it."""

    word: Word
    particle: str
    number: int

    @property
    def groups(self) -> frozenset[str]:
        assert self.word.verb is not None
        return GROUPS[self.word.verb.stem].get(self.particle, frozenset())


def wide_bindings(clauses: Clauses) -> list[Binding]:
    """Return what binds at a second look, in order: what a person should decide on, never what is sure."""
    words = main_words(clauses.text, clauses.governors)
    found: list[Binding] = []
    for verb, hit in _hits(clauses, words):
        binding = _bind(clauses, verb, hit, found)
        if binding is not None and not is_denied(clauses.text, hit):
            found.append(binding)
    return found


def _hits(clauses: Clauses, words: Sequence[Word]) -> Iterator[tuple[_Verb, Hit]]:
    auxiliaries = {at for one in clauses.governors for at in range(one.start, one.end)}
    verbs = [number for number, word in enumerate(words) if word.verb is not None and word.start not in auxiliaries]
    for place, number in enumerate(verbs):
        before = verbs[place - 1] + 1 if place else 0
        after = verbs[place + 1] if place + 1 < len(verbs) else len(words)
        verb = _Verb(words[number], _particle(words, number, after), number)
        for kind, name in _meanings(clauses.text, verb, words[before:number], words[number + 1 : min(after, number + _REACH)]):
            form = verb.word.verb.form if verb.word.verb else Form.INFINITIVE
            said = f"{verb.word.text} {verb.particle}".strip()
            shown = f"{said} … {name}" if name else said
            yield verb, Hit(kind, form, verb.word.start, verb.word.end, shown, by_object=bool(verb.groups & {CHECK, READ}) and name != "")


def _particle(words: Sequence[Word], number: int, until: int) -> str:
    """Return the particle that completes a verb to another, "" where none follows in its clause."""
    stem = words[number].verb
    known = GROUPS[stem.stem] if stem else {}
    ahead = [word.text for word in words[number + 1 : min(until, number + _PARTICLE_REACH)]]
    said = f" {' '.join(ahead)} "
    fitting = [particle for particle in known if particle and f" {particle} " in said]
    return max(fitting, key=len, default="")


def _meanings(text: str, verb: _Verb, before: Sequence[Word], after: Sequence[Word]) -> Iterator[tuple[ActionKind, str]]:
    """Yield each kind that a verb has with the nouns of its clause, with the noun ("" where the verb is enough)."""
    groups = verb.groups
    stem = verb.word.verb.stem if verb.word.verb else ""
    passive = verb.word.verb is not None and verb.word.verb.form.passive
    with_verb = frozenset(_GOES_WITH.get(stem, ()))
    left = _core(before, with_verb) if passive else []
    near = [*left, *_core(after, with_verb)]
    if groups & _BRINGS and (new := NEW_VERSION.search(" ".join(near))):
        yield ActionKind.REVISE, new[0]
        return
    alone = [group for group in groups if isinstance(group, ActionKind)]
    if stem in _ONLY_WITH_PARTICLE and not verb.particle:
        return
    if stem in _OF_DOCUMENTS and not any(DOCUMENT_WORD.fullmatch(word) for word in near):
        return
    yield from ((kind, "") for kind in alone[:1])
    if alone:
        return
    for group, kinds in ((MAKE, None), (LIGHT, None), (GIVE, None), (HAND, None), (READ, None)):
        if group in groups:
            yield from _with_object(group, near)
    if CHECK in groups:
        state = next((word for word in near if OBJECTS[CHECK][0][1].fullmatch(word)), None)
        if state or _EXTENT.match(text[verb.word.end :].strip(" ,")):
            yield ActionKind.FOLLOW_UP, state or "hur"
    if INCLUDE in groups:
        yield from _taken_in(before, after, near)


def _with_object(group: str, near: Sequence[str]) -> Iterator[tuple[ActionKind, str]]:
    for kind, pattern in OBJECTS[group]:
        if (noun := next((word for word in near if pattern.fullmatch(word)), None)) is not None:
            yield kind, noun
            return


def _taken_in(before: Sequence[Word], after: Sequence[Word], near: Sequence[str]) -> Iterator[tuple[ActionKind, str]]:
    """Yield the report that a yearly paper takes in: "Resultatet vägs in i årsredovisningen"."""
    around = [word.text for word in (*before, *after)]
    paper = next((word for word in around if _YEARLY_PAPER.match(word)), None)
    if paper is not None and any(_MATTER.match(word) for word in around if word != paper):
        yield ActionKind.REPORT, paper
    planning = next((word for word in around if _PLANNING_PAPER.match(word)), None)
    goal = next((word for word in near if OBJECTS[MAKE][0][1].fullmatch(word)), None)
    if planning is not None and goal is not None:
        yield ActionKind.SET_GOALS, goal


def _core(words: Sequence[Word], with_verb: frozenset[str] | set[str]) -> list[str]:
    """Return the nouns that no preposition takes for itself, but one that goes with the verb."""
    free: list[str] = []
    governed = head = False
    for number, word in enumerate(words):
        joins = word.text in _JOINS
        if word.text in _PREPOSITIONS:
            governed, head = word.text not in with_verb, False
            continue
        if governed and head and not joins and words[number - 1].text not in _JOINS:
            governed = False
        if not governed:
            free.append(word.text)
        if not _modifies(words, number) and not joins:
            head = True
        if word.ends and head:
            governed = False
    return free


def _modifies(words: Sequence[Word], number: int) -> bool:
    word = words[number]
    following = words[number + 1].text if number + 1 < len(words) else ""
    genitive = word.text.endswith("s") and len(word.text) > 4 and not word.ends and following not in _PREPOSITIONS | _JOINS | {""}
    return _MODIFIER.match(word.text) is not None or word.text.endswith("-") or genitive


def _bind(clauses: Clauses, verb: _Verb, hit: Hit, found: list[Binding]) -> Binding | None:
    """Bind a verb by the word that governs it, by the line above, or by the present tense."""
    form = verb.word.verb
    if form is None or (form.stem == "ha" and form.form is Form.PRESENT):
        return None
    governor = _governor(clauses, hit)
    if governor is not None and (form.form not in {Form.PRESENT, Form.PASSIVE_PRESENT} or _of_clause(governor)):
        binding = bound(clauses, hit, governor, found)
    elif clauses.lead is not None and clauses.lead.governor is not None:
        binding = bound_by_lead(clauses.lead, hit)
    elif form.form in {Form.INFINITIVE, Form.PASSIVE_INFINITIVE} or form.perfect:
        return None
    else:
        binding = bind_present(clauses, hit, found) or _bind_inverted(clauses, hit)
    return binding if binding is not None and _may_bind(binding) else None


def _bind_inverted(clauses: Clauses, hit: Hit) -> Binding | None:
    """Bind a present verb whose subject follows it: "Ur fullmäktiges mål härleder nämnden sina egna"."""
    actor = actor_at(clauses.text[hit.end : hit.end + _LONGEST_ACTOR].split())
    if actor is None or read_subject(clauses.text[: hit.start]).kind is SubjectKind.DOCUMENT:
        return None
    return Binding(hit, Modality.MUST, "", actor, Subject(SubjectKind.ACTOR, actor))


def _of_clause(governor: Governor) -> bool:
    return governor.governs.name == "CLAUSE"


def _governor(clauses: Clauses, hit: Hit) -> Governor | None:
    before = [one for one in clauses.governors if one.end <= hit.start and not one.subordinate]
    return before[-1] if before else None


def _may_bind(binding: Binding) -> bool:
    """Tell whether a subject can be asked at all: somebody, or a passive that names nobody."""
    if binding.hit.form.passive:
        return True
    if binding.modality is Modality.MAY and binding.subject.kind is not SubjectKind.ACTOR:
        return False
    if binding.subject.kind in {SubjectKind.ACTOR, SubjectKind.PRONOUN, SubjectKind.PERSON}:
        return True
    return may_act(binding.subject) or (binding.actor is not None and is_actor(binding.actor.split()[-1]))
