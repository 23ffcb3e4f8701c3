"""Builds the text of a document that flows: headings, paragraphs, list items and tables become lines.

Headings and lists are written as in Markdown, which the rules read. A table's row is one line with wide spaces; labels
that stand above their values are set beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from styrhjul.documents.metadata.labels import is_bare_label

_DEEPEST_HEADING = 6
_SHORT = 80
_LONGEST_ROW = 200
_WIDE = "   "
_ENDS = (".", "!", "?", ",", ";")
#: Bullets of symbol fonts have no letter of their own.
_BULLET = "•"
_MARKERS = "-–—•●▪■□♦◆►*‣·∙o"

Row = Sequence[Sequence[str]]


class TextLine(NamedTuple):
    """A line of text and where it stands in the original."""

    text: str
    page: int | None
    line: int


@dataclass(slots=True)
class Flow:
    """Lines in the order of the document; `line` counts its paragraphs."""

    lines: list[TextLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: int = 0
    _before: str = ""

    def heading(self, level: int, text: str) -> None:
        """Add a heading, 1 the highest. One that is the label of a field stays bare: its value stands below."""
        text = " ".join(text.split())
        if is_bare_label(text) or is_bare_label("".join(text.partition(":")[:2])):
            self.paragraph(text)
        elif text:
            self._add(f"{'#' * min(max(level, 1), _DEEPEST_HEADING)} {text}", "heading")

    def paragraph(self, text: str) -> None:
        """Add a paragraph; an empty one leaves its gap. Short ones without a full stop stay close, as on the page."""
        text = _trimmed(text)
        if not text:
            self.count += 1
            self._before = ""
            return
        self._add(text, "short" if len(text) <= _SHORT and not text.endswith(_ENDS) else "paragraph")

    def item(self, marker: str, text: str) -> None:
        """Add a list item with its own bullet or number."""
        text = _trimmed(text)
        if text:
            self._add(f"{marker} {text}", "item")

    def table(self, rows: Sequence[Row]) -> None:
        """Add a table; each cell is its lines. A single cell is a frame around text."""
        if len(rows) == 1 and len(rows[0]) == 1:
            for text in rows[0][0]:
                self.paragraph(text)
            return
        self._before = ""
        for _, lines in set_rows([[[_trimmed(line) for line in cell] for cell in row] for row in rows]):
            if len(lines) > 1:
                self._before = ""
            self._add("\n".join(lines), "row")
            if len(lines) > 1:
                self._before = ""
        self._before = ""

    def note(self, text: str) -> None:
        """Keep a footnote for the end."""
        text = " ".join(text.split())
        if text:
            self.notes.append(text)

    def finished(self) -> list[TextLine]:
        """Return all lines, footnotes last."""
        self._before = ""
        for note in self.notes:
            self._add(note, "paragraph")
        self.notes.clear()
        return self.lines

    def _add(self, text: str, kind: str) -> None:
        close = kind == self._before and kind in {"item", "row", "short"}
        if self.lines and not close and not (kind == "item" and self._before in {"short", "paragraph"}):
            self.lines.append(TextLine("", None, self.count))
        self.count += 1
        self.lines += [TextLine(line, None, self.count) for line in text.split("\n")]
        self._before = kind


def marker_of(letter: str) -> str:
    """Return a bullet that the rules know for any bullet."""
    letter = letter.strip()
    return letter if len(letter) == 1 and letter in _MARKERS else _BULLET


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def set_rows(rows: Sequence[Row]) -> Iterator[tuple[int, list[str]]]:
    """Return for each row of a table that holds something its number and its lines.

    Short cells share a line with wide spaces; others have lines of their own. Labels above values go beside them.
    """
    filled = [[[line for line in cell if line.strip()] for cell in row] for row in rows]
    above: Row = ()
    for number, row in enumerate(filled):
        after = filled[number + 1] if number + 1 < len(filled) else ()
        if not any(row):
            continue
        if _are_labels(row) and any(after) and not _are_labels(after):
            above = row
            continue
        yield number, _beside(above, row) if above else _set_row([cell for cell in row if cell])
        above = ()


def _set_row(cells: Row) -> list[str]:
    together = _WIDE.join(cell[0] for cell in cells)
    short = all(len(cell) == 1 and not cell[0].endswith(".") for cell in cells) and len(together) <= _LONGEST_ROW
    return [together] if short else [line for cell in cells for line in cell]


def _are_labels(row: Row) -> bool:
    cells = [cell for cell in row if cell]
    return len(cells) > 1 and all(len(cell) == 1 and is_bare_label(cell[0]) for cell in cells)


def _beside(labels: Row, values: Row) -> list[str]:
    """Return a line for each label with its value; a label that has none stands alone.

    As many values as labels are paired in order, others by their column. A value without a label loses nothing: it
    then stands as in any row, below.
    """
    named = [cell for cell in labels if cell]
    given = [cell for cell in values if cell]
    if len(given) != len(named):
        given = [values[at] if at < len(values) else [] for at, cell in enumerate(labels) if cell]
    if sum(map(bool, given)) < sum(map(bool, values)):
        return [*_set_row(named), *_set_row([cell for cell in values if cell])]
    pairs = ((cell[0].rstrip(":; "), " ".join(value)) for cell, value in zip(named, given, strict=True))
    return [f"{label}: {value}".rstrip() for label, value in pairs]
