"""Reads .html: the main text of a page, without menus, scripts, forms and what else is around it. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from styrhjul.documents.encoding import NotText, UnknownLetters, letters_of
from styrhjul.documents.formats.flow import Flow, TextLine
from styrhjul.documents.formats.trouble import CannotRead, Notice, Trouble

_STATED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_KNOWN = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "us-ascii": "cp1252",
    "macintosh": "mac_roman",
}
#: What is struck out is no text of the page any longer.
_STRUCK_OUT = frozenset({"del", "s", "strike"})
_GONE = frozenset(
    "script style nav header footer aside form noscript template svg math iframe object embed audio video canvas "
    "select button input textarea head title meta link dialog menu".split()
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog"})
_BLOCKS = frozenset(
    "address article blockquote body header caption center dd details div dl dt fieldset figcaption figure html "
    "legend main p pre section summary".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read_page(data: bytes) -> tuple[list[TextLine], list[Notice]]:
    """Return the lines of a page's main text. Raises CannotRead."""
    text = _DECLARED.sub("", _decoded(data))
    if not text.strip():
        raise CannotRead(Trouble.EMPTY)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotRead(Trouble.BROKEN) from error
    if root is None:
        raise CannotRead(Trouble.EMPTY)
    reader = _Reader()
    parts = _main_parts(root)
    for part in parts:
        reader.read(part)
        reader.end_paragraph()
    struck_out = any(next(part.iter(*_STRUCK_OUT), None) is not None for part in parts)
    return reader.flow.finished(), [Notice.STRUCK_OUT] if struck_out else []


def _decoded(data: bytes) -> str:
    stated = _STATED.search(data[:4096])
    name = _KNOWN.get(stated[1].decode("ascii", "replace").lower()) if stated else None
    if name is not None:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            pass  # what a page says of itself is often wrong
    try:
        return letters_of(data)[0]
    except (NotText, UnknownLetters) as error:
        raise CannotRead(Trouble.BROKEN) from error


def _main_parts(root: etree._Element) -> list[etree._Element]:
    """Return the parts that the page itself calls its main text, or else all of it."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = [each for each in root.iterfind(path) if "".join(each.itertext()).strip()]
        if found:
            return [each for each in found if not any(above in found for above in each.iterancestors())]
    return [root]


class _Reader:
    def __init__(self) -> None:
        self.flow = Flow()
        self._words: list[str] = []
        self._marker = ""

    def read(self, element: etree._Element) -> None:
        """Read an element with all that stands in it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if (tag in _GONE and not _heads_its_text(element)) or tag in _STRUCK_OUT or _is_hidden(element):
            return
        if tag in _HEADINGS:
            self.end_paragraph()
            self.flow.heading(_HEADINGS[tag], _inner(element))
        elif tag in {"ul", "ol"}:
            self._read_list(element, is_numbered=tag == "ol")
        elif tag == "table":
            self.end_paragraph()
            self._read_table(element)
        elif tag == "br":
            self._words.append("\n")
        elif tag == "q":
            self._words.append("”")
            self._read_inside(element, is_block=False)
            self._words.append("”")
        else:
            self._read_inside(element, is_block=tag in _BLOCKS)

    def end_paragraph(self) -> None:
        """Put down what has been gathered."""
        text = "\n".join(_SPACE.sub(" ", line).strip() for line in "".join(self._words).split("\n"))
        self._words = []
        if not text.strip():
            return
        if self._marker:
            self.flow.item(self._marker, text)
            self._marker = ""
        else:
            self.flow.paragraph(text)

    def _read_inside(self, element: etree._Element, *, is_block: bool) -> None:
        if is_block:
            self.end_paragraph()
        self._words.append(_plain(element.text))
        for child in element:
            self.read(child)
            self._words.append(_plain(child.tail))
        if is_block:
            self.end_paragraph()

    def _read_list(self, element: etree._Element, *, is_numbered: bool) -> None:
        self.end_paragraph()
        number = 0
        for child in element.iterchildren("*"):
            if child.tag == "li":
                number += 1
                self._marker = f"{number}." if is_numbered else "•"
                self._read_inside(child, is_block=True)
                self._marker = ""
            else:
                self.read(child)

    def _read_table(self, table: etree._Element) -> None:
        rows = [[self._cell(cell) for cell in row.iterchildren("td", "th")] for row in _rows(table)]
        widest = max(map(len, rows), default=0)
        if widest > 1:
            self.flow.table(rows)
        for line in (line for row in rows for cell in row for line in cell) if widest == 1 else ():
            self.flow.paragraph(line)

    def _cell(self, cell: etree._Element) -> list[str]:
        inner = _Reader()
        inner._read_inside(cell, is_block=True)
        return [line.text for line in inner.flow.finished()]


def _heads_its_text(element: etree._Element) -> bool:
    """Whether a header is the main text's own, with its title and decision, and not the site's."""
    return element.tag == "header" and next(element.iterancestors("main", "article"), None) is not None


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _inner(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _plain(text: str | None) -> str:
    return _SPACE.sub(" ", text or "")


def _is_hidden(element: etree._Element) -> bool:
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or element.get("role") in _ROLES or bool(_HIDDEN.search(element.get("style") or ""))
