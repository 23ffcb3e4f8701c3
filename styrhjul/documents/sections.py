"""The shape of a document: lines, headings, paragraphs and list items with the line that leads them in."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from enum import StrEnum

from styrhjul.documents.language.lexicon import DOCUMENT_TYPES, MODAL_WORD
from styrhjul.documents.text import CELL

_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(r"(?:(?:[-–—•●▪■□♦◆►*‣·∙o\uf0b7\uf0a7]|[a-zA-Z]\)|\d{1,2}\))[ ]{1,8}){1,3}")
_NUMBERING = re.compile(
    r"(?:#{1,6} {1,3})?(?:(?:kapitel |kap\. |§ ?)?\d{1,3}(?:\.\d{1,3}){0,4}\.?(?: §)?[ :]{1,6})?", re.IGNORECASE
)
_BETWEEN_CELLS = re.compile(rf"{CELL}+ *| *\| *| {{3,}}")
_LETTERS = re.compile(r"[A-Za-zÅÄÖåäö]{2}")
_LONGEST_CELL = 160
_PAGE_MARK = re.compile(
    r"(?:(?:sida|sid\.?|page)\s{0,3})?\d{1,4}\s{0,2}(?:(?:\(|/|av )\s{0,2}\d{1,4}\s{0,2}\)?)?", re.IGNORECASE
)
_CONTENTS_LINE = re.compile(r"\.{4,}|…{2,}")
_LONGEST_HEADING = 90
#: "Det här ska vi göra", "Så ska arbetet följas upp": headings of plain language, with a binding word in them.
_PLAIN_HEADING = re.compile(
    r"(?:det\shär|detta|så|så\shär|vad|hur|vem|när|vilka)\s(?:ska|skall|bör|kan|måste)(?:\s[\w-]{1,30}){2,4}",
    re.IGNORECASE,
)
#: Between the columns of a line, or the parts of a running header.
CELLS = re.compile(r"\s{3,}|\s\|\s|(?<=\S)\s[·•‧●]\s")
#: A heading holds one sentence at most, and the next line does not go on with it: "senast den" + "31 mars varje år".
_SENTENCE_ENDS = re.compile(r"[a-zåäö]{3}\. [A-ZÅÄÖ]")
_GOES_ON = re.compile(r"[a-zåäöé]|\d{1,4}(?:[–-]\d{1,3})?(?: [a-zåäö]|\.\Z)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without its list marker and outer spaces; `gap` counts the blank lines above it.

    `column` is where it begins in the line as printed.
    """

    text: str
    start: int
    end: int
    gap: int
    marker: str
    column: int = 0
    is_row: bool = False  #: holds several cells


class BlockKind(StrEnum):
    """What a stretch of text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(slots=True)
class Block:
    """A stretch of clean text. An item's `lead_in` is the unfinished text above its list."""

    kind: BlockKind
    start: int
    end: int
    last_line: str
    section: int
    title: str
    lead_in: Block | None = None

    @property
    def finished(self) -> bool:
        return self.last_line.endswith((".", "!", "?"))


@dataclass(slots=True)
class _Builder:
    blocks: list[Block] = field(default_factory=list)
    section: int = 0
    title: str = ""
    lead_in: Block | None = None

    def add(self, kind: BlockKind, line: Line) -> None:
        if kind is BlockKind.HEADING:
            self.section += 1
            self.title = line.text
        block = Block(kind, line.start, line.end, line.text, self.section, self.title)
        if kind is BlockKind.ITEM:
            block.lead_in = self.lead_in
        else:
            self.lead_in = None if block.finished else block
        self.blocks.append(block)

    def extend(self, line: Line) -> None:
        last = self.blocks[-1]
        last.end = line.end
        last.last_line = line.text
        if last.kind is BlockKind.PARAGRAPH:
            self.lead_in = None if last.finished else last


