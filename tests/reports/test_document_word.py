"""A Word file has real headings, heads of tables and told pictures, whatever anybody wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from styrhjul.reports.block import Document, Text
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.document_word import document_word
from styrhjul.reports.word_body import WP, W
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
