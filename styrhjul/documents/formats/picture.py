"""The limited child that draws one page of a .pdf: bytes in, the number of pages and a grey picture (PGM) out."""

from __future__ import annotations

import ctypes
import sys

import pypdfium2.raw as pdfium

from styrhjul.confined.limits import Limits, confine
from styrhjul.documents.formats.sample import sample_of

LIMITS = Limits(cpu_seconds=10, memory_bytes=800 * 1024 * 1024)
#: What OCR reads best; a large page is drawn smaller.
_DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72
MOST_DOTS = 12_000_000
_WHITE = 0xFFFFFFFF
_UPRIGHT = 0


def draw(data: bytes, number: int) -> tuple[int, bytes]:
    """Return how many pages there are, and one of them, counted from 1; no picture for one that cannot be drawn."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return 0, b""
    try:
        page = pdfium.FPDF_LoadPage(document, number - 1)
        return pdfium.FPDF_GetPageCount(document), _drawn(page) if page else b""
    finally:
        pdfium.FPDF_CloseDocument(document)


def _drawn(page: pdfium.FPDF_PAGE) -> bytes:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (width > 0 and height > 0):
        return b""
    scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, (MOST_DOTS / (width * height)) ** 0.5)
    across, down = max(int(width * scale), 1), max(int(height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(across, down, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return b""
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, _WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, _UPRIGHT, pdfium.FPDF_GRAYSCALE)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        dots = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * down)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(page)
    rows = b"".join(dots[at * stride : at * stride + across] for at in range(down))
    return b"P5\n%d %d\n255\n%s" % (across, down, rows)


def main() -> None:
    """Answer once."""
    draw(sample_of(".pdf"), 1)  # loads what is loaded late: afterwards no file can be opened
    confine(LIMITS)
    count, picture = draw(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.buffer.write(b"%d\n%s" % (count, picture))


if __name__ == "__main__":
    main()
