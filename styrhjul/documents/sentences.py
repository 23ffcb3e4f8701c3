"""Where a Swedish sentence ends: not at an abbreviation, a number, or a mark that a small letter follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from styrhjul.documents.text import CleanText

#: A sentence longer than this is no sentence; rules would only guess, slowly.
LONGEST_SENTENCE = 2_000

_MARK = re.compile(r"[.!?]{1,3}[”\"»’)\]]{0,3}(?=\s|$)")
_BEFORE = re.compile(r"\S{1,20}\Z")
_NEXT = re.compile(r"\s{0,200}[\"”“»(\[–•*-]{0,3}\s{0,3}(\S)")
_ABBREVIATIONS = frozenset(
    "t.ex ex bl.a m.fl resp d.v.s dvs ev s.k f.d fr.o.m t.o.m fr.om t.om inkl exkl ca jfr kap st nr dnr tel "
    "max min kl prop "
    "art avd bil f.n p.g.a pga alt i.e o.d obs sid s ang enl forts hänv ing kr mom ca. jämf red rev ref uppl".split()
)
#: Words too: "med bil. Den förra" ends a sentence, "bil. 2" does not.
_BEFORE_NUMBERS = frozenset({"bil", "art", "kr", "st", "mom"})
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on one line with single spaces; `start` and `end` are offsets in the clean text."""

    text: str
    start: int
    end: int

    def place(self, raw: str, offset: int) -> int:
        """Return where in `raw`, the clean text, the character at `offset` of this sentence stands."""
        wanted = sum(1 for character in self.text[:offset] if character != " ")
        for at in range(self.start, self.end):
            if not raw[at].isspace():
                if wanted == 0:
                    return at
                wanted -= 1
        return self.end


def split_sentences(clean: CleanText, start: int, end: int) -> Iterator[Sentence]:
    """Yield the sentences between two offsets of the clean text, in order. Marks inside a sentence do not end it."""
    at = start
    for mark in _MARK.finditer(clean.text, start, end):
        if _ends_sentence(clean.text, at, mark, end):
            yield from _sentence(clean.text, at, mark.end())
            at = mark.end()
    yield from _sentence(clean.text, at, end)


def _ends_sentence(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, mark.end(), min(end, mark.end() + 220))
    if following is None:
        return True
    if following[1].islower():  # "en tydlig VI-känsla! och det prioriterade målet"
        return False
    if mark[0][0] != ".":
        return True
    word = _BEFORE.search(text[max(0, mark.start() - 20) : mark.start()])
    if word is None:
        return True
    bare = word[0].lstrip('(”"').lower()
    numbering = (
        _NUMBER.fullmatch(bare) and not text[max(start, mark.start() - 40) : mark.start() - len(word[0])].strip()
    )
    return (bare not in _ABBREVIATIONS or (bare in _BEFORE_NUMBERS and not following[1].isdigit())) and not numbering


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Sentence(" ".join(text[start:end].split()), start, end)
