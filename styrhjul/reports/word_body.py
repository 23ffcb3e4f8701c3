"""A report's blocks as WordprocessingML: built as a tree, so that nothing anybody wrote becomes markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import zip_longest

from lxml import etree
from lxml.builder import ElementMaker

from styrhjul.domain.written import sayable
from styrhjul.reports.block import Block, Document, Heading, Picture, Table, Text
from styrhjul.reports.column import column_widths

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"

_NAMES = {"w": W, "r": R, "wp": WP, "a": A, "pic": PIC, "asvg": SVG}
_w, _wp, _a, _pic, _svg = (ElementMaker(namespace=name, nsmap=_NAMES) for name in (W, WP, A, PIC, SVG))
#: The ground that a page of A4 leaves between its margins, in twentieths of a point and in the drawing's units.
WIDTH_TWIPS, _WIDTH_EMU = 9412, 5_976_620
#: The letters of a table, and what a cell leaves empty, as templates/reports/word/styles.xml has them; a program
#: without our font takes another, and a fourth more room.
_CELL_SIZE, _BESIDE = 180 * 5 // 4, 140


def word_body(document: Document) -> etree._Element:
    """Return the whole `w:document`; picture n is the relations `png{n}` and `svg{n}`, counted from 1."""
    body = _w.body(_paragraph(document.title, "Title"), _paragraph(document.subtitle, "Subtitle"))
    pictures = 0
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        pictures += isinstance(block, Picture)
        body.extend(_elements(block, pictures, leads_to_table=isinstance(after, Table)))
    body.append(_page())
    return _w.document(body)


def _elements(block: Block, number: int, *, leads_to_table: bool) -> Iterator[etree._Element]:
    if isinstance(block, Heading):
        yield _paragraph(block.text, f"Heading{block.level}")
    elif isinstance(block, Text):
        yield _paragraph(block.text, keeps_next=leads_to_table)
    elif isinstance(block, Picture):
        yield _w.p(_w.r(_drawing(block, number)))
    else:
        yield _table(block)
        yield _w.p()  # two tables without a paragraph between them are one


def _paragraph(text: str, style: str | None = None, *, keeps_next: bool = False) -> etree._Element:
    looks = [*([_w.pStyle(_value(style))] if style else []), *([_w.keepNext()] if keeps_next else [])]
    return _w.p(*([_w.pPr(*looks)] if looks else []), *_runs(text))


def _runs(text: str) -> Iterator[etree._Element]:
    for number, line in enumerate(sayable(text).split("\n")):
        written = _w.t(line)
        written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        yield _w.r(*([_w.br()] if number else []), written)


def _table(table: Table) -> etree._Element:
    widths = [int(each) for each in column_widths(table, WIDTH_TWIPS, size=_CELL_SIZE, beside=_BESIDE)]
    return _w.tbl(
        _w.tblPr(
            _w.tblStyle(_value("TableGrid")),
            _w.tblW(_attributes(w=WIDTH_TWIPS, type="dxa")),
            _w.tblLayout(_attributes(type="fixed")),
            _w.tblLook(_attributes(val="0020", firstRow="1", noHBand="1", noVBand="1")),
            _w.tblCaption(_value(sayable(table.caption))),
        ),
        _w.tblGrid(*(_w.gridCol(_attributes(w=width)) for width in widths)),
        _row(table.columns, widths, is_head=True),
        *(_row(row, widths) for row in table.rows),
    )


def _row(cells: Sequence[str], widths: Sequence[int], *, is_head: bool = False) -> etree._Element:
    kept = _w.trPr(_w.cantSplit(), *([_w.tblHeader()] if is_head else []))
    return _w.tr(
        kept,
        *(
            _w.tc(_w.tcPr(_w.tcW(_attributes(w=width, type="dxa"))), _paragraph(cell, keeps_next=is_head))
            for cell, width in zip(cells, widths, strict=True)
        ),
    )


def _drawing(picture: Picture, number: int) -> etree._Element:
    wide, high = _WIDTH_EMU, _WIDTH_EMU * picture.height // picture.width
    name = f"Diagram {number}"
    return _w.drawing(
        _wp.inline(
            _wp.extent(cx=str(wide), cy=str(high)),
            _wp.docPr(id=str(number), name=name, descr=sayable(picture.alt)),
            _a.graphic(_a.graphicData(_shown(name, number, (wide, high)), uri=PIC)),
            **dict.fromkeys(("distT", "distB", "distL", "distR"), "0"),
        )
    )


def _shown(name: str, number: int, size: tuple[int, int]) -> etree._Element:
    """Return the picture as PNG, with the drawing itself for programs that know it."""
    drawn = _svg.svgBlip()
    drawn.set(f"{{{R}}}embed", f"svg{number}")
    blip = _a.blip(_a.extLst(_a.ext(drawn, uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}")))
    blip.set(f"{{{R}}}embed", f"png{number}")
    wide, high = map(str, size)
    return _pic.pic(
        _pic.nvPicPr(_pic.cNvPr(id=str(number), name=name), _pic.cNvPicPr()),
        _pic.blipFill(blip, _a.stretch(_a.fillRect())),
        _pic.spPr(_a.xfrm(_a.off(x="0", y="0"), _a.ext(cx=wide, cy=high)), _a.prstGeom(_a.avLst(), prst="rect")),
    )


def head_and_foot(document: Document) -> tuple[etree._Element, etree._Element]:
    """Return what stands above and below every page, as on the PDF's: whose it is, what it is, which page."""
    ends = _w.tabs(_w.tab(_attributes(val="right", pos=WIDTH_TWIPS)))
    above = _w.p(_w.pPr(ends, _quiet()), *_quietly(document.municipality, None, document.title))
    pages = ("Sida ", _number("PAGE"), " av ", _number("NUMPAGES"))
    below = _w.p(
        _w.pPr(deepcopy(ends), _quiet()), *_quietly(f"{document.title}, {document.municipality}", None, *pages)
    )
    return _w.hdr(above), _w.ftr(below)


def _quiet() -> etree._Element:
    return _w.rPr(_w.color(_value("46535A")), _w.sz(_value("17")), _w.szCs(_value("17")))


def _quietly(*parts: str | etree._Element | None) -> Iterator[etree._Element]:
    """Yield small grey text, fields among it; None = on to the right margin."""
    for part in parts:
        if isinstance(part, etree._Element):  # noqa: SLF001 - the only name that lxml has for it
            yield part
        elif part is None:
            yield _w.r(_quiet(), _w.tab())
        else:
            for run in _runs(part):
                run.insert(0, _quiet())
                yield run


def _number(field: str) -> etree._Element:
    return _w.fldSimple(_w.r(_quiet(), _w.t("1")), _attributes(instr=field))


def _page() -> etree._Element:
    """Return A4 with the margins that the PDF has."""
    margins = _attributes(top=1304, right=1247, bottom=1361, left=1247, header=709, footer=709, gutter=0)
    each_page = [
        kind({f"{{{W}}}type": "default", f"{{{R}}}id": name})
        for kind, name in ((_w.headerReference, "head"), (_w.footerReference, "foot"))
    ]
    return _w.sectPr(*each_page, _w.pgSz(_attributes(w=11906, h=16838)), _w.pgMar(margins))


def _value(value: str | None) -> dict[str, str]:
    return _attributes(val=value or "")


def _attributes(**values: object) -> dict[str, str]:
    return {f"{{{W}}}{name}": str(value) for name, value in values.items()}
