"""What a reader's aid gets out of a PDF, asked of a program nobody here wrote (PDFium): language, title, structure."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Element:
    """One element of the structure; what has no alternative text has an empty one."""

    kind: str
    alt: str
    children: list[Element] = field(default_factory=list)

    def every(self) -> Iterator[Element]:
        """Yield itself and all below, in reading order."""
        yield self
        for child in self.children:
            yield from child.every()


def faults_of(pdf: bytes) -> list[str]:
    """Return what of PDF/UA-1 does not hold, as far as it is looked at here; nothing for a PDF that can be read aloud.

    Tagged, with a structure, its language and title said, each figure with words, headings that begin at one and skip
    no level, and tables with heads.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [*_of_document(document), *_of_structure(document)]
    finally:
        document.close()


def elements(document: pypdfium2.PdfDocument) -> Iterator[Element]:
    """Yield every element of every page, in reading order; one that goes over pages once for each of them."""
    for page in document:
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            yield from _element(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number)).every()
        pdfium.FPDF_StructTree_Close(tree)
        page.close()


def _of_document(document: pypdfium2.PdfDocument) -> Iterator[str]:
    if not pdfium.FPDFCatalog_IsTagged(document):
        yield "not tagged"
    if _said(pdfium.FPDFCatalog_GetLanguage, document) != "sv":
        yield "no language"
    if not document.get_metadata_value("Title"):
        yield "no title"


def _of_structure(document: pypdfium2.PdfDocument) -> Iterator[str]:
    found = list(elements(document))
    if not found:
        yield "no structure"
    yield from (f"a figure without words: {each.kind}" for each in found if each.kind == "Figure" and not each.alt)
    level = 0
    for each in found:
        if len(each.kind) == 2 and each.kind[0] == "H" and each.kind[1].isdigit():
            if int(each.kind[1]) > level + 1:
                yield f"a heading skipped: {each.kind} after H{level}"
            level = int(each.kind[1])
    for table in (each for each in found if each.kind == "Table"):
        rows = [[cell.kind for cell in row.children] for row in table.every() if row.kind == "TR"]
        if rows and not any("TH" in row for row in rows):
            yield "a table without heads"


def _element(handle: Any) -> Element:  # noqa: ANN401 - PDFium's own
    kind, alt = (
        _said(ask, handle) for ask in (pdfium.FPDF_StructElement_GetType, pdfium.FPDF_StructElement_GetAltText)
    )
    children = [
        _element(child)
        for number in range(pdfium.FPDF_StructElement_CountChildren(handle))
        if (child := pdfium.FPDF_StructElement_GetChildAtIndex(handle, number))
    ]
    return Element(kind, alt, children)


def _said(ask: Any, of: Any) -> str:  # noqa: ANN401 - a function of PDFium that fills a buffer with UTF-16
    length = ask(of, None, 0)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    ask(of, buffer, length)
    return bytes(buffer)[:-2].decode("utf-16-le")
