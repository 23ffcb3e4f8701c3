"""From the pieces of a page to its lines in reading order: rows, columns of prose, tables, markers with their items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from styrhjul.documents.formats.flow import set_rows
from styrhjul.documents.formats.pdf_words import Piece

_MARKER = re.compile(r"[-–—•●▪■□♦◆►*‣·∙o\uf0b7\uf0a7\uf076\uf0fc]|\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|[a-zA-Z][.)]")
_FEWEST_ROWS = 5
_FEWEST_WORDS = 3.0
#: How much of its column a line of prose fills, on average.
_FILLED = 0.6
_MARKER_GAP = 4.0
#: In heights: rows of a table closer than this are lines of one row, if others are further apart.
_TIGHT = 1.3
_NEAR = 6.0
#: In heights: so far below, one piece alone belongs to no column.
_AWAY = 3.0


@dataclass(slots=True)
class Row:
    """Pieces on one height, from left to right."""

    pieces: list[Piece]

    @property
    def top(self) -> float:
        return max(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return min(piece.bottom for piece in self.pieces)

    @property
    def height(self) -> float:
        return median(piece.height for piece in self.pieces)

    @property
    def text(self) -> str:
        return "   ".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class PageLine:
    """A line as it is read. `gap` is the distance to the line above in the same column, None where there is none."""

    text: str
    height: float
    gap: float | None
    is_row: bool = False


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Return the rows of a page from the top."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda each: -each.middle):
        row = rows[-1] if rows else None
        if row is not None and abs(row.pieces[0].middle - piece.middle) < 0.5 * min(row.height, piece.height):
            row.pieces.append(piece)
        else:
            rows.append(Row([piece]))
    for row in rows:
        row.pieces.sort(key=lambda each: each.left)
        _join_marker(row)
    return rows


def lines_of_page(rows: Sequence[Row]) -> list[PageLine]:
    """Return the lines of a page as they are read: each column of prose from top to bottom, tables row by row."""
    lines: list[PageLine] = []
    start = 0
    for first, after, gutter in _columns(rows):
        lines += _plain_lines(rows[start:first])
        lines += [line for side in _sides(rows[first:after], gutter) for line in lines_of_page(side)]
        start = after
    return lines + _plain_lines(rows[start:])


def _join_marker(row: Row) -> None:
    """Set a bullet or a number before what it stands for."""
    if len(row.pieces) < 2 or not _MARKER.fullmatch(row.pieces[0].text):
        return
    marker, item = row.pieces[:2]
    if item.left - marker.right < _MARKER_GAP * item.height:
        text = marker.text if marker.text.isascii() or marker.text in "–—•♦◆►" else "•"
        row.pieces[:2] = [Piece(f"{text} {item.text}", marker.left, item.right, item.base, item.height)]


# -- columns of prose ----------------------------------------------------------------------------------------------


def _columns(rows: Sequence[Row]) -> Iterator[tuple[int, int, float]]:
    """Return the stretches of rows that are columns of prose: first, after the last, and the gap between them."""
    at = 0
    while at < len(rows):
        found = max((_stretch(rows, at, gutter) for gutter in _gutters(rows[at])), default=None)
        if found is not None and _is_prose(rows[at : found[0]], found[1]):
            yield at, found[0], found[1]
            at = found[0]
        else:
            at += 1


def _gutters(row: Row) -> Iterator[float]:
    pairs = pairwise(row.pieces)
    return ((one.right + other.left) / 2 for one, other in pairs)


def _stretch(rows: Sequence[Row], at: int, gutter: float) -> tuple[int, float]:
    after = at
    while after < len(rows) and not any(piece.left < gutter < piece.right for piece in rows[after].pieces):
        alone = len(rows[after].pieces) == 1 and after > at
        if alone and rows[after - 1].bottom - rows[after].top > _AWAY * rows[after].height:
            break
        after += 1
    return after, gutter


def _is_prose(rows: Sequence[Row], gutter: float) -> bool:
    """Tell columns of prose from a table: enough lines on both sides, of many words, that fill their column."""
    for side in ([p for r in rows for p in r.pieces if p.right < gutter], _right_of(rows, gutter)):
        if len(side) < _FEWEST_ROWS:
            return False
        width = max(piece.right for piece in side) - min(piece.left for piece in side)
        words = sum(len(piece.text.split()) for piece in side) / len(side)
        filled = sum(piece.right - piece.left for piece in side) / len(side)
        if words < _FEWEST_WORDS or filled < _FILLED * width:
            return False
    return True


def _right_of(rows: Sequence[Row], gutter: float) -> list[Piece]:
    return [piece for row in rows for piece in row.pieces if piece.left > gutter]


def _sides(rows: Sequence[Row], gutter: float) -> Iterator[list[Row]]:
    for is_left in (True, False):
        side = [[piece for piece in row.pieces if (piece.right < gutter) == is_left] for row in rows]
        yield [Row(pieces) for pieces in side if pieces]


# -- lines and tables ----------------------------------------------------------------------------------------------


def _plain_lines(rows: Sequence[Row]) -> list[PageLine]:
    lines: list[PageLine] = []
    at = 0
    while at < len(rows):
        after = at
        while after < len(rows) and _belongs(rows, at, after):
            after += 1
        above = rows[at - 1] if at else None
        if after > at:
            lines += _table_lines(rows[at:after], above)
        else:
            lines.append(PageLine(rows[at].text, rows[at].height, _gap(above, rows[at])))
        at = max(after, at + 1)
    return lines


def _belongs(rows: Sequence[Row], first: int, number: int) -> bool:
    """Whether a row goes on with a table: several cells, or the next line of a cell that is not the first."""
    row = rows[number]
    if len(row.pieces) > 1:
        return True
    if number == first:
        return False
    above = rows[number - 1]
    edges = [piece.left for piece in above.pieces[1:]]
    return any(abs(row.pieces[0].left - edge) < _NEAR for edge in edges) and above.bottom - row.top < 0.3 * row.height


def _table_lines(rows: Sequence[Row], above: Row | None) -> Iterator[PageLine]:
    edges = _edges(rows)
    cells = [_cells(row, edges) for row in rows]
    kept = _merged(rows, cells)
    for number, lines in set_rows([cells[at] for at in kept]):
        row = rows[kept[number]]
        for at, text in enumerate(lines):
            yield PageLine(text, row.height, None if at else _gap(above, row), is_row=True)
        above = row


def _edges(rows: Sequence[Row]) -> list[float]:
    """Return where the columns of a table begin."""
    edges: list[float] = []
    for left in sorted(piece.left for row in rows for piece in row.pieces):
        if not edges or left - edges[-1] > _NEAR:
            edges.append(left)
    return edges


def _cells(row: Row, edges: list[float]) -> list[list[str]]:
    cells: list[list[str]] = [[] for _ in edges]
    for piece in row.pieces:
        column = max((at for at, edge in enumerate(edges) if edge <= piece.left + 0.1), default=0)
        cells[column].append(piece.text)
    return cells


def _merged(rows: Sequence[Row], cells: list[list[list[str]]]) -> list[int]:
    """Add lines of one cell to the row they go on with; return the numbers of the rows that are left."""
    pitches = [one.top - other.top for one, other in pairwise(rows)]
    has_two_pitches = bool(pitches) and max(pitches) > 1.25 * min(pitches)
    kept = [0]
    for number in range(1, len(rows)):
        tight = pitches[number - 1] < _TIGHT * rows[number].height
        alone = len(rows[number].pieces) == 1 and not cells[number][0]
        if tight and (has_two_pitches or alone):
            for column, lines in enumerate(cells[number]):
                cells[kept[-1]][column] = _run_on(cells[kept[-1]][column], lines)
        else:
            kept.append(number)
    return kept


def _run_on(lines: list[str], more: list[str]) -> list[str]:
    """A cell's line that goes on in small letters is one with the line above."""
    if lines and more and more[0][:1].islower() and not lines[-1].endswith("-"):
        return [*lines[:-1], f"{lines[-1]} {more[0]}", *more[1:]]
    return [*lines, *more]


def _gap(above: Row | None, row: Row) -> float | None:
    return None if above is None else above.bottom - row.top
