"""What could point at a person in a text that people have typed, and the text with marks in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME, ADDRESS, NUMBER, PHONE = "[namn]", "[e-postadress]", "[personnummer]", "[telefonnummer]"

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Born on that day, or that day and 60 for whoever has no number yet; four figures more.
_NUMBER = re.compile(
    r"(?<![\d-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?!\d)"
)
_PHONE = re.compile(r"(?<![\d-])(?:\+46[ -]?\d{1,3}[ -]?|(?:08|0[1-9]\d{1,2})[-/] ?)\d{2,3}(?: ?\d{2,3}){1,2}(?!\d)")


class Mask:
    """Takes the names it was given, addresses and numbers of persons out of texts. Safe to repeat.

    A name has two words at least: one alone is as often a word of the language, or an office.
    """

    def __init__(self, names: Iterable[str]) -> None:
        whole = sorted({" ".join(name.split()) for name in names if len(name.split()) > 1}, key=len, reverse=True)
        written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in whole)
        self._names = re.compile(rf"(?<!\w)(?:{written})s?(?!\w)", re.IGNORECASE) if written else None

    def __call__(self, text: str) -> str:
        """Return the text with a mark for each."""
        for pattern, mark in ((self._names, NAME), (_ADDRESS, ADDRESS), (_NUMBER, NUMBER), (_PHONE, PHONE)):
            text = pattern.sub(mark, text) if pattern else text
        return text
