"""The words of a sentence that state its main clauses; relative clauses, purposes, conditions and what is asked go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from styrhjul.documents.language.actors import is_actor
from styrhjul.documents.language.conjugation import Form
from styrhjul.documents.language.modality import Governor
from styrhjul.documents.language.word_forms import FORMS, IMPERATIVES, VerbForm, verb_of

_WORD = re.compile(r"[^\s–—]+")
_EDGES = '”"“»«().,;:!?*'
_RELATIVE = frozenset("som vilken vilket vilka vars".split())
_ASKS = frozenset("hur vad vem vilka vilken vilket varför huruvida".split())
#: These open a clause wherever they stand, those of the next line at the start or behind a comma.
_ALWAYS = frozenset("när medan eftersom innan ifall".split())
_FIRST = frozenset("då sedan såvida fastän".split())
#: "att" after these says what for, how or when.
_BEFORE_THAT = frozenset(
    "för genom utan syfte så efter inför möjlighet möjligheter tillfälle förutsättningar rätt visar anser därför "
    "trots det".split()
)
#: "bidra till att", "syftar till att": hoped for, and not done.
_HOPES = ("bidra", "syfta", "leda", "leder", "medverka")
#: "beslutar varje år, i samband med budgeten, om finansiella mål".
_DECIDES_ABOUT = frozenset({"beslut", "enas", "fatt", "komm"})
#: A pronoun or a denial after "om" makes it a condition, wherever it stands.
_AFTER_IF = frozenset("inget ingenting inte annat så det den de man någon något detta vi".split())
_SUBJECTS = frozenset({"en", "ett", "vi", "varje", "respektive"})
_BEFORE_ITS_VERB = frozenset({"att", "som", "ska", "skall", "kan"})
_FINITE_OTHER = re.compile(
    r"(?:är|var|blev|ska|skall|bör|måste|kan|får|har|finns|vill|skulle|kunde|[\w-]{2,}(?:ade|des|ts)|fick|gick)\Z"
)


#: People meet in order to do something: what they meet for is what they do.
MEETS = frozenset({"träff", "möt", "saml", "sammanträd", "sammankall", "kall"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a main clause; `ends` tells that a comma or a stronger mark follows it."""

    text: str
    start: int
    end: int
    ends: bool
    verb: VerbForm | None

    @property
    def finite(self) -> bool:
        return self.verb is not None and self.verb.form in {
            Form.PRESENT,
            Form.PASSIVE_PRESENT,
            Form.PASSIVE,
            Form.STATE,
        }


def words_of(text: str) -> list[Word]:
    """Return the words of a sentence in order, without the marks around them."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        bare = match[0].strip(_EDGES)
        if bare:
            start = match.start() + match[0].index(bare)
            ends = match[0].rstrip('”"“»)').endswith((",", ";", ":"))
            words.append(Word(bare.lower(), start, start + len(bare), ends, _verb(bare.lower(), words)))
    return words


def _verb(word: str, before: Sequence[Word]) -> VerbForm | None:
    """Return the verb that a word is; as an imperative only where a sentence begins, or goes on after another."""
    if not before:
        return verb_of(word) or IMPERATIVES.get(word)
    if word == "sänder" and before[-1].text == "i":  # "för tre år i sänder"
        return None
    begun = before[0].verb is not None and before[0].text in IMPERATIVES
    return verb_of(word) or (IMPERATIVES.get(word) if begun and before[-1].text in {"och", "samt"} else None)


def main_words(text: str, governors: Sequence[Governor]) -> list[Word]:
    """Return the words of the main clauses; the binding words that stand in one bring the reader back to it."""
    words = words_of(text)
    back = {one.start for one in governors if not one.subordinate}
    inside = {at for one in governors if not one.subordinate for at in range(one.start, one.end)}
    kept: list[Word] = []
    number, has_verb = 0, False
    while number < len(words):
        word = words[number]
        met = any(one.verb is not None and one.verb.stem in MEETS for one in kept)
        if word.start not in inside and not (met and _for_to(words, number)) and _opens(words, number):
            number = _closes(words, number, back, has_verb=has_verb)
            continue
        has_verb = has_verb or word.finite or word.start in back
        kept.append(word)
        number += 1
    return kept


def _for_to(words: Sequence[Word], number: int) -> bool:
    """Tell whether "för att" stands here: whom people meet to follow up, they follow up."""
    pair = [word.text for word in words[max(0, number - 1) : number + 2]]
    return pair[-2:] == ["för", "att"] or pair[:2] == ["för", "att"]


def _opens(words: Sequence[Word], number: int) -> bool:
    """Tell whether a word opens a clause that states nothing by itself."""
    word, before = words[number].text, words[number - 1] if number else None
    following = words[number + 1].text if number + 1 < len(words) else ""
    if word in _RELATIVE and before is not None and (word == "som" or before.ends):
        return word == "som"  # ", vilken lämnas till nämnden" goes on; "Som ett led i …" is no clause
    if word in _ASKS:
        return True
    if "att" in {word, following}:
        opener = word if following == "att" else before.text if before else ""
        hopes = opener == "till" and any(one.text.startswith(_HOPES) for one in words[max(0, number - 4) : number])
        at = number if following == "att" else number - 1
        meanwhile = opener == "med" and at > 0 and words[at - 1].text == "samband"
        return opener in _BEFORE_THAT or hopes or meanwhile
    stem = next((one.verb.stem for one in reversed(words[:number]) if one.verb is not None), "")
    return _tells_when(word, following, before, about=stem in _DECIDES_ABOUT)


def _tells_when(word: str, following: str, before: Word | None, *, about: bool) -> bool:
    """Tell whether a word opens a condition or a time: at the start, behind a comma, or unmistakably."""
    first = before is None or before.ends
    if word == "där":
        return before is not None and not first and before.text not in {"och", "samt"}
    if word == "om":
        return (first and following not in {"året", "år"} and not about) or following in _AFTER_IF
    if word in {"då", "sedan"} and before is None and following in FORMS:  # "Då följs målen upp."
        return False
    return word in _ALWAYS or (word in _FIRST and first)


def _inverted(words: Sequence[Word], at: int) -> bool:
    """Tell whether a verb has its subject after it, as behind a clause that opens the sentence: "görs en analys"."""
    following = words[at + 1].text if at + 1 < len(words) and not words[at].ends else ""
    verb = words[at].finite and words[at - 1].text not in _BEFORE_ITS_VERB
    whose = following.endswith("s") and at + 2 < len(words) and is_actor(words[at + 2].text)
    return verb and (following in _SUBJECTS or is_actor(following) or whose) and not is_actor(words[at - 1].text)


def _closes(words: Sequence[Word], number: int, back: set[int], *, has_verb: bool) -> int:
    """Return the number of the first word after a clause: behind its comma, or where a verb of the main one stands."""
    finite = 0
    for at in range(number + 1, len(words)):
        word = words[at]
        joined = words[at - 1].text in {"och", "samt", "eller"}
        if word.start in back and not joined:
            return at
        if number == 0 and _inverted(words, at):
            return at
        verbal = word.finite or _FINITE_OTHER.match(word.text) is not None
        second = verbal and finite and words[at - 1].text not in _BEFORE_ITS_VERB
        if second and not has_verb and not joined:
            return at
        finite += verbal
        if word.ends:
            return at + 1
    return len(words)
