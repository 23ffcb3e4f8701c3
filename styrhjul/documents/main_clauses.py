"""The words of a sentence that state its main clauses; relative clauses, purposes, conditions and what is asked go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from styrhjul.documents.modality import Governor
from styrhjul.documents.verbs import Form
from styrhjul.documents.word_forms import FORMS, VerbForm

_WORD = re.compile(r"[^\s–—]+")
_EDGES = '”"“»«().,;:!?*'
_RELATIVE = frozenset("som vilken vilket vilka vars".split())
_ASKS = frozenset("hur vad vem vilka vilken vilket varför huruvida".split())
#: These open a clause alone; "för", "genom" and the like only before "att".
_ALONE = frozenset("om när då innan medan eftersom såvida ifall sedan fastän".split())
#: A pronoun or a denial after "om" makes it a condition, wherever it stands.
_AFTER_IF = frozenset("inget ingenting inte annat så det den de man någon något detta vi".split())
_FINITE_OTHER = re.compile(r"(?:är|var|blev|ska|skall|bör|måste|kan|får|har|finns|vill|skulle|kunde|[\w-]{2,}(?:ade|des|ts)|fick|gick)\Z")


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
        return self.verb is not None and self.verb.form in {Form.PRESENT, Form.PASSIVE_PRESENT, Form.PASSIVE, Form.STATE}


def words_of(text: str) -> list[Word]:
    """Return the words of a sentence in order, without the marks around them."""
    words = []
    for match in _WORD.finditer(text):
        bare = match[0].strip(_EDGES)
        if bare:
            start = match.start() + match[0].index(bare)
            ends = match[0].rstrip('”"“»)').endswith((",", ";", ":"))
            words.append(Word(bare.lower(), start, start + len(bare), ends, FORMS.get(bare.lower())))
    return words


def main_words(text: str, governors: Sequence[Governor]) -> list[Word]:
    """Return the words of the main clauses; the binding words that stand in one bring the reader back to it."""
    words = words_of(text)
    back = {one.start for one in governors if not one.subordinate}
    inside = {at for one in governors if not one.subordinate for at in range(one.start, one.end)}
    kept: list[Word] = []
    number, has_verb = 0, False
    while number < len(words):
        word = words[number]
        if word.start not in inside and _opens(words, number):
            number = _closes(words, number, back, has_verb=has_verb)
            continue
        has_verb = has_verb or word.finite or word.start in back
        kept.append(word)
        number += 1
    return kept


def _opens(words: Sequence[Word], number: int) -> bool:
    """Tell whether a word opens a clause that states nothing by itself."""
    word, before = words[number], words[number - 1] if number else None
    following = words[number + 1].text if number + 1 < len(words) else ""
    first = before is None or before.ends
    if word.text == "som":
        return before is not None  # "Som ett led i …" is no clause
    if word.text in _RELATIVE and word.text != "vars" and first and before is not None:
        return False  # ", vilken lämnas till nämnden" goes on
    if word.text in _ASKS and before is not None:
        return True
    if word.text == "att":
        return before is not None and before.text in {"för", "genom", "utan", "syfte", "så", "efter", "inför", "möjlighet", "visar", "anser"}
    if word.text in {"för", "genom", "utan", "så", "efter", "inför", "därför", "trots"} and following == "att":
        return True
    if word.text == "där":
        return before is not None and not first and before.text not in {"och", "samt"}
    if word.text == "om":
        return (first and following not in {"året", "år"}) or following in _AFTER_IF
    if word.text == "då" and before is None and following in FORMS:
        return False
    if word.text in {"sedan", "innan"}:
        return (before is None and following not in FORMS) or (before is not None and before.ends)
    return word.text in _ALONE and (first or word.text in {"när", "medan", "eftersom", "innan", "ifall"})


def _closes(words: Sequence[Word], number: int, back: set[int], *, has_verb: bool) -> int:
    """Return the number of the first word after a clause: behind its comma, or where a verb of the main one stands."""
    finite = 0
    for at in range(number + 1, len(words)):
        word = words[at]
        joined = words[at - 1].text in {"och", "samt", "eller"}
        if word.start in back and not joined:
            return at
        verbal = word.finite or _FINITE_OTHER.match(word.text) is not None
        if verbal and finite and not has_verb and not joined and words[at - 1].text not in {"att", "som", "ska", "skall", "kan"}:
            return at
        finite += verbal
        if word.ends:
            return at + 1
    return len(words)
