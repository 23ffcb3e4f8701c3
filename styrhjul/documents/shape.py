"""The shape of one document, read once for all who ask: its clean text, its lines, its fields and what they use up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from styrhjul.documents.metadata.fields import read_fields
from styrhjul.documents.metadata.labels import Field
from styrhjul.documents.sections import Line, read_lines
from styrhjul.documents.text import CleanText, clean


@dataclass(frozen=True, slots=True)
class Shape:
    """A document before anybody says what it means. `used` are the numbers of the lines that are fields."""

    source: CleanText
    lines: list[Line]
    fields: list[Field]
    used: set[int]


@lru_cache(maxsize=1)
def shape_of(text: str) -> Shape:
    """Return the shape of a text. The last is remembered: the lint asks after the reading, and one may be large."""
    source = clean(text)
    lines = read_lines(source.text)
    fields, used = read_fields(lines)
    return Shape(source, lines, fields, used)
