"""A PDF can be kept, read aloud, and made again byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from styrhjul.reports.pdf import Attachment, NotTypeset, typeset
from tests.reports.pdf_parts import everything, letters

AT = datetime(2027, 3, 10, 7, 0, 5, tzinfo=UTC)
EML = b"From: a@example.org\r\n\r\n\xff\x00 bytes of any kind\r\n"
FILE = Attachment(name="mejl.eml", mime_type="message/rfc822", description="Mejlet", relationship="source", content=EML)


def page(**changes: object) -> dict[str, object]:
    content: dict[str, object] = {
        "lang": "sv",
        "title": "Mål för 2027 (utkast)",
        "subtitle": "Mejl till ordföranden",
        "municipality": "Lillby kommun",
        "kind": "Mejl",
        "columns": ["Uppgift", "Innehåll"],
        "page": "Sida {n} av {of}",
        "footer": "Handling",
        "facts": [{"label": "Diarienummer", "values": [{"text": "ej angivet", "as": "missing"}]}],
        "sections": [{"heading": "Text", "blocks": [{"kind": "quote", "text": "Varje nämnd ska."}]}],
    }
    return content | changes


def made(**changes: object) -> bytes:
    return typeset("records/record.typ", page(**changes), at=AT, attachments=[FILE])


def test_the_same_content_gives_the_same_bytes() -> None:
    assert made() == made()


def test_it_says_that_it_can_be_kept_and_read_aloud() -> None:
    pdf = made()
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/MarkInfo<</Marked true" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/DisplayDocTitle true" in pdf


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_says_its_language(language: str) -> None:
    assert f"/Lang({language})".encode() in made(lang=language)


def test_its_title_is_in_its_metadata() -> None:
    assert '<rdf:li xml:lang="x-default">Mål för 2027 (utkast)</rdf:li>'.encode() in made()


def test_its_date_is_the_records_and_not_the_machines() -> None:
    assert b"D:20270310070005Z" in made()


def test_headings_tables_and_quotes_are_tagged_as_such() -> None:
    pdf = made()
    for tag in (b"/S/H1", b"/S/Table", b"/S/TH", b"/S/TD"):
        assert tag in pdf


def test_its_letters_can_be_searched() -> None:
    assert set("Mål för 2027Varje nämnd ska.Diarienummer") <= letters(made())


def test_a_file_lies_inside_unchanged() -> None:
    pdf = made()
    assert EML in everything(pdf)
    assert b"/EmbeddedFiles<</Names[(mejl.eml)" in pdf
    assert b"/AFRelationship/Source" in pdf


def test_a_template_that_is_not_there_is_told() -> None:
    with pytest.raises(NotTypeset, match=r"records/none\.typ"):
        typeset("records/none.typ", page(), at=AT)
