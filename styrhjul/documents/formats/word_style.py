"""What the styles and lists of a .docx say of a paragraph: how high a heading it is, and its bullet or number."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from styrhjul.documents.formats.flow import marker_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|rubrik|überschrift) ?([1-9])", re.IGNORECASE)
_TITLES = frozenset({"title", "rubrik", "titel"})
_CONTENTS = re.compile(r"(?:toc|innehåll|innehållsförteckning|table of contents)(?: ?\d| heading)?", re.IGNORECASE)
_BODY_LEVEL = 9
_DEEPEST_STYLE = 12
_PLACEHOLDER = re.compile(r"%([1-9])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Style:
    """`level` 1 is the highest heading, 0 is none."""

    level: int = 0
    is_contents: bool = False
    list_id: str | None = None
    list_level: int = 0


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


def value_of(element: etree._Element | None) -> str | None:
    """Return the value that an element is there for."""
    return None if element is None else element.get(f"{W}val")


class Styles:
    """The styles and the lists of a document; it counts the numbers of its lists as the paragraphs are asked for."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        self._elements = {each.get(f"{W}styleId"): each for each in _all(styles, "style")}
        self._known: dict[str | None, Style] = {None: Style()}
        self._lists = {
            each.get(f"{W}numId"): value_of(each.find(f"{W}abstractNumId")) for each in _all(numbering, "num")
        }
        self._levels = {
            (each.get(f"{W}abstractNumId"), level.get(f"{W}ilvl")): _level(level)
            for each in _all(numbering, "abstractNum")
            for level in each.iterchildren(f"{W}lvl")
        }
        self._counted: dict[str, dict[int, int]] = defaultdict(dict)

    def of(self, paragraph: etree._Element) -> Style:
        """Return how a paragraph is set; an outline level of its own wins over its style's."""
        style = self._named(value_of(paragraph.find(f"{W}pPr/{W}pStyle")))
        level = value_of(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        if level is None or not level.isdecimal():
            return style
        return Style(_height(level), style.is_contents, style.list_id, style.list_level)

    def number(self, paragraph: etree._Element) -> str | None:
        """Return the bullet or number that stands before a paragraph, counting it; None where none does."""
        style = self.of(paragraph)
        own = paragraph.find(f"{W}pPr/{W}numPr")
        name = value_of(own.find(f"{W}numId")) if own is not None else style.list_id
        depth = value_of(own.find(f"{W}ilvl")) if own is not None else str(style.list_level)
        abstract = self._lists.get(name)
        level = self._levels.get((abstract, depth or "0"))
        if abstract is None or level is None or level.form == "none":
            return None
        if level.form == "bullet":
            return marker_of(level.text)
        return self._counted_up(abstract, int(depth or "0"), level)

    def _counted_up(self, abstract: str, depth: int, level: _Level) -> str:
        counted = self._counted[abstract]
        counted[depth] = counted.get(depth, level.start - 1) + 1
        for deeper in [each for each in counted if each > depth]:
            del counted[deeper]

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = self._levels.get((abstract, str(at)), level).form
            return _written(counted.get(at, 1), form)

        return _PLACEHOLDER.sub(shown, level.text).strip() or f"{counted[depth]}."

    def _named(self, name: str | None, depth: int = 0) -> Style:
        if name in self._known or name not in self._elements or depth > _DEEPEST_STYLE:
            return self._known.get(name, Style())
        element = self._elements[name]
        base = self._named(value_of(element.find(f"{W}basedOn")), depth + 1)
        called = (value_of(element.find(f"{W}name")) or "").lower()
        outline = value_of(element.find(f"{W}pPr/{W}outlineLvl"))
        heading = _HEADING.fullmatch(called)
        level = int(heading[1]) if heading else 1 if called in _TITLES else base.level
        style = Style(
            level=_height(outline) if outline is not None and outline.isdecimal() else level,
            is_contents=bool(_CONTENTS.fullmatch(called)) or base.is_contents,
            list_id=value_of(element.find(f"{W}pPr/{W}numPr/{W}numId")) or base.list_id,
            list_level=_number(value_of(element.find(f"{W}pPr/{W}numPr/{W}ilvl")), base.list_level),
        )
        self._known[name] = style
        return style


def _all(root: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if root is None else list(root.iterchildren(f"{W}{name}"))


def _height(outline: str) -> int:
    level = _number(outline, _BODY_LEVEL)
    return 0 if level >= _BODY_LEVEL else level + 1


def _level(level: etree._Element) -> _Level:
    return _Level(
        form=value_of(level.find(f"{W}numFmt")) or "decimal",
        text=value_of(level.find(f"{W}lvlText")) or "",
        start=_number(value_of(level.find(f"{W}start")), 1),
    )


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else otherwise


def _written(number: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(number % 40)
        return roman if form == "lowerRoman" else roman.upper()
    return str(number)


def _roman(number: int) -> str:
    said = ""
    for worth, letters in _ROMAN:
        while number >= worth:
            said += letters
            number -= worth
    return said
