"""Who a sentence binds: its subject, the one after "av", the one an inverted verb is followed by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from styrhjul.documents.language.lexicon import (
    ACTOR_WORD,
    CONDITION_FIRST,
    DOCUMENT_WORD,
    FRONTED,
    INANIMATE,
    NOT_ACTORS,
    PERSON_WORD,
    PREPOSITIONS,
    TIME_WORDS,
)

_LONGEST_ACTOR = 200
_EXAMPLES = re.compile(
    r",?\s(?:såsom|så som|till exempel|t\.ex\.|exempelvis|bland annat|bl\.a\.|det vill säga|dvs\.?)\s", re.IGNORECASE
)
_NUMBERING = re.compile(
    r"^(?:\d{1,3}\s?§\s|(?:§\s?)?\d{1,3}(?:\.\d{1,3}){0,4}\.?\s|[a-z]\)\s|även\s|därtill\s|också\s)", re.IGNORECASE
)
_PARENTHESIS = re.compile(r"\s?\([^()]{0,100}\)")
#: Words around an actor that are not its name: "åt barn- och utbildningsnämnden", "inte X utan varje nämnd".
_FRAME = re.compile(
    r"\A(?:åt\s|var\soch\sen\sav\s|inte\s.{1,60}\sutan\s|(?:.{0,120},\s)?(?:som|vilket|vilken)\s(?=(?:(?:de|båda)\s){0,2}[\w-]{3,40}(?:\sgemensamt)?\Z))",
    re.IGNORECASE,
)
#: Adverbials of time between a subject and its verb.
_TRAILING = re.compile(
    r"(?<=\w)(?:,?\s(?:(?:varje|per|vartannat|vart\s\w+)\s(?:år|kvartal|halvår|månad|tertial|mandatperiod)|årligen|löpande|"
    r"regelbundet|kontinuerligt|också|även|därefter|därför|sedan|vid\sbehov|dessutom|då|alltid|gemensamt))+\Z",
    re.IGNORECASE,
)
#: "skogvaktaren", "HR", "Trygg i Almund"; more words than this are no name.
_DEFINITE = re.compile(r"[A-ZÅÄÖ]{2,6}|[\w-]{3,}(?:en|n|et|t|na)")
_LONGEST_STRANGER = 6
#: "däremellan", "halvårsvis": adverbs that open a sentence with its subject after the verb.
_ADVERB = re.compile(
    r"(?:där|här)(?:em|ut|i|vid|till|för|ige|av|på|om|med|under|emot|jäm)\w{0,8}|[\w-]{3,20}(?:vis|ligen)",
    re.IGNORECASE,
)
_EDGES = ' ,;:–-*"”“'
_ENDS_HEAD = PREPOSITIONS | {"som", "och/eller", "vars", "där", "vilka", "vilken"}
#: "Många lyfte fram biblioteken": a verb between makes two phrases of it.
_PAST = re.compile(r"(?!\w*arbete\Z)\w{2,}[fkpt]te")
_BEFORE_ACTOR = frozenset({"även", "också", "dessutom", "därutöver", "vidare"})
_JOINING = frozenset({"och", "samt", "eller", "och/eller", "respektive", "liksom"})
_PRONOUNS_OF_DOCUMENT = frozenset({"den", "denna", "detta", "dokumentet"})
_PRONOUNS_OF_ACTORS = frozenset({"de", "dessa", "denne", "hen", "hon", "han", "båda", "samtliga"})


class SubjectKind(Enum):
    """What stands as the subject of a clause."""

    ACTOR = 1
    DOCUMENT = 2
    PERSON = 3
    PRONOUN = 4
    MISSING = 5
    OTHER = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject with its words; `examples` are the actors it lists after "såsom"."""

    kind: SubjectKind
    words: str = ""
    examples: tuple[str, ...] = ()


def read_subject(before: str) -> Subject:
    """Read the words before a finite verb as a subject; MISSING where they are an adverbial and the subject follows."""
    text = _NUMBERING.sub("", before.strip(_EDGES), count=1).strip(_EDGES)
    examples: tuple[str, ...] = ()
    if listed := _EXAMPLES.search(text):
        examples = split_list(text[listed.end() :])
        text = text[: listed.start()]
    text = _FRAME.sub("", _PARENTHESIS.sub("", text)).strip(_EDGES)
    words = text.split()
    if (
        not words
        or opens_inverted(words[0].strip(","))
        or _verb_first(words)
        or _is_time(words)
        or text.lower() == "det"
    ):
        return Subject(SubjectKind.MISSING)
    text = _TRAILING.sub("", text)
    words = text.split()
    kind = _kind(words)
    if kind is SubjectKind.ACTOR and len(text) > _LONGEST_ACTOR:
        text = " ".join(_head(words))
    return Subject(kind, text, examples)


def actor_at(words: list[str]) -> str | None:
    """Return the actor that a list of words begins with: "varje nämnd och bolagsstyrelse", or None."""
    while words and words[0].lower() in _BEFORE_ACTOR:  # "Det åligger även samordnaren"
        words = words[1:]
    taken = _phrase(words)
    if not taken:
        return None
    while taken + 1 < len(words) and (_bare(words[taken]) in _JOINING or words[taken - 1].endswith(",")):
        joining = _bare(words[taken]) in _JOINING
        more = _phrase(words[taken + joining :])
        if not more:
            break
        taken += joining + more
    return " ".join(words[:taken]).strip(_EDGES + ".")


