"""What can stand in a PDF that is to be kept: a character that no font has is printed as its number."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

#: What a keyboard gives; every font has it.
_LATIN = frozenset(map(chr, (0x0A, *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), 0x20AC)))
#: Invisible, and wanted: breaks and joins within words.
_INVISIBLE = frozenset("\n\N{SOFT HYPHEN}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")

#: No line is as long, and typst gives up on a word of 65 535 bytes; a hash fits, and stays whole for a search.
_LONG = re.compile(r"\S{81,}")
_PIECE = re.compile(r"\S{1,40}")


def printable(text: str, *, only_latin: bool = False) -> str:
    """Return the text as it can be set: what no font has, and what turns the writing, is shown as "[U+1F600]".

    A line end becomes a newline, a tab four spaces, and a word longer than a line may be broken. `only_latin` is for
    text that the fonts cannot set together.
    """
    known = _LATIN if only_latin else coverage()
    unix = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    shown = "".join(letter if letter in known else _numbered(letter) for letter in unix)
    return _LONG.sub(_broken, shown)


@cache
def coverage() -> frozenset[str]:
    """Return every character that one of the fonts has."""
    ranges = (line.split("-") for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split())
    return _INVISIBLE.union(*(map(chr, range(int(first, 16), int(last, 16) + 1)) for first, last in ranges))


def _broken(word: re.Match[str]) -> str:
    return "\N{ZERO WIDTH SPACE}".join(_PIECE.findall(word[0]))


def _numbered(letter: str) -> str:
    # A byte order mark, or a selector of an emoji's look, tells a reader nothing.
    is_silent = letter == "\ufeff" or unicodedata.name(letter, "").startswith("VARIATION SELECTOR")
    return "" if is_silent else f"[U+{ord(letter):04X}]"