def split_cells(text: str) -> list[str]:
    """Return the cells of a row of a table, or the text alone; a number before a heading is no cell."""
    cells = [cell.strip() for cell in _BETWEEN_CELLS.split(text.strip(" |"))]
    filled = [cell for cell in cells if cell]
    is_row = len(filled) > 1 and _LETTERS.search(filled[0]) and max(map(len, filled)) <= _LONGEST_CELL
    return filled if is_row else [text]


def read_lines(text: str) -> list[Line]:
    """Return the lines that hold something, in order."""
    lines: list[Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        stripped = match[0].strip()
        if not stripped:
            continue
        start = match.start() + match[0].index(stripped)
        gap = max(0, text.count("\n", previous_end, start) - 1)
        marker = _MARKER.match(stripped)
        offset = marker.end() if marker and marker.end() < len(stripped) else 0
        previous_end = start + len(stripped)
        lines.append(
            Line(
                stripped[offset:].replace(CELL, " "),
                start + offset,
                previous_end,
                gap,
                stripped[:offset].strip(),
                start + offset - match.start(),
                len(split_cells(stripped[offset:])) > 1,
            )
        )
    return lines


def read_blocks(lines: list[Line], used: Container[int], running: Container[str]) -> list[Block]:
    """Return headings, paragraphs and items in order, leaving out used lines, page marks and running headers."""
    kept = [line for number, line in enumerate(lines) if number not in used and not _is_furniture(line, running)]
    builder = _Builder()
    for number, line in enumerate(kept):
        following = kept[number + 1] if number + 1 < len(kept) else None
        _place(builder, line, following)
    return builder.blocks


def without_numbering(text: str) -> str:
    """Return a heading without its number or its marks."""
    numbering = _NUMBERING.match(text)
    return text[numbering.end() if numbering else 0 :].strip(" *_:")


def _is_furniture(line: Line, running: Container[str]) -> bool:
    bare = line.text.strip(" *_#").lower()
    return bool(
        (bare in DOCUMENT_TYPES and bare != "vision")
        or bare in running
        or _PAGE_MARK.fullmatch(bare)
        or _CONTENTS_LINE.search(line.text[:400])
    )


def _place(builder: _Builder, line: Line, following: Line | None) -> None:
    last = builder.blocks[-1] if builder.blocks else None
    if line.marker:
        builder.add(BlockKind.ITEM, line)
    elif line.is_row:
        builder.add(BlockKind.ROW, line)
    elif last is not None and _continues(last, line):
        builder.extend(line)
    elif _is_heading(line, following):
        builder.add(BlockKind.HEADING, line)
    elif _NUMBERING.match(line.text) and line.text[:1].isdigit() and last is not None and not _leads(line, following):
        builder.add(BlockKind.ITEM, line)
    elif last is not None and last.kind is BlockKind.PARAGRAPH and line.gap == 0:
        builder.extend(line)
    else:
        builder.add(BlockKind.PARAGRAPH, line)


def _leads(line: Line, following: Line | None) -> bool:
    """Tell whether a numbered line is the unfinished one above a list: "3.1 Tekniska avdelningen ska"."""
    return following is not None and bool(following.marker) and not line.text.endswith((".", ";", ",", "!", "?"))


def _continues(last: Block, line: Line) -> bool:
    """Tell whether a line goes on with an unfinished one, even over the gap that a page break leaves."""
    if last.kind in {BlockKind.HEADING, BlockKind.ROW} or last.last_line.endswith((".", "!", "?", ":")):
        return False
    return line.text[:1].islower() or (line.gap == 0 and _GOES_ON.match(line.text) is not None)


def _is_heading(line: Line, following: Line | None) -> bool:
    text = line.text
    if text.startswith("#"):
        return True
    bare = without_numbering(text)
    if not bare or len(text) > _LONGEST_HEADING or text.endswith((".", ",", ";", ":", "!")):
        return False
    if MODAL_WORD.search(text) and not _PLAIN_HEADING.fullmatch(bare):
        return False
    if _SENTENCE_ENDS.search(text):
        return False
    if following is not None and following.gap == 0 and not following.marker and _GOES_ON.match(following.text):
        return False
    return bare[0].isupper()
