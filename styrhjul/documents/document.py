"""A document that became text, or cannot: with the way from every offset back to the page and line of the original."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field


class UnreadableDocument(ValueError):
    """Filen gick inte att läsa som text."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{self.__doc__} {name}: {why}")
        self.name = name
        self.why = why


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the original something stands, counted from 1.

    `page` is None where the format has no pages of its own. `line` counts on the page, or else in the document: lines
    of a text file, paragraphs of the others.
    """

    page: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """From `offset` of the text on, until the next mark, everything stands at `place`."""

    offset: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was read. `kind` is the file's ending in small letters, with its dot; `warnings` are in Swedish."""

    text: str
    kind: str
    places: tuple[Mark, ...]  #: in the order of the text, the first at 0
    warnings: tuple[str, ...] = ()
    _offsets: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the offsets apart, to look among."""
        object.__setattr__(self, "_offsets", tuple(mark.offset for mark in self.places))

    def place(self, offset: int) -> Place:
        """Return where the letter at an offset of `text` stands in the original; past the end, the last place."""
        return self.places[max(bisect_right(self._offsets, offset) - 1, 0)].place

    @property
    def pages(self) -> tuple[int, ...]:
        """Return where in the text each page begins, the first first; empty where the original has no pages."""
        begun: list[int] = []
        for mark in self.places:
            page = mark.place.page or 0
            begun += [mark.offset] * (page - len(begun))
        return tuple(begun)


def lines_of(text: str) -> Iterable[Mark]:
    """Return a mark for each line of a text that is its own original."""
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True) or [""], start=1):
        yield Mark(at, Place(None, number))
        at += len(line)
