"""What a verb means with the nouns of its clause: a goal, a plan, a review, a report or a revision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from styrhjul.documents.language.lexicon import DOCUMENT_WORD, PREPOSITIONS
from styrhjul.documents.language.main_clauses import Word
from styrhjul.documents.language.objects import NEW_VERSION, OBJECTS
from styrhjul.documents.language.verbs import BRINGS, Deed, What
from styrhjul.documents.language.word_forms import GROUPS, VerbForm
from styrhjul.domain.vocabulary import ActionKind

#: A noun that belongs to a verb although one of these stands before it: "ansvarar för uppföljningen".
_GOES_WITH = {
    stem: frozenset(prepositions.split())
    for stems, prepositions in (
        ("ansvar svar stå", "för"),
        ("beslut enas fatt ge", "om"),
        ("komm", "om med"),
        ("inkomm återkomm utgå", "med"),
        ("ta", "till om"),
        ("bryt", "i till"),
        ("omsätt översätt konkretiser", "i till genom"),
        ("håll mynn utmynn resulter ställ", "i"),
        ("få", "av om"),
    )
    for stem in stems.split()
}
_PREPOSITIONS = PREPOSITIONS - {"att", "såsom"}
_JOINS = frozenset({"och", "samt", "eller", "respektive", "liksom"})
_MODIFIER = re.compile(
    r"(?:den|det|de|dessa|denna|detta|en|ett|sin|sitt|sina|egna|egen|eget|vår|våra|varje|respektive|samtliga|alla|samma|två|tre|första|"
    r"sista|nästa|ny|nya|nytt|\d+|[\w-]+(?:lig|liga|ligt|ig|iga|igt|isk|iska|iskt|ade|ande|ende|ella|ell|ellt|bara|bart|samma|sam|ala|"
    r"erad|ad|da))\Z"
)
_EXTENT = re.compile(r"\b(?:hur|i\svilken\s(?:grad|mån|utsträckning|omfattning)|i\svad\smån|vad\ssom|huruvida)\b")
_YEARLY_PAPER = re.compile(
    r"(?:[\w-]*(?:årsredovisning|bokslut|verksamhetsberättelse|delårsrapport|tertialrapport|årsrapport|årsberättelse|"
    r"kvalitetsberättelse|patientsäkerhetsberättelse|kvalitetsrapport|hållbarhetsredovisning))(?:en|et|er|erna|n|r|rna|ar|arna)?\Z"
)
_PLANNING_PAPER = re.compile(
    r"[\w-]*(?:verksamhetsplan|nämndsplan|nämndplan|budget|internbudget|affärsplan|årsplan)(?:en|er|erna|ar|arna)?\Z"
)
_MATTER = re.compile(
    r"[\w-]*(?:resultat|utfall|uppföljning|utvärdering|måluppfyllelse|arbete|insats|erfarenhet|effekt|avvikelse|läge|analys|slutsats)\w{0,5}\Z"
)
#: "följa arbetet" is no follow-up, "följa … upp" is one.
_ONLY_WITH_PARTICLE = frozenset({"följ"})
#: What is done is the subject of these: "Utvärderingen sker årligen".
INTRANSITIVE = frozenset({"ske", "äg", "föreligg", "återkomm", "hamn", "nå"})
#: "pröva varje mandatperiod om policyn är aktuell".
_TRIES = frozenset({"pröv", "bedöm", "övervä", "beslut", "kontroller", "ta", "avgör"})
#: "beslutar om åtgärdsplanen är tillräcklig": what is decided is whether, and no plan.
_WHETHER = re.compile(r"\som\s[\w-]{2,40}(?:en|et|na|n)\s(?:är|har|räcker|uppfyller)\s(?!aktuell|ändamålsenlig)")
_NEEDED = re.compile(
    r"\bom\s(?:[\w-]{1,40}\s){1,6}?(?:aktuell|revidera|uppdatera|ändamålsenlig|ändras|förlänga|förnya|fortsatt|(?:ska|skall)\sgälla)"
)
_HANDS_OVER = frozenset({"lämn", "avge", "inge", "ingiv", "överlämn"})
_MEASURES = re.compile(r"(?:åtgärd|aktivitet)(?:er|erna)?")
_OF_MEASURES = re.compile(r"(?:[\w-]*handlings|åtgärds|aktivitets)plan")
_NUMBERS = frozenset("ett en två tre 1 2 3 4".split())
#: What they act on is made into something else.
_TURNS = frozenset({"omsätt", "översätt", "konkretiser", "bryt", "mynn", "utmynn", "resulter"})
_PRACTICE = frozenset({"handling", "praktiken", "praktik", "verkligheten"})
#: What somebody does in time under "Uppföljning", whatever it acts on.
_EXAMINES = frozenset({"gransk", "kontroller", "mät"})
#: Looks into how a body works, which is follow-up where it is done in time.
_LOOK = re.compile(
    r"(?:[\w-]*(?:undersökning|enkät|mätning|granskning)|tillsyn(?:sbesök)?|stickprov|(?:egen|intern|kvalitets)?kontroll)(?:en|er|erna|ar|arna)?"
)
_BY_LOOK = re.compile(rf"\b(?:med|genom|i)\s(?:en|ett)\s({_LOOK.pattern})\b")
_NEAREST = 8
#: "pröva årligen om verksamheten har varit förenlig med ändamålet".
_TRIES_WORK = frozenset({"pröv", "bedöm", "gransk", "undersök", "värder"})
_SYSTEM = re.compile(r"system(?:et|en)?|[\w-]*kontroll(?:en)?|efterlevnaden|följsamheten|[\w-]*trohet(?:en)?")
_AGAIN = frozenset({"upprep", "återkomm"})
#: Papers that are handed on once they are made: "Planen lämnas till kommunstyrelsen i november varje år".
_PAPER = re.compile(r"[\w-]*(?:planen|listan|prognosen|dokumentationen|kartläggningen|uppgifter|uppgifterna)")
#: Everything is adapted; only a document that is, is revised.
_OF_DOCUMENTS = frozenset({"underhåll", "ändr", "anpass", "juster", "modernis", "förny", "uppjuster"})


@dataclass(frozen=True, slots=True)
class Around:
    """The words of a clause before and after a verb, and the text that follows it: "granskar" + "hur målen nås"."""

    before: Sequence[Word]
    after: Sequence[Word]
    said: str
    followed: bool  #: the section tells how the document is kept, and the sentence how often
    timed: bool = False  #: its own words tell how often, or by when
    seldom: bool = False  #: no more often than once a year


def meanings(word: Word, particle: str, around: Around) -> Iterator[tuple[ActionKind, str]]:
    """Yield each kind that a verb has with the nouns around it, with the noun ("" where the verb is enough)."""
    verb = word.verb
    if verb is None or _says_nothing(verb, particle, around.said):
        return
    groups = groups_of(word, particle)
    with_verb = _GOES_WITH.get(verb.stem, frozenset())
    whole = verb.form.passive or verb.stem in INTRANSITIVE
    near = [*(_core(around.before, with_verb) if whole else ()), *_core(around.after, with_verb)]
    if _tries_document(verb, near, around.said):
        yield ActionKind.REVISE, ""
        return
    alone = next((group for group in groups if isinstance(group, ActionKind)), None)
    told = " ".join(one.text for one in (*(around.before if whole else ()), *around.after))
    if groups & BRINGS and (new := NEW_VERSION.search(told)):
        yield ActionKind.REVISE, new[0]
    elif verb.stem in _OF_DOCUMENTS and not any(DOCUMENT_WORD.fullmatch(one) for one in near):
        return
    elif alone is not None:
        yield alone, ""
    else:
        yield from _with_objects(groups, _result(verb.stem, near, around.after), around.said)
        yield from _followed(verb, around)
        yield from _in_time(verb, groups, near) if around.timed else ()
        yield from _taken_in(around, near) if Deed.INCLUDE in groups else ()


def _says_nothing(verb: VerbForm, particle: str, said: str) -> bool:
    """Tell whether a verb lacks its particle, or decides no more than whether something is so."""
    bare = verb.stem in _ONLY_WITH_PARTICLE and not particle
    return bare or (verb.stem not in _TRIES_WORK and _WHETHER.match(said) is not None)


def _followed(verb: VerbForm, around: Around) -> Iterator[tuple[ActionKind, str]]:
    """Yield the follow-up that looking into things is where the section, or its own words, say when it is done."""
    if around.followed and verb.stem in _EXAMINES and (around.seldom or not verb.form.passive):
        yield ActionKind.FOLLOW_UP, ""
    if around.timed and verb.stem in _TRIES_WORK and around.said.startswith(" om "):
        yield ActionKind.FOLLOW_UP, "om"
    if around.followed and (by := _BY_LOOK.search(around.said)):  # "kompletteras vartannat år med en enkät"
        yield ActionKind.FOLLOW_UP, by[1]


def _in_time(verb: VerbForm, groups: frozenset[What], near: Sequence[str]) -> Iterator[tuple[ActionKind, str]]:
    """Yield what a verb means only because it is done in time: a survey made every other year, a plan handed on."""
    if Deed.LIGHT in groups or verb.stem in _AGAIN:
        yield from ((ActionKind.FOLLOW_UP, word) for word in near[:_NEAREST] if _LOOK.fullmatch(word))
    if Deed.CHECK in groups and verb.stem in _TRIES_WORK:
        yield from ((ActionKind.FOLLOW_UP, word) for word in near if _SYSTEM.fullmatch(word))
    if Deed.HAND in groups:
        yield from ((ActionKind.REPORT, word) for word in near if _PAPER.fullmatch(word))


def _result(stem: str, near: list[str], after: Sequence[Word]) -> list[str]:
    """Return what a verb makes: of goals that are turned into a plan, the plan; of a report, no measures."""
    if stem in _HANDS_OVER:
        return [word for word in near if not _MEASURES.fullmatch(word)]
    if stem not in _TURNS:
        return near
    if any(word.text in _PRACTICE for word in after):  # "Strategin omsätts i handling genom nämndernas planer"
        return []
    into = next((number for number, word in enumerate(after) if word.text in _GOES_WITH[stem]), len(after))
    made = [word.text for word in after[into + 1 :] if any(kind.fullmatch(word.text) for _, kind in OBJECTS[Deed.MAKE])]
    return made[:1] or near


def _tries_document(verb: VerbForm, near: Sequence[str], said: str) -> bool:
    """Tell whether it is tried if the document still holds: "pröva om den är aktuell", "policyn prövas"."""
    whole = verb.stem == "pröv" and verb.form.passive and any(DOCUMENT_WORD.fullmatch(word) for word in near)
    return whole or (verb.stem in _TRIES and _NEEDED.search(said) is not None)


def groups_of(word: Word, particle: str) -> frozenset[What]:
    """Return what a verb does with its particle: makes, gives, checks, or a kind by itself."""
    return GROUPS[word.verb.stem].get(particle, frozenset()) if word.verb else frozenset()


def _with_objects(groups: frozenset[What], near: Sequence[str], said: str) -> Iterator[tuple[ActionKind, str]]:
    for group in (Deed.MAKE, Deed.LIGHT, Deed.GIVE, Deed.HAND, Deed.GET, Deed.READ):
        if group in groups:
            yield from _with_object(group, near)
    if Deed.CHECK in groups:
        state = next((word for word in near if OBJECTS[Deed.CHECK][0][1].fullmatch(word)), None)
        if state or _EXTENT.match(said.strip(" ,")):
            yield ActionKind.FOLLOW_UP, state or "hur"


def _with_object(group: Deed, near: Sequence[str]) -> Iterator[tuple[ActionKind, str]]:
    for kind, pattern in OBJECTS[group]:
        if (noun := next((word for word in near if pattern.fullmatch(word)), None)) is not None:
            yield kind, noun
            return


def _taken_in(around: Around, near: Sequence[str]) -> Iterator[tuple[ActionKind, str]]:
    """Yield the report that a yearly paper takes in: "Resultatet vägs in i årsredovisningen"."""
    words = [word.text for word in (*around.before, *around.after)]
    paper = next((word for word in words if _YEARLY_PAPER.match(word)), None)
    if paper is not None and any(_MATTER.match(word) for word in words if word != paper):
        yield ActionKind.REPORT, paper
    planning = next((word for word in words if _PLANNING_PAPER.match(word)), None)
    goal = next((word for word in near if OBJECTS[Deed.MAKE][0][1].fullmatch(word)), None)
    if planning is not None and goal is not None:
        yield ActionKind.SET_GOALS, goal
    else:
        yield from _taken_into(around, near)


def _taken_into(around: Around, near: Sequence[str]) -> Iterator[tuple[ActionKind, str]]:
    """Yield what takes something in, and so is made: "arbeta in åtgärderna i sin plan", "ta in kulturen i sina mål"."""
    words = [word.text for word in around.after]
    into = words[len(words) - words[::-1].index("i") :] if "i" in words else []
    measures = any(_MEASURES.fullmatch(word) for word in near)
    for kind, pattern in OBJECTS[Deed.MAKE]:
        if (made := next((word for word in into if pattern.fullmatch(word)), None)) is not None:
            if kind is ActionKind.SET_GOALS or measures or _OF_MEASURES.match(made):
                yield kind, made
            return


def _core(words: Sequence[Word], with_verb: frozenset[str]) -> list[str]:
    """Return the nouns that no preposition takes for itself, but one that goes with the verb."""
    free: list[str] = []
    governed = head = False
    for number, word in enumerate(words):
        joins = word.text in _JOINS
        span = word.text == "till" and number > 0 and words[number - 1].text in _NUMBERS  # "ett till tre mål"
        if word.text in _PREPOSITIONS and not span:
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
    genitive = (
        word.text.endswith("s")
        and len(word.text) > 4
        and not word.ends
        and following not in _PREPOSITIONS | _JOINS | {""}
    )
    return _MODIFIER.match(word.text) is not None or word.text.endswith("-") or genitive
