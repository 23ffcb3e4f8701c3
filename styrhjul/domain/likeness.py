"""How alike two texts are, word for word: line breaks, spaces and capitals do not count, every word does."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

#: From here on two documents are said to be almost the same.
ALMOST_THE_SAME = 0.95

#: Some seconds. Two policies of a hundred pages are about half of it, two rows of seven thousand dots all.
_MOST_WORK = 50_000_000
_NOT_THE_SAME = 0.9999

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u00ad\u200b\u200c\u200d\u2060"))
_CUT_WORD = re.compile(r"(?<=[a-zåäö])-[ \t]{0,3}\r?\n[ \t]{0,20}(?!(?:och|eller|samt|till)\b)(?=[a-zåäö])")


def words_of(text: str) -> tuple[str, ...]:
    """Return a text's words with their punctuation, in small letters; a word cut at the end of a line is whole."""
    plain = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return tuple(_CUT_WORD.sub("", plain).casefold().split())


def likeness(one: tuple[str, ...], other: tuple[str, ...], at_least: float = 0.0) -> float:
    """Return how alike two rows of words are, 0 to 1; 0 for what cannot reach `at_least`, which is told fast.

    Of rows that hold the same few words over and over the order does not count, for comparing it would take hours.
    """
    if one == other:
        return 1.0
    most = _at_most(one, other)
    if most < at_least:
        return 0.0
    if _work(one, other) > _MOST_WORK:
        return min(most, _NOT_THE_SAME)
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= at_least else 0.0


def _work(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many pairs of the same word there are, which is what order costs; 0 for rows too short to matter."""
    if len(one) * len(other) <= _MOST_WORK:
        return 0
    mine, theirs = Counter(one), Counter(other)
    return sum(count * theirs[word] for word, count in mine.items())


def _at_most(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """No order of the words could make them more alike than this."""
    if not one or not other:
        return 0.0
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))