def actor_after(text: str, preposition: str) -> str | None:
    """Return the actor after the first such preposition: "sammanställs av digitaliseringschefen"."""
    for match in re.finditer(rf"\b(?:{preposition})\s", text, re.IGNORECASE):
        if actor := actor_at(text[match.end() : match.end() + _LONGEST_ACTOR].split()):
            return actor
    return None


def is_actor(word: str) -> bool:
    """Tell whether a word names a body or a function that can have a duty."""
    bare = word.strip(_EDGES + ".()")
    parts = bare.split("/")
    return any(len(part) < 60 and bool(ACTOR_WORD.fullmatch(part)) and not NOT_ACTORS.fullmatch(part) for part in parts)


def opens_inverted(word: str) -> bool:
    """Tell whether a clause that begins with a word has its subject after the verb."""
    return word.lower() in FRONTED or _ADVERB.fullmatch(word) is not None or CONDITION_FIRST.fullmatch(word) is not None


def _verb_first(words: list[str]) -> bool:
    """Tell whether a condition begins with its verb and names somebody next: "Finner nämnden att … ska …"."""
    return len(words) > 1 and words[0].endswith(("er", "ar")) and not is_actor(words[0]) and is_actor(words[1])


def may_act(subject: Subject) -> bool:
    """Tell whether a subject that no list knows may be somebody: a name in capitals or definite, and no thing."""
    if subject.kind is not SubjectKind.OTHER or not subject.words:
        return False
    words = subject.words.split()
    each = _bare(words[0]) in {"varje", "respektive", "samtliga", "berörda"}
    head = _head(words)[-1].strip(_EDGES + ".()")
    if len(words) > _LONGEST_STRANGER or DOCUMENT_WORD.fullmatch(head) or INANIMATE.fullmatch(head):
        return False
    return (each or _DEFINITE.fullmatch(head) is not None) and not any(_bare(word) in _JOINING for word in words[-1:])


def addressed(words: str) -> bool:
    """Tell whether a subject is the reader or the writer, in a part of theirs: "vi", "du som är chef"."""
    return words.lower().split()[:1] in (["vi"], ["du"], ["ni"], ["man"])


def split_list(text: str) -> tuple[str, ...]:
    """Split "flyktingmottagandet, skola/förskola och område kultur och fritid"; an "och" inside a named area stays."""
    commas = [part.strip(_EDGES + ".") for part in text.split(",")]
    last = re.split(r"\s(?:och|samt|eller)\s", commas[-1], maxsplit=1)
    parts = (*commas[:-1], *last)
    return tuple(part.strip(_EDGES + ".") for part in parts if part.strip(_EDGES + "."))


def stands_for(actor: str, terms: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return whom a defined term means where an actor uses it, in any inflection: "de kommunala verksamheterna"."""
    words = [word.lower() for word in actor.split()]
    for term, members in terms.items():
        stems = [word.lower()[:6] for word in term.split()]
        if all(any(word.startswith(stem) for word in words) for stem in stems):
            return members
    return ()


def _phrase(words: list[str]) -> int:
    """Return how many words the first noun phrase takes, if its head is an actor; at most four words stand before."""
    for number, word in enumerate(words[:5]):
        bare = _bare(word)
        if is_actor(word) and not (
            number + 1 < len(words) and bare in {"ansvarig", "ansvariga"} and is_actor(words[number + 1])
        ):
            return number + 1 + _belongs(words[number:])
        if (
            bare in PREPOSITIONS
            or (number and bare in _JOINING and not words[number - 1].endswith("-"))
            or word.endswith((",", ".", ";", ":"))
            or not word[:1].isalpha()
            or (number and _PAST.fullmatch(bare))
        ):
            return 0
    return 0


def _belongs(words: list[str]) -> int:
    """Count the words of a name that goes on after its head: "rådet för funktionshinderfrågor"."""
    names = _bare(words[0]) in {"rådet", "nämnden", "utskottet", "avdelningen", "enheten", "beredningen"}
    return 2 if names and len(words) > 2 and words[1] == "för" and words[2][:1].islower() else 0


def _kind(words: list[str]) -> SubjectKind:
    first = _bare(words[0])
    head = _head(words)
    last = _bare(head[-1])
    if len(words) == 1 and first in _PRONOUNS_OF_DOCUMENT:
        return SubjectKind.DOCUMENT
    if len(words) == 1 and first in _PRONOUNS_OF_ACTORS:
        return SubjectKind.PRONOUN
    if any(is_actor(word) for word in head) and is_actor(head[-1]):
        return SubjectKind.ACTOR
    if DOCUMENT_WORD.fullmatch(last):
        return SubjectKind.DOCUMENT
    if PERSON_WORD.fullmatch(last):
        return SubjectKind.PERSON
    return SubjectKind.OTHER


def _head(words: list[str]) -> list[str]:
    for number, word in enumerate(words):
        if number and _bare(word) in _ENDS_HEAD:
            return words[:number]
    return words


def _is_time(words: list[str]) -> bool:
    return len(words) <= 6 and _bare(words[-1]) in TIME_WORDS and not any(is_actor(word) for word in words)


def _bare(word: str) -> str:
    return word.strip(_EDGES + ".()").lower()
