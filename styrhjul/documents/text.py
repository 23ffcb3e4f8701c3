"""A text made easy to read by rules, with the way back to every offset."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from styrhjul.domain.written import DIRECTION

Plain = Callable[[str], str]

# A word cut at the end of a line, both halves in small letters: "ansva-⏎rar". "in-⏎och utvandring" keeps its hyphen.
_CUT_WORD = re.compile(r"(?<=[a-zåäöé])-[ \u2003]{0,3}\n[ \u2003]{0,20}(?!(?:och|eller|samt|till)\b)(?=[a-zåäö])")
_INVISIBLE = f"\ufeff\u00ad\u200b\u200c\u200d\u2060{DIRECTION}"
_SPACES = "\u00a0\u202f\u2007\u2009"
#: What a tab becomes: a space that still tells one cell of a row from the next.
CELL = "\u2003"
_LINE_ENDS = "\v\f\x85\u2028\u2029"
# Letters that a search without regard to case takes for s, i and k, but no word list holds.
_PLAIN_LETTERS = (
    str.maketrans("ſıİ\u212a", "siIK")
    | str.maketrans("│┃║¦─━═\u2010\u2011", "||||-----")
    | dict.fromkeys(
        range(0x250C, 0x254C),
        "+",  # the corners and crossings of a drawn table
    )
)
_TO_CLEAN = re.compile(f"\r\n?|[{_INVISIBLE}{_SPACES}{_LINE_ENDS}\t{CELL}]")


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text with plain spaces and line ends and no cut words. `origin[i]` is the offset in the source of `text[i]`."""

    text: str
    origin: list[int]
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the source of a stretch that is not empty."""
        return self.origin[start], self.origin[end - 1] + 1


def clean(source: str) -> CleanText:
    """Make spaces, line ends and cut words plain; removed characters leave no trace but in `origin`."""
    first, origin = _replace(source, list(range(len(source))), _TO_CLEAN, _plain)
    text, origin = _replace(first, origin, _CUT_WORD, lambda _: "")
    return CleanText(text.translate(_PLAIN_LETTERS), origin, source)


def _plain(found: str) -> str:
    if found == "\t":
        return CELL
    if found in _SPACES or found == CELL:
        return " "
    return "" if found in _INVISIBLE else "\n"


def _replace(text: str, origin: list[int], pattern: re.Pattern[str], plain: Plain) -> tuple[str, list[int]]:
    parts: list[str] = []
    kept: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        new = plain(match[0])
        parts += (text[at : match.start()], new)
        kept += origin[at : match.start()]
        kept += origin[match.start() : match.start() + len(new)]
        at = match.end()
    parts.append(text[at:])
    kept += origin[at:]
    return "".join(parts), kept
