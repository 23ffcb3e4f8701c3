"""Text that a person has typed: brought to one form, and what cannot be kept told in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: The longest text, which may have several lines, and the longest single line; in characters.
LONG = 2000
SHORT = 300

#: What no text is made of: PostgreSQL keeps it not, or XML 1.0 has no way to say it.
NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PARAGRAPH = re.compile(r"[0-9]{1,4}(?:[:/][0-9]{1,4})?(?: ?[a-zåäö])?")
_DIARY_NUMBER = re.compile(
    r"[A-ZÅÄÖ]{2,5}[ /-]?[0-9]{2,4}[:/ -][0-9]{1,6}(?::[0-9]+)?|[0-9]{4}/[0-9]{3,5} [A-Z]{2}(?:-[0-9])?", re.IGNORECASE
)
_LINE_BREAKS = frozenset("\n\t")
#: Turn the direction of what stands beside them: a name could be made to read as another.
DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_DIRECTION = re.compile(f"[{DIRECTION}]")


def tidy(text: str) -> str:
    """Return the text composed (NFC), with plain line breaks and without space around it. Safe to repeat."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip(" \n\t\u00a0")


def straight(text: str) -> str:
    """Return the text without the signs that turn its direction. Safe to repeat."""
    return _DIRECTION.sub("", text)


def sayable(text: str) -> str:
    """Return the text without what no file can say. Safe to repeat."""
    return NO_CHARACTER.sub("", text)


def paragraph_number(text: str) -> str | None:
    """Return `82` for `82`, `§82` or `§ 82`; None for nothing. What is no paragraph comes back as it is."""
    bare = tidy(text).strip("§").strip().lower()
    return bare or None


def is_paragraph(text: str) -> bool:
    """Whether the text is a paragraph's number, such as `82`, `82 a` or `2027:82`."""
    return _PARAGRAPH.fullmatch(text) is not None


def is_diary_number(text: str) -> bool:
    """Whether the text is a diary number as municipalities write them: `KS-2016-284`, `VON 2025:00149`."""
    return _DIARY_NUMBER.fullmatch(text) is not None


def faults_in(text: str, at_most: int) -> Iterator[str]:
    """Yield Swedish sentences about what makes the text impossible to keep; none when it is sound."""
    if len(text) > at_most:
        yield f"Korta texten till högst {at_most} tecken. Den har {len(text)}"
    if any(_is_hidden(character, one_line=at_most <= SHORT) for character in text):
        yield "Texten har tecken som inte syns. Skriv om den för hand i stället för att klistra in"


def _is_hidden(character: str, *, one_line: bool) -> bool:
    if character in _LINE_BREAKS:
        return one_line
    return character in DIRECTION or unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}
