"""Where a sentence stands in a text: word for word, whatever line breaks it was copied with."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AROUND = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a sentence: `text[start:end]`, and what stands before and after it."""

    start: int
    end: int
    before: str
    after: str


class NotInText(ValueError):
    """The sentence does not stand in the text."""

    def __init__(self) -> None:
        super().__init__("Meningen står inte så i dokumentet. Kopiera den ord för ord ur texten.")


class StandsTwice(ValueError):
    """The sentence stands in several places; somebody has to say which is meant."""

    def __init__(self, places: tuple[Place, ...]) -> None:
        super().__init__(f"Meningen står på {len(places)} ställen i dokumentet. Välj vilket som menas.")
        self.places = places


def places_of(text: str, quote: str) -> tuple[Place, ...]:
    """Return every place where a quote stands in a text, in order; none for an empty quote.

    Any stretch of space matches any other, for a browser breaks lines elsewhere; every other character is its own.
    """
    words = quote.split()
    if not words:
        return ()
    pattern = r"\s+".join(re.escape(word) for word in words)
    return tuple(_place(text, *match.span()) for match in re.finditer(pattern, text))


def place_of(text: str, quote: str, start: int | None) -> Place:
    """Return the one place of a quote, or the one that begins at `start`. Raises NotInText and StandsTwice."""
    found = places_of(text, quote)
    if not found:
        raise NotInText
    chosen = [place for place in found if place.start == start]
    if not chosen and len(found) > 1:
        raise StandsTwice(found)
    return chosen[0] if chosen else found[0]


def _place(text: str, start: int, end: int) -> Place:
    before, after = text[max(start - _AROUND, 0) : start], text[end : end + _AROUND]
    return Place(start=start, end=end, before=" ".join(before.split()), after=" ".join(after.split()))
