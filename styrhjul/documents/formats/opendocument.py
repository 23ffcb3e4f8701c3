"""Reads .odt: headings by level, paragraphs, lists with their bullets, tables, text boxes, footnotes.

What was deleted with changes tracked, comments, tables of contents and running headers are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from styrhjul.documents.formats.flow import Flow, TextLine, marker_of
from styrhjul.documents.formats.packed import Packed
from styrhjul.documents.formats.trouble import CannotRead, Notice, Trouble

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_OFFICE, _TEXT, _TABLE, _STYLE, _DRAW = (
    f"{{{_OASIS}:{name}:1.0}}" for name in ("office", "text", "table", "style", "drawing")
)
_MANIFEST = "META-INF/manifest.xml"
_LOCKED_MARK = b"encryption-data"
_WRAPPERS = frozenset({f"{_TEXT}section", f"{_TEXT}index-body", f"{_TABLE}table-header-rows", f"{_TABLE}table-rows"})
_WRAPPERS |= {f"{_TABLE}table-row-group", f"{_TEXT}numbered-paragraph"}
_GONE = frozenset({f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_TEXT}table-of-content"})
_GONE |= {f"{_TEXT}ruby-text"}
_BOXES = frozenset({f"{_DRAW}frame", f"{_DRAW}text-box", f"{_DRAW}custom-shape", f"{_DRAW}a", f"{_DRAW}g"})
_MOST_SPACES = 100
_DEEPEST_STYLE = 12
_TITLES = frozenset({"title", "rubrik", "titel"})


def read_opendocument(data: bytes) -> tuple[list[TextLine], list[Notice]]:
    """Return the lines of a document. Raises CannotRead."""
    packed = Packed(data)
    if _MANIFEST in packed and _LOCKED_MARK in packed.read(_MANIFEST):
        raise CannotRead(Trouble.LOCKED)
    root = packed.xml("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise CannotRead(Trouble.NOT_WHAT_IT_SAYS)
    reader = _Reader([root, packed.xml_or_none("styles.xml")])
    reader.read_blocks(body)
    changed = next(root.iter(f"{_TEXT}tracked-changes"), None) is not None
    notices = [Notice.TRACKED_CHANGES] if changed else []
    return reader.flow.finished(), [*notices, *([Notice.STRUCK_OUT] if reader.has_struck_out else [])]


class _Reader:
    def __init__(self, roots: list[etree._Element | None]) -> None:
        self.flow = Flow()
        known = [root for root in roots if root is not None]
        self._lists = {
            style.get(f"{_STYLE}name"): {level.get(f"{_TEXT}level"): level for level in style.iterchildren("*")}
            for root in known
            for style in root.iter(f"{_TEXT}list-style")
        }
        self._styles = {style.get(f"{_STYLE}name"): style for root in known for style in root.iter(f"{_STYLE}style")}
        self._struck_out = {name for name, style in self._styles.items() if _strikes_out(style)}
        self._counted: dict[tuple[str | None, int], int] = defaultdict(int)
        self.has_struck_out = False

    def read_blocks(self, parent: etree._Element) -> None:
        """Read what flows, in order, wherever it is wrapped."""
        for child in parent.iterchildren("*"):
            if _is_hidden(child):
                continue
            if child.tag == f"{_TEXT}h":
                self.flow.heading(_whole(child.get(f"{_TEXT}outline-level"), 1), self._text(child))
                self._read_boxes(child)
            elif child.tag == f"{_TEXT}p":
                self._read_paragraph(child)
            elif child.tag == f"{_TEXT}list":
                self._read_list(child, child.get(f"{_TEXT}style-name"), 1)
            elif child.tag == f"{_TABLE}table":
                self._read_table(child)
            elif child.tag in _WRAPPERS or child.tag in _BOXES:
                self.read_blocks(child)

    def _read_paragraph(self, paragraph: etree._Element) -> None:
        text = self._text(paragraph)
        level = self._height(paragraph.get(f"{_TEXT}style-name"))
        if level:
            self.flow.heading(level, text)
        else:
            self.flow.paragraph(text)
        self._read_boxes(paragraph)

    def _read_boxes(self, paragraph: etree._Element) -> None:
        for box in _outermost(paragraph, f"{_DRAW}text-box"):
            self.read_blocks(box)

    def _read_list(self, listed: etree._Element, style: str | None, depth: int) -> None:
        style = listed.get(f"{_TEXT}style-name") or style
        if listed.get(f"{_TEXT}continue-numbering") != "true" and listed.get(f"{_TEXT}continue-list") is None:
            self._counted[style, depth] = 0
        for item in listed.iterchildren(f"{_TEXT}list-item", f"{_TEXT}list-header"):
            marker: str | None = self._marker(item, style, depth)
            for child in item.iterchildren("*"):
                if child.tag == f"{_TEXT}list":
                    self._read_list(child, style, depth + 1)
                elif child.tag == f"{_TEXT}h":
                    self.flow.heading(_whole(child.get(f"{_TEXT}outline-level"), 1), self._text(child))
                elif child.tag == f"{_TEXT}p" and marker is not None:
                    self.flow.item(marker, self._text(child))
                    marker = None
                else:
                    self._read_one(child)

    def _read_one(self, child: etree._Element) -> None:
        if child.tag == f"{_TEXT}p":
            self._read_paragraph(child)
        elif child.tag == f"{_TABLE}table":
            self._read_table(child)

    def _marker(self, item: etree._Element, style: str | None, depth: int) -> str:
        level = self._lists.get(style, {}).get(str(depth))
        if item.tag != f"{_TEXT}list-item" or level is None or level.tag != f"{_TEXT}list-level-style-number":
            return marker_of(level.get(f"{_TEXT}bullet-char") or "" if level is not None else "")
        start = item.get(f"{_TEXT}start-value") or (None if self._counted[style, depth] else _start(level))
        self._counted[style, depth] = _whole(start, self._counted[style, depth] + 1)
        number = self._counted[style, depth]
        form = level.get(f"{_STYLE}num-format")
        said = chr(ord(form) + (number - 1) % 26) if form in {"a", "A"} else str(number)
        return f"{said}{(level.get(f'{_STYLE}num-suffix') or '.').strip()[:1]}"

    def _read_table(self, table: etree._Element) -> None:
        rows = [
            [self._cell(cell) for cell in row.iterchildren(f"{_TABLE}table-cell")]
            for row in _outermost(table, f"{_TABLE}table-row")
        ]
        self.flow.table(rows)

    def _cell(self, cell: etree._Element) -> list[str]:
        outer, self.flow = self.flow, Flow()
        self.read_blocks(cell)
        inner, self.flow = self.flow, outer
        return [line.text for line in inner.finished()]

    def _height(self, name: str | None) -> int:
        """Return how high a heading a style makes, 0 for none."""
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(name)
            if (name or "").lower() in _TITLES:
                return 1
            if style is None:
                return 0
            if level := style.get(f"{_STYLE}default-outline-level"):
                return _whole(level, 0)
            name = style.get(f"{_STYLE}parent-style-name")
        return 0

    def _text(self, element: etree._Element) -> str:
        return "".join(self._letters(element))

    def _letters(self, element: etree._Element) -> Iterator[str]:
        yield element.text or ""
        for child in element.iterchildren("*"):
            if child.tag == f"{_TEXT}s":
                yield " " * min(_whole(child.get(f"{_TEXT}c"), 1), _MOST_SPACES)
            elif child.tag == f"{_TEXT}tab":
                yield "\t"
            elif child.tag == f"{_TEXT}line-break":
                yield "\n"
            elif child.tag == f"{_TEXT}note":
                yield self._noted(child)
            elif child.tag == f"{_TEXT}span" and child.get(f"{_TEXT}style-name") in self._struck_out:
                self.has_struck_out = True
            elif child.tag not in _BOXES and child.tag not in _GONE and not _is_hidden(child):
                yield from self._letters(child)
            yield child.tail or ""

    def _noted(self, note: etree._Element) -> str:
        """Keep a footnote for the end; its mark is raised, so that no number is read into the text."""
        citation = note.findtext(f"{_TEXT}note-citation") or ""
        raised = citation.strip().translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        body = note.find(f"{_TEXT}note-body")
        if body is not None:
            self.flow.note(f"{raised} {' '.join(self._text(each) for each in body.iterchildren('*'))}")
        return raised


def _is_hidden(element: etree._Element) -> bool:
    """Whether nobody sees it on the page: a hidden section, paragraph or piece of text."""
    if element.get(f"{_TEXT}display") == "none" or element.get(f"{_TEXT}is-hidden") == "true":
        return True
    return any(mark.get(f"{_TEXT}is-hidden") == "true" for mark in element.iterchildren(f"{_TEXT}hidden-paragraph"))


def _strikes_out(style: etree._Element) -> bool:
    said = style.find(f"{_STYLE}text-properties")
    return said is not None and said.get(f"{_STYLE}text-line-through-style", "none") != "none"


def _outermost(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in parent.iterchildren("*"):
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE and child.tag != f"{_TABLE}table-cell":
            yield from _outermost(child, tag)


def _start(level: etree._Element) -> str | None:
    return level.get(f"{_TEXT}start-value")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else otherwise
