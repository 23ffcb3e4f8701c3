"""What a report's pages are made of, in order. PDF, Word and web set the same headings, texts, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 stands under the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with one row of headings. A cell may have several lines; `shares` are the columns' parts of the width."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing as SVG, with what somebody is told who does not see it; its size is in the SVG's own units.

    `narrow` is the same for a phone, `page` the same for a page with its style sheet; empty = there is only the one.
    """

    svg: str
    alt: str
    width: int
    height: int
    narrow: str = ""
    page: str = ""


Block: TypeAlias = Heading | Text | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report; `subtitle` stands under the title."""

    title: str
    subtitle: str
    municipality: str
    blocks: tuple[Block, ...]
