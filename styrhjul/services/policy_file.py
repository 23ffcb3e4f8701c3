"""A file that somebody brings in, as text with its pages, and where in the file a sentence stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from styrhjul.documents import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """The text of a file. `pages` are the offsets at which its pages begin; empty for a file that has none."""

    name: str
    text: str
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def read_file(data: bytes, name: str) -> ReadFile:
    """Read a file by what its name ends in. Raises UnreadableDocument: what, and what to do."""
    return ReadFile(name=name, text=decode(data, name))


def place_in_words(text: str, start: int, pages: Sequence[int] | None) -> str:
    """Return in Swedish where a sentence begins: its page where the file has pages, else its line."""
    if pages:
        return f"sida {max(bisect_right(pages, start), 1)}"
    return f"rad {text.count(chr(10), 0, start) + 1}"
