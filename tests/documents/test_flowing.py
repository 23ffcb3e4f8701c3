"""Word, LibreOffice and web pages: what stands in the text is read, what stands around it is not."""

from __future__ import annotations

import pytest

from styrhjul.documents import Document, read_document
from styrhjul.documents.formats.sample import packed, sample_opendocument, sample_word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
COMPATIBLE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
STYLES = (
    f'<w:styles {W}><w:style w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Egen">'
    '<w:basedOn w:val="Rubrik1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style><w:style w:styleId="T">'
    '<w:name w:val="toc 1"/></w:style></w:styles>'
)
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText '
    'w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText '
    'w:val="\uf0b7"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num '
    'w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def listed(text: str, number: int, depth: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def word(body: str, **others: str) -> Document:
    return read_document(sample_word(body, **others), "policy.docx")


def lines_of(document: Document) -> list[str]:
    return [line for line in document.text.split("\n") if line]


def test_headings_keep_their_height_and_the_contents_are_left_out() -> None:
    body = paragraph("Syfte", '<w:pStyle w:val="Rubrik1"/>') + paragraph("Mål", '<w:pStyle w:val="Egen"/>')
    contents = paragraph("Syfte\t3", '<w:pStyle w:val="T"/>')
    assert lines_of(word(contents + body, styles=STYLES)) == ["# Syfte", "## Mål"]


def test_lists_keep_their_bullets_and_numbers() -> None:
    body = listed("ett", 1) + listed("två", 1) + listed("under", 1, 1) + listed("tre", 1) + listed("punkt", 2)
    assert lines_of(word(body, numbering=NUMBERING)) == ["1. ett", "2. två", "a) under", "3. tre", "• punkt"]


def test_content_controls_and_text_boxes_are_text() -> None:
    control = f"<w:sdt><w:sdtContent>{paragraph('Antagen av: Kommunfullmäktige')}</w:sdtContent></w:sdt>"
    box = f"<w:drawing><w:txbxContent>{paragraph('Dnr: KS 2020/12')}</w:txbxContent></w:drawing>"
    both = f"<mc:AlternateContent {COMPATIBLE}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    body = f"{control}<w:p><w:r>{both}</mc:AlternateContent></w:r></w:p>"
    assert lines_of(word(body)) == ["Antagen av: Kommunfullmäktige", "Dnr: KS 2020/12"]


def test_what_is_struck_or_hidden_is_left_out_and_changes_are_told() -> None:
    hidden = run("hemligt", "<w:rPr><w:vanish/></w:rPr>")
    body = (
        f"<w:p>{run('Nämnden ')}<w:del>{run('bör')}</w:del><w:ins>{run('ska')}</w:ins>{hidden}{run(' besluta.')}</w:p>"
    )
    document = word(body)
    assert document.text == "Nämnden ska besluta."
    assert "spårade ändringar" in document.warnings[0]


def test_a_footnote_stands_last_with_its_mark() -> None:
    notes = f'<w:footnotes {W}><w:footnote w:id="7"><w:p>{run("Enligt KL.")}</w:p></w:footnote></w:footnotes>'
    body = f'<w:p>{run("Mål")}<w:r><w:footnoteReference w:id="7"/></w:r>{run(" följs upp.")}</w:p>{paragraph("Slut.")}'
    assert lines_of(word(body, footnotes=notes)) == ["Mål¹ följs upp.", "Slut.", "¹ Enligt KL."]


def test_a_running_header_is_read_only_for_its_fields() -> None:
    fields = f"<w:hdr {W}>{paragraph('Beslutsdatum: 2020-02-03')}</w:hdr>"
    plain = f"<w:hdr {W}>{paragraph('Lillby kommun')}</w:hdr>"
    read = word(paragraph("Text."), header1=fields)
    assert lines_of(read) == ["Beslutsdatum: 2020-02-03", "Text."]
    assert "sidhuvudet" in read.warnings[0]
    assert lines_of(word(paragraph("Text."), header1=plain)) == ["Text."]


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_a_table_is_a_line_a_row_and_long_cells_have_lines_of_their_own() -> None:
    long = "Nämnden ska följa upp målen varje år."
    assert lines_of(word(table(("Antagen av", "KF"), ("Mål", long)))) == ["Antagen av   KF", "Mål", long]


def test_labels_above_values_are_set_beside_them() -> None:
    read = word(table(("Antagen av", "Beslutsdatum", "Version"), ("KF", "2020-02-03", "")))
    assert lines_of(read) == ["Antagen av: KF", "Beslutsdatum: 2020-02-03", "Version:"]


def test_a_value_without_a_label_is_not_lost() -> None:
    read = word(table(("Antagen av", "", "Beslutsdatum"), ("KF", "§ 12", "2020-02-03")))
    assert lines_of(read) == ["Antagen av   Beslutsdatum", "KF   § 12   2020-02-03"]


def test_the_stricter_form_of_word_is_read() -> None:
    strict = f"<w:document {W}><w:body>{paragraph('Text.')}</w:body></w:document>".replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read_document(packed({"word/document.xml": strict}), "a.docx").text == "Text."


def test_a_libreoffice_text_keeps_headings_spaces_lists_and_notes() -> None:
    body = (
        '<text:h text:outline-level="2">Mål</text:h><text:p>Två<text:s text:c="2"/>ord<text:note>'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Not.</text:p></text:note-body></text:note>."
        "</text:p><text:list><text:list-item><text:p>punkt</text:p></text:list-item></text:list>"
        "<text:table-of-content><text:index-body><text:p>Mål 3</text:p></text:index-body></text:table-of-content>"
    )
    assert lines_of(read_document(sample_opendocument(body), "a.odt")) == ["## Mål", "Två  ord¹.", "• punkt", "¹ Not."]


@pytest.mark.parametrize("around", ["nav", "header", "footer", "aside", "script", "form"])
def test_a_web_page_is_its_main_text(around: str) -> None:
    page = f"<body><{around}>Meny</{around}><h2>Mål</h2><p>Nämnden <b>ska</b> be&shy;sluta.</p><ol><li>ett</ol></body>"
    read = read_document(page.encode(), "a.html")
    assert lines_of(read) == ["## Mål", "Nämnden ska be\u00adsluta.", "1. ett"]


def test_an_offset_leads_to_its_paragraph() -> None:
    read = word(paragraph("Ett.") + paragraph("") + paragraph("Tre."))
    assert [read.place(read.text.index(each)).line for each in ("Ett", "Tre")] == [1, 3]
