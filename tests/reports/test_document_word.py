"""A Word file has real headings, heads of tables and told pictures, whatever anybody wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from styrhjul.reports.block import Document, Table, Text
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.column import column_widths
from styrhjul.reports.document_word import document_word
from styrhjul.reports.wheel_geometry import width
from styrhjul.reports.word_body import WIDTH_TWIPS, WP, R, W
from tests.reports.chapter_facts import chapter

AT = datetime(2028, 3, 20, 9, tzinfo=UTC)
NAMES = {"w": W, "wp": WP}
OUR = chapter_document(chapter())


def body(document: Document = OUR) -> etree._Element:
    with ZipFile(BytesIO(document_word(document, at=AT))) as package:
        assert package.testzip() is None
        return etree.fromstring(package.read("word/document.xml"))


def test_its_headings_are_styles() -> None:
    styled = body().xpath("//w:p[w:pPr/w:pStyle/@w:val='Heading2']", namespaces=NAMES)
    assert ["".join(each.itertext()) for each in styled] == [
        *("Mål och bedömning 2027", "Utan svar", "Det som gick upp under 2027", "Mål för 2028")
    ]


def test_each_table_has_a_head_that_is_said_to_be_one() -> None:
    tables = body().findall(".//w:tbl", NAMES)
    assert len(tables) == 5
    assert all(table.xpath("boolean(w:tr[1]/w:trPr/w:tblHeader)", namespaces=NAMES) for table in tables)


def test_each_page_says_whose_it_is_and_which() -> None:
    with ZipFile(BytesIO(document_word(OUR, at=AT))) as package:
        above, below = (etree.fromstring(package.read(f"word/{name}.xml")) for name in ("header", "footer"))
        told = package.read("word/_rels/document.xml.rels").decode()
    assert "".join(above.itertext()) == "Lillby kommunStyrdokument 2027"
    assert "".join(below.itertext()) == "Styrdokument 2027, Lillby kommunSida 1 av 1"
    assert below.xpath("//w:fldSimple/@w:instr", namespaces=NAMES) == ["PAGE", "NUMPAGES"]
    points = {each.get(f"{{{R}}}id") for each in body().xpath("//w:sectPr/*[@w:type]", namespaces=NAMES)}
    assert points == {"head", "foot"}
    assert all(f'Id="{point}"' in told for point in points)


def test_no_column_is_narrower_than_its_longest_word() -> None:
    long = "Utbildningsnämnden"
    table = Table(caption="x", columns=("Organ", "Mål"), rows=((long, "a b c " * 40),), shares=(1, 9))
    grid = body(replace(OUR, blocks=(table,))).xpath("//w:gridCol/@w:w", namespaces=NAMES)
    assert int(grid[0]) >= width(long, 180)
    assert sum(map(int, grid)) <= WIDTH_TWIPS
    crowded = Table(caption="x", columns=(long,) * 12, rows=())
    assert sum(column_widths(crowded, 100, size=9, beside=2)) == pytest.approx(100)


def test_what_leads_to_a_table_stays_with_it() -> None:
    blocks = (Text("Så här är det."), Table(caption="x", columns=("a",), rows=(("b",),)), Text("Efter."))
    written = body(replace(OUR, blocks=blocks))
    kept = ["".join(each.itertext()) for each in written.xpath("//w:p[w:pPr/w:keepNext]", namespaces=NAMES)]
    assert kept == ["Så här är det.", "a"]


def test_its_picture_is_told_in_words_and_is_there_twice() -> None:
    (told,) = body().findall(".//wp:docPr", NAMES)
    assert "Socialnämnden: 1 delvis uppfyllt." in told.get("descr", "")
    with ZipFile(BytesIO(document_word(OUR, at=AT))) as package:
        assert package.read("word/media/image1.png").startswith(b"\x89PNG")
        assert package.read("word/media/image1.svg").startswith(b"<svg")


def test_what_anybody_wrote_is_text() -> None:
    wicked = '</w:t><w:br/>&amp; \x00\x0b"'
    written = body(replace(OUR, title=wicked, blocks=(Text("a\nb"),)))
    assert written.xpath("string(.//w:p[1])", namespaces=NAMES) == '</w:t><w:br/>&amp; "'
    assert len(written.findall(".//w:br", NAMES)) == 1


def test_the_same_document_gives_the_same_bytes() -> None:
    assert document_word(OUR, at=AT) == document_word(OUR, at=AT)
