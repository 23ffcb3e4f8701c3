"""Reads .docx: paragraphs, headings by level, lists with their bullets, tables, text boxes, footnotes.

What was deleted with changes tracked, hidden text, tables of contents and running headers are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from styrhjul.documents.formats.flow import Flow, TextLine
from styrhjul.documents.formats.packed import Packed
from styrhjul.documents.formats.trouble import CannotRead, Notice, Trouble
from styrhjul.documents.formats.word_style import Styles, W, value_of
from styrhjul.documents.metadata.labels import is_bare_label

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DOCUMENT = "word/document.xml"
#: What wraps paragraphs without meaning anything for the text.
_WRAPPERS = frozenset({f"{W}{name}" for name in ("ins", "moveTo", "smartTag", "customXml", "sdtContent", "hyperlink")})
_WRAPPERS |= {f"{W}{name}" for name in ("fldSimple", "dir", "bdo")}
_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}rPr", f"{W}pPr"})
_OFF = frozenset({"0", "false", "off"})
_SYMBOL_CODE = re.compile(r"[0-9A-Fa-f]{4}")
_SYMBOLS = "-+/%()=.,:;0123456789"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LETTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "\u00ad"}


def read_word(data: bytes) -> tuple[list[TextLine], list[Notice]]:
    """Return the lines of a document. Raises CannotRead."""
    packed = Packed(data)
    body = packed.xml(_DOCUMENT).find(f"{W}body")
    if body is None:
        raise CannotRead(Trouble.BROKEN)
    reader = _Reader(packed)
    notices = [Notice.FIELDS_IN_HEADER] if reader.read_headers() else []
    reader.read_blocks(body)
    reader.read_notes()
    if next(body.iter(*(f"{W}{name}" for name in ("del", "ins", "moveFrom", "moveTo"))), None) is not None:
        notices.append(Notice.TRACKED_CHANGES)
    if any(map(_is_struck_out, body.iter(f"{W}r"))):
        notices.append(Notice.STRUCK_OUT)
    if next(body.iter(f"{W}altChunk", f"{W}subDoc"), None) is not None:
        notices.append(Notice.PARTS_ELSEWHERE)
    return reader.flow.finished(), notices


class _Reader:
    def __init__(self, packed: Packed) -> None:
        self.flow = Flow()
        self._packed = packed
        self._styles = Styles(packed.xml_or_none("word/styles.xml"), packed.xml_or_none("word/numbering.xml"))
        self._noted: list[str] = []

    def read_headers(self) -> bool:
        """Read the running headers that hold fields, once, above the text: some documents keep all theirs there."""
        found = Flow()
        names = sorted(f"word/header{number}.xml" for number in range(1, 10))
        for name in names:
            root = self._packed.xml_or_none(name)
            if root is not None:
                body, self.flow = self.flow, found
                self.read_blocks(root)
                self.flow = body
        lines = found.finished()
        if not any(is_bare_label(part) for line in lines for part in (line.text.split("   ")[0], _label_part(line))):
            return False
        for text in dict.fromkeys(line.text for line in lines):
            self.flow.paragraph(text)
        self.flow.paragraph("")
        return True

    def read_blocks(self, parent: etree._Element) -> None:
        """Read paragraphs and tables in order, wherever they are wrapped."""
        for child in _children(parent):
            if child.tag == f"{W}p":
                self._read_paragraph(child)
            elif child.tag == f"{W}tbl":
                self._read_table(child)
            elif child.tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None and not _is_contents(child):
                    self.read_blocks(content)
            elif child.tag in _WRAPPERS:
                self.read_blocks(child)

    def read_notes(self) -> None:
        """Read the footnotes and endnotes that the text points to, in the order it does."""
        for kind in ("footnote", "endnote"):
            root = self._packed.xml_or_none(f"word/{kind}s.xml")
            if root is None:
                continue
            by_id = {note.get(f"{W}id"): note for note in root.iter(f"{W}{kind}")}
            for number, name in enumerate(self._noted, start=1):
                note = by_id.get(name.removeprefix(kind)) if name.startswith(kind) else None
                if note is not None:
                    text = " ".join(_text(paragraph, []) for paragraph in note.iter(f"{W}p"))
                    self.flow.note(f"{str(number).translate(_RAISED)} {text.strip()}")

    def _read_paragraph(self, paragraph: etree._Element) -> None:
        text = _text(paragraph, self._noted)
        style = self._styles.of(paragraph)
        if style.is_contents:
            return
        number = self._styles.number(paragraph) if text.strip() else None
        if style.level:
            self.flow.heading(style.level, f"{number} {text}" if number and number[0].isdigit() else text)
        elif number:
            self.flow.item(number, text)
        else:
            self.flow.paragraph(text)
        for box in _boxes(paragraph):
            self.read_blocks(box)

    def _read_table(self, table: etree._Element) -> None:
        rows = [
            [self._cell(cell) for cell in _down_to(row, f"{W}tc") if not _goes_on(cell)]
            for row in _down_to(table, f"{W}tr")
            if row.find(f"{W}trPr/{W}del") is None
        ]
        self.flow.table(rows)

    def _cell(self, cell: etree._Element) -> list[str]:
        outer, self.flow = self.flow, Flow()
        self.read_blocks(cell)
        inner, self.flow = self.flow, outer
        return [line.text for line in inner.finished()]


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """Return what stands in an element. Of two ways to show the same only the first that holds anything counts."""
    for child in parent.iterchildren("*"):
        if child.tag == f"{_MC}AlternateContent":
            ways = [way for way in child.iterchildren("*") if len(way)]
            yield from _children(ways[0]) if ways else ()
        else:
            yield child


def _down_to(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in _children(parent):
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS or child.tag == f"{W}sdt":
            yield from _down_to(child, tag)


def _text(paragraph: etree._Element, noted: list[str]) -> str:
    return "".join(_letters(paragraph, noted))


def _letters(parent: etree._Element, noted: list[str]) -> Iterator[str]:
    for child in _children(parent):
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _LETTERS:
            yield _LETTERS[child.tag]
        elif child.tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            noted.append(f"{etree.QName(child).localname.removesuffix('Reference')}{child.get(f'{W}id')}")
            yield str(len(noted)).translate(_RAISED)
        elif child.tag == f"{W}sym":
            yield _symbol(child)
        elif child.tag == f"{W}r" and (_is_on(child, "vanish") or _is_struck_out(child)):
            continue
        elif child.tag == f"{W}r" or child.tag in _WRAPPERS or child.tag == f"{W}sdt":
            yield from _letters(child, noted)


def _is_on(run: etree._Element, name: str) -> bool:
    """Whether a run has what is on or off, which it may also say is off."""
    said = run.find(f"{W}rPr/{W}{name}")
    return said is not None and value_of(said) not in _OFF


def _is_struck_out(run: etree._Element) -> bool:
    return _is_on(run, "strike") or _is_on(run, "dstrike")


def _symbol(symbol: etree._Element) -> str:
    """Return the dash, sign or figure of a symbol font; a gap for a picture, so that what it parts stays parted."""
    code = symbol.get(f"{W}char") or ""
    letter = chr(int(code, 16) & 0xFF) if _SYMBOL_CODE.fullmatch(code) else " "
    return letter if letter in _SYMBOLS else " "


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Return the text boxes anchored in a paragraph, outermost only, each once."""
    for child in _children(paragraph):
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in _GONE:
            yield from _boxes(child)


def _is_contents(block: etree._Element) -> bool:
    gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and value_of(gallery) == "Table of Contents"


def _goes_on(cell: etree._Element) -> bool:
    """Whether a cell only goes on with the one above."""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and value_of(merge) != "restart"


def _label_part(line: TextLine) -> str:
    return line.text.partition(":")[0] + ":"
