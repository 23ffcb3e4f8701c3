"""What a sentence asks for: verbs of the lifecycles, alone ("följs upp") or with their object ("ta fram … mål")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.lexicon import PREPOSITIONS
from styrhjul.documents.language.objects import NEW_VERSION, OBJECTS
from styrhjul.documents.language.verbs import BRINGS, VERBS, Deed, What
from styrhjul.domain.vocabulary import ActionKind


@dataclass(frozen=True, slots=True)
class Hit:
    """A lifecycle verb in a sentence. `words` is what a person is shown as the reason."""

    kind: ActionKind
    form: Form
    start: int
    end: int
    words: str
    by_object: bool = False  #: the verb alone says little: "gå igenom", "mäta"
    plain: bool = False  #: found by all that its clause says, so that the verb need not be asked again


#: "Planen: …" is the document itself, and so is "Åtgärder" only a heading.
_ROW_PLAN = re.compile(r"(?:\w*mål|(?:handlings|åtgärds|aktivitets)plan(?:er)?)", re.IGNORECASE)
#: Where the object begins after words of time and company: "avlämnar varje år före mars månads utgång en berättelse".
_BEGINS_OBJECT = frozenset(
    "en ett sin sitt sina egna minst mätbara konkreta gemensamma nya årliga särskilda skriftlig de".split()
)
#: "ett till två mål", "förslag till mål": the object comes after.
_GOES_ON = frozenset({"ett", "en", "två", "tre", "1", "2", "3", "förslag", "förslaget", "underlag"})
_NEAREST = re.compile(r"[,;:]\s(?:(?:som|att)\s)?|\s(?:som|att)\s")
#: "handlingsplaner som tas fram", "den plan, som skogsingenjören har att upprätta".
_ANTECEDENT = re.compile(
    r"(\w*(?:plan(?:er)?|översyn|revidering|uppföljning|utvärdering))(?:\s(?:för|över|om|av)\s[\w-]{3,40})?,?\ssom\s(?:[\w-]{1,40}\s){0,5}\Z"
)
#: "socialnämndens uppföljning av planen, som sker i februari".
_TOLD_ABOUT = re.compile(r"((?:[\w-]{1,40}\s){0,4}[\w-]{3,40}),\s(?:som|vilken|vilket)\s(?:[\w-]{1,20}\s){0,2}\Z")
_EXTENT = re.compile(r"\bi\s(?:vilken\s(?:grad|mån|utsträckning|omfattning)|vad\smån)\b", re.IGNORECASE)
#: "utarbetar varje höst, inför nämndens beslut om budget, en plan".
_PARENTHESIS = re.compile(
    r",\s(?:inför|i|efter|vid|på|utifrån|tillsammans|med|enligt|under|senast|dock|efter|genom)\s[^,;:.]{3,80},\s"
)
#: "bryta ned kvalitetsmålen i en aktivitetsplan": of the goals a plan is made, and no goals.
_INTO = re.compile(r"\s(?:i|till) … (?:(?:handlings|åtgärds|aktivitets)plan|aktivitet|åtgärd)")
_WHETHER = re.compile(r"\s[\w-]{2,40}(?:en|et|na|n)\s(?:är|har|ska|skall|bör|behöver|räcker|uppfyller|kan)\s")
_REACH = 7
_LONGEST_ASIDE = 16
#: So many adverbs may come before words of time; more is the object itself.
_ADVERBS = 2
_OPENS = frozenset({"som", "att", "vilka", "vilket", "där", "och", "samt", "ska", "skall"})
_NEW_CLAUSE = frozenset({"när", "där", "innan", "ifall", "eftersom"})
_BINDS_TOGETHER = (PREPOSITIONS | {"och", "samt", "eller"}) - {"om"}
_FAR = 300


@lru_cache(maxsize=64)
def find_actions(text: str) -> tuple[Hit, ...]:
    """Return every lifecycle verb of a sentence in order, whatever its place; `duties` tells which of them bind."""
    small = text.lower()
    if len(small) != len(text):  # a letter that has no small form of its own: offsets would no longer agree
        small = text
    hits = [
        hit
        for what, form, pattern in VERBS
        for match in pattern.finditer(small)
        for hit in _hits(text, what, form, match.span())
    ]
    turned = {hit.start for hit in hits if hit.kind is ActionKind.ACTION_PLAN and _INTO.search(hit.words)}
    kept = (hit for hit in hits if not (hit.kind is ActionKind.SET_GOALS and hit.start in turned))
    return tuple(sorted(kept, key=lambda hit: (hit.start, -hit.end)))


def responsibilities(text: str, at: int) -> list[Hit]:
    """Return what somebody answers for, named by nouns: "ansvarar för uppföljning och revidering av policyn"."""
    return [
        Hit(kind, Form.INFINITIVE, at, at + len(word), word)
        for word in _object_words(text[at:], joined=True)
        for kind, pattern in OBJECTS[Deed.ANSWER]
        if pattern.fullmatch(word)
    ]


def noun_kind(word: str) -> ActionKind | None:
    """Return the kind a noun names: "prövningen" is a revision."""
    return next((kind for kind, pattern in OBJECTS[Deed.ANSWER] if pattern.fullmatch(word)), None)


def task_kind(word: str) -> ActionKind | None:
    """Return the kind a noun names at the head of a row or an item, goals and plans too."""
    making = next(
        (kind for kind, pattern in OBJECTS[Deed.MAKE] if _ROW_PLAN.fullmatch(word) and pattern.fullmatch(word)), None
    )
    return noun_kind(word) or making


def _hits(text: str, what: What, form: Form, span: tuple[int, int]) -> list[Hit]:
    start, end = span
    verb = text[start:end]
    if isinstance(what, ActionKind) and what is not ActionKind.REPORT:
        return [Hit(what, form, start, end, verb)]
    if verb.endswith(" om") and _WHETHER.match(text[end:]):  # "beslutar om åtgärdsplanen är tillräcklig"
        return []
    following = _EXTENT.sub("hur", text[end : end + _FAR])
    after = _object_words(_without_aside(following), joined=False, alone=what in {Deed.CHECK, Deed.READ})
    if what == Deed.READ and "hur" in after:  # "granska hur riktlinjerna har följts"
        return []
    into = verb.endswith((" i", " till"))  # "Målen omsätts i aktiviteter": what comes out of it is what is made
    before = _subject_words(text[:start]) if form.passive and not into else _antecedent(text[:start])
    if what in BRINGS and (new := NEW_VERSION.search(" ".join(after)) or _new_subject(text[:start], form)):
        return [Hit(ActionKind.REVISE, form, start, end, f"{verb} … {new[0]}")]
    if isinstance(what, ActionKind):
        return [Hit(what, form, start, end, verb)]
    hits: list[Hit] = []
    for kind, pattern in OBJECTS[what]:
        word = next((word for word in (*before, *after) if pattern.fullmatch(word)), None)
        if word is not None and not (hits and "plan" not in word):  # "mål och aktiviteter" are goals
            words = f"{word} {verb}" if word in before else f"{verb} … {word}"
            hits.append(Hit(kind, form, start, end, words, by_object=what in {Deed.CHECK, Deed.READ}))
    return hits


def _new_subject(before: str, form: Form) -> re.Match[str] | None:
    """Return the new version that a passive verb is about: "Förslag till ändringar tas fram"."""
    return NEW_VERSION.search(_NEAREST.split(before[-_FAR:])[-1]) if form.passive else None


def _without_aside(after: str) -> str:
    """Return what follows a verb from where its object begins, where words of time or company stand between."""
    after = _PARENTHESIS.sub(" ", after, count=1)
    words = after.split()[:_LONGEST_ASIDE]
    bare = [word.strip(",").lower() for word in words]
    first = next((number for number, word in enumerate(bare) if word in PREPOSITIONS), None)
    ends = (".", ";", ":") if bare[:1] in (["varje"], ["årligen"]) else (".", ";", ":", ",")
    if first is None or first > _ADVERBS or bare[first] in _OPENS or any(word.endswith(ends) for word in words[:first]):
        return after
    for number in range(first + 2, len(words)):
        if words[number - 1].endswith((".", ";", ":")) or bare[number] in _OPENS:
            return after
        begins = bare[number] in _BEGINS_OBJECT or bare[number].endswith("mål")
        if begins and bare[number - 1] not in _BINDS_TOGETHER:
            return " ".join([*words[:first], *words[number:]])
    return after


def _object_words(after: str, *, joined: bool, alone: bool = False) -> list[str]:
    """Return the words that can be the object: those before the first preposition or the end of the clause.

    `joined` goes on over "för", `alone` ends at the first comma or "och".
    """
    words: list[str] = []
    for word in after[:_FAR].split()[: _REACH + 2 * joined]:
        bare = word.strip('”"“().,;:')
        range_word = bare in {"till", "av", "för", "på"} and bool(words) and words[-1].lower() in _GOES_ON
        if alone and bare == "att":  # "kontrollerar att planen följs"
            continue
        if bare.lower() in PREPOSITIONS and not range_word and not (joined and bare == "för"):
            break
        if (
            bare.lower() in _NEW_CLAUSE
            or (bare.lower() in {"som", "hur"} and not (alone and not words))
            or (alone and bare.lower() in {"och", "samt"})
        ):
            break
        words.append(bare)
        if word.endswith((".", ";", ":")) or (alone and word.endswith(",")):
            break
    return words


def _antecedent(before: str) -> list[str]:
    if match := _ANTECEDENT.search(before[-_FAR:]):
        return [match[1]]
    told = _TOLD_ABOUT.search(before[-_FAR:])
    return [word.strip('”"“().,;:') for word in told[1].split()] if told else []


def _subject_words(before: str) -> list[str]:
    """Return the words before a passive verb that no preposition governs, nearest clause only."""
    clause = _NEAREST.split(before[-_FAR:])[-1]
    if not clause or clause.strip() in {"vilken", "vilket", "vilka"}:
        return _antecedent(before)
    words = clause.split()
    free: list[str] = []
    governed = False
    for word in words:
        bare = word.strip('”"“().,;:')
        if bare.lower() in PREPOSITIONS:
            governed = True
        elif not governed:
            free.append(bare)
        if bare.lower() in {"ska", "skall", "bör", "kan", "och", "samt"}:
            governed = False
    return free
