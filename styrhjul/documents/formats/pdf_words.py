"""From a page of a PDF to pieces of text with their places, by pdfium: words on one line without a wide gap."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass

import pypdfium2.raw as pdfium

#: pdfium's own marks for a hyphen that a line ends with.
_HYPHENS = re.compile("[\x02\ufffe]")
_WORD = re.compile(r"[^\s\x02\ufffe\x00]+[\x02\ufffe]?|[\x02\ufffe]")
#: In heights of a line: a wider gap parts two pieces, a smaller one two words.
_WIDE_GAP = 1.0
_OVERLAP = 0.5
_ABOVE = 0.8
_SMALLEST, _LARGEST = 1.0, 500.0
_RIGHT, _UPSIDE_DOWN, _LEFT = 1, 2, 3


@dataclass(slots=True)
class Piece:
    """Words beside each other on a base line. Upwards is larger, as in the file; a turned page is turned back."""

    text: str
    left: float
    right: float
    base: float
    height: float  #: of its letters: the size of the font

    @property
    def top(self) -> float:
        return self.base + _ABOVE * self.height

    @property
    def bottom(self) -> float:
        return self.top - self.height

    @property
    def middle(self) -> float:
        return self.top - self.height / 2


def pieces_of(page: pdfium.FPDF_PAGE) -> list[Piece]:
    """Return the pieces of a page in the order of the file."""
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return []
    try:
        rotation = pdfium.FPDFPage_GetRotation(page)
        text = _letters(text_page)
        return _joined([_word(text_page, text, found.span(), rotation) for found in _WORD.finditer(text)])
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _letters(text_page: pdfium.FPDF_TEXTPAGE) -> str:
    """Return the page's letters, each at the number that pdfium has for it."""
    count = max(pdfium.FPDFText_CountChars(text_page), 0)
    buffer = ctypes.create_string_buffer(2 * count + 2)
    written = pdfium.FPDFText_GetText(text_page, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    codes = (pdfium.FPDFText_GetUnicode(text_page, number) for number in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)


def _word(text_page: pdfium.FPDF_TEXTPAGE, text: str, span: tuple[int, int], rotation: int) -> Piece:
    first, last = span[0], span[1] - 1
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, first, x, y)
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, last, box)
    left, base = _turned(x.value, y.value, rotation)
    ends = (_turned(box.left, box.bottom, rotation)[0], _turned(box.right, box.top, rotation)[0])
    word = _HYPHENS.sub("-", text[span[0] : span[1]])
    return Piece(word, min(left, *ends), max(left, *ends), base, _size(text_page, first))


def _size(text_page: pdfium.FPDF_TEXTPAGE, number: int) -> float:
    """Return the size of a letter on the page: that of its font, as the page stretches it."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, number, matrix)
    stretched = math.hypot(matrix.c, matrix.d) * pdfium.FPDFText_GetFontSize(text_page, number)
    return min(max(stretched, _SMALLEST), _LARGEST) if math.isfinite(stretched) else _SMALLEST


def _turned(x: float, y: float, rotation: int) -> tuple[float, float]:
    """Return a point where it is seen."""
    if rotation == _RIGHT:
        return y, -x
    if rotation == _UPSIDE_DOWN:
        return -x, -y
    return (-y, x) if rotation == _LEFT else (x, y)


def _joined(words: list[Piece]) -> list[Piece]:
    pieces: list[Piece] = []
    for word in words:
        last = pieces[-1] if pieces else None
        if last is not None and _goes_on(last, word):
            last.text += f" {word.text}"
            last.right = max(last.right, word.right)
            if word.height > last.height:
                last.base, last.height = word.base, word.height
        else:
            pieces.append(word)
    return pieces


def _goes_on(last: Piece, word: Piece) -> bool:
    height = max(min(last.height, word.height), 0.1)
    shared = min(last.top, word.top) - max(last.bottom, word.bottom)
    gap = word.left - last.right
    return shared > _OVERLAP * height and -height < gap < _WIDE_GAP * max(last.height, word.height)
