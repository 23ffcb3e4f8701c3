"""Reads .pdf: the text layer in reading order, page by page, without running headers, footers and page numbers.

A header that holds fields is kept where it first stands. Words cut at the end of a line keep their hyphen;
whoever reads the text joins them.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

import pypdfium2.raw as pdfium

from styrhjul.documents.formats.flow import TextLine
from styrhjul.documents.formats.pdf_page import PageLine, Row, lines_of_page, rows_of
from styrhjul.documents.formats.pdf_words import pieces_of
from styrhjul.documents.formats.trouble import CannotRead, Notice, Trouble

MOST_PAGES = 2_000
MOST_LETTERS = 5_000_000
_ONE_AT_A_TIME = threading.Lock()  # pdfium is not made for threads
_HEAD = 1024
_EDGE_ROWS = 5
#: How much of a page's text may be running headers and footers.
_HEAD_ZONE, _FOOT = 0.22, 0.15
_FEWEST_LETTERS = 12
_NO_LETTERS = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08]")
_PAGE_NUMBER = re.compile(
    r"(?:(?:sida|sid\.?|sidan|page)\s{0,3})?[-–]?\s?\d{1,4}\s?[-–]?(?:\s{0,2}(?:\(|/|av|of)\s{0,2}\d{1,4}\s?\)?)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_NOTE = re.compile(r"[¹²³⁴-⁹]|\d{1,2}\s|\*")
#: In heights of a line: what a gap has over the usual one where a paragraph ends, and how much a heading is larger.
_PARAGRAPH_GAP = 0.35
_OTHER_HEIGHT = 0.1
_SMALL = 0.88
_HEADING, _HEADING_GAP = 1.15, 0.5
#: In heights: so far apart, rows belong to different tables.
_OTHER_ROW = 3.0
_FINISHED = (".", "!", "?", ":")


@dataclass(slots=True)
class _Page:
    number: int
    rows: list[Row]
    has_picture: bool = False
    notes: list[Row] = field(default_factory=list)


def read_pdf(data: bytes) -> tuple[list[TextLine], list[Notice]]:
    """Return the lines of a document, each with its page. Raises CannotRead."""
    if b"%PDF-" not in data[:_HEAD]:
        raise CannotRead(Trouble.NOT_WHAT_IT_SAYS)
    with _ONE_AT_A_TIME:
        pages = _read_pages(data)
    letters = sum(len(row.text) for page in pages for row in page.rows)
    if letters < _FEWEST_LETTERS or _are_unreadable(pages):
        raise CannotRead(
            Trouble.NO_TEXT_LAYER if any(page.has_picture or page.rows for page in pages) else Trouble.EMPTY
        )
    pictures = any(page.has_picture and not page.rows for page in pages)
    _leave_out_furniture(pages)
    _set_notes_apart(pages)
    return list(_lines(pages)), [Notice.PICTURES_OF_TEXT] if pictures else []


def _read_pages(data: bytes) -> list[_Page]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        locked = pdfium.FPDF_GetLastError() in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise CannotRead(Trouble.LOCKED if locked else Trouble.BROKEN)
    try:
        count = pdfium.FPDF_GetPageCount(document)
        if count > MOST_PAGES:
            raise CannotRead(Trouble.TOO_LARGE)
        return list(_each_page(document, count))
    finally:
        pdfium.FPDF_CloseDocument(document)


def _each_page(document: pdfium.FPDF_DOCUMENT, count: int) -> Iterator[_Page]:
    left = MOST_LETTERS
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:  # one that is broken stops no other
            continue
        try:
            rows = rows_of(pieces_of(page))
            left -= sum(len(row.text) for row in rows)
            if left < 0:
                raise CannotRead(Trouble.TOO_LARGE)
            yield _Page(number + 1, rows, has_picture=not rows and _has_picture(page))
        finally:
            pdfium.FPDF_ClosePage(page)


def _has_picture(page: pdfium.FPDF_PAGE) -> bool:
    objects = (pdfium.FPDFPage_GetObject(page, at) for at in range(min(pdfium.FPDFPage_CountObjects(page), 200)))
    shown = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_PATH}
    return any(pdfium.FPDFPageObj_GetType(each) in shown for each in objects)


def _are_unreadable(pages: Sequence[_Page]) -> bool:
    """Whether the letters are only shapes: a font that does not say which letter each is."""
    text = "".join(piece.text for page in pages[:20] for row in page.rows for piece in row.pieces)
    return len(_NO_LETTERS.findall(text)) > 0.3 * len(text)


# -- what is not the text itself -----------------------------------------------------------------------------------


def _leave_out_furniture(pages: Sequence[_Page]) -> None:
    """Remove page numbers, and what stands at the edge of most pages wherever it stands a second time."""
    zone = _zone([row for page in pages for row in page.rows])
    edges = [{_key(row) for row in _edge(page, zone)} for page in pages]
    seen = Counter(key for keys in edges for key in keys)
    most = max(2, int(0.4 * len(pages) + 0.5))
    kept: set[str] = set()
    for page in pages:
        gone = set()
        for row in _edge(page, zone):
            key = _key(row)
            if _PAGE_NUMBER.fullmatch(row.text.strip()) or (seen[key] >= most and (key in kept or page.number > 1)):
                gone.add(id(row))
            kept.add(key)
        page.rows = [row for row in page.rows if id(row) not in gone]


def _zone(rows: Sequence[Row]) -> tuple[float, float]:
    """Return below which height a row may be a running footer, and above which a header."""
    bottom, top = min((row.bottom for row in rows), default=0.0), max((row.top for row in rows), default=0.0)
    return bottom + _FOOT * (top - bottom), top - _HEAD_ZONE * (top - bottom)


def _edge(page: _Page, zone: tuple[float, float]) -> list[Row]:
    first, last = page.rows[:_EDGE_ROWS], page.rows[_EDGE_ROWS:][-_EDGE_ROWS:]
    return [row for row in first + last if row.top <= zone[0] or row.bottom >= zone[1]]


def _key(row: Row) -> str:
    """Return what a running header has in common on all pages, with its height on the page."""
    return f"{_DIGITS.sub('#', row.text)} {round(row.top / 6)}"


def _set_notes_apart(pages: Sequence[_Page]) -> None:
    """Move footnotes from the foot of their page, where they part a sentence, to the end."""
    heights = [row.height for page in pages for row in page.rows]
    body = median(heights) if heights else 0.0
    for page in pages:
        first = len(page.rows)
        while first and page.rows[first - 1].height < _SMALL * body:
            first -= 1
        if first < len(page.rows) and first and _NOTE.match(page.rows[first].text):
            page.notes, page.rows = page.rows[first:], page.rows[:first]


# -- lines ---------------------------------------------------------------------------------------------------------


def _lines(pages: Sequence[_Page]) -> Iterator[TextLine]:
    body = median(heights) if (heights := [row.height for page in pages for row in page.rows]) else 0.0
    read = [(page, list(_whole_headings(lines_of_page(page.rows), body))) for page in pages]
    usual = _usual_gap([line for _, lines in read for line in lines])
    last: PageLine | None = None
    for page, lines in read:
        for number, line in enumerate(lines, start=1):
            if last is not None and _is_parted(last, line, usual):
                yield TextLine("", page.number, number)
            yield TextLine(line.text, page.number, number)
            last = line
    for page in pages:
        for number, row in enumerate(page.notes, start=1):
            if number == 1:
                yield TextLine("", page.number, number)
            yield TextLine(row.text, page.number, len(page.rows) + number)


def _whole_headings(lines: Sequence[PageLine], body: float) -> Iterator[PageLine]:
    """Set the lines of a heading together: larger letters than the text's, close to each other."""
    last: PageLine | None = None
    for line in lines:
        if last is not None and _is_same_heading(last, line, body):
            last.text += f" {line.text}"
            continue
        if last is not None:
            yield last
        last = line
    if last is not None:
        yield last


def _is_same_heading(last: PageLine, line: PageLine, body: float) -> bool:
    if line.gap is None or line.is_row or last.is_row or last.text.endswith(_FINISHED):
        return False
    large = min(last.height, line.height) > _HEADING * body and abs(last.height - line.height) < 0.02 * line.height
    return large and line.gap < _HEADING_GAP * line.height


def _usual_gap(lines: Sequence[PageLine]) -> float:
    """Return the gap between lines of one paragraph: the most common one."""
    gaps = Counter(round(line.gap, 0) for line in lines if line.gap is not None and line.gap < 3 * line.height)
    return gaps.most_common(1)[0][0] if gaps else 0.0


def _is_parted(last: PageLine, line: PageLine, usual: float) -> bool:
    if line.gap is None:  # the first on its page or in its column; or a table's cell
        return not line.is_row and last.text.endswith(_FINISHED)
    if line.is_row and last.is_row:
        return line.gap > _OTHER_ROW * line.height
    if abs(last.height - line.height) > _OTHER_HEIGHT * line.height:
        return True
    return line.gap > usual + _PARAGRAPH_GAP * line.height
