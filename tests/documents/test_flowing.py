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


SAID = "Nämnden ska följa upp målen varje år."
OTHER = "<w:p><w:r><w:t>Inledning</w:t></w:r></w:p>"


@pytest.mark.parametrize("value", ['w:val="0"', 'w:val="false"', 'w:val="off"'])
@pytest.mark.parametrize("name", ["vanish", "strike", "dstrike"])
def test_what_a_run_says_is_off_hides_nothing(name: str, value: str) -> None:
    read = word(f"<w:p>{run(SAID, f'<w:rPr><w:{name} {value}/></w:rPr>')}</w:p>")
    assert read.text == SAID
    assert read.warnings == ()


@pytest.mark.parametrize("name", ["strike", "dstrike"])
def test_what_is_struck_out_in_word_is_left_out_and_said(name: str) -> None:
    read = word(
        f"<w:p>{run('Nämnden ')}{run('bör', f'<w:rPr><w:{name}/></w:rPr>')}{run(' ska följa upp målen.')}</w:p>"
    )
    assert " ".join(read.text.split()) == "Nämnden ska följa upp målen."
    assert "Överstruken text lästes inte" in read.warnings[0]


def test_a_row_that_was_deleted_with_changes_tracked_is_gone() -> None:
    row = f'<w:tbl><w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>{paragraph(SAID)}</w:tc></w:tr></w:tbl>'
    read = word(OTHER + row)
    assert read.text == "Inledning"
    assert "spårade ändringar" in read.warnings[0]


@pytest.mark.parametrize(("code", "between"), [("F02D", "-"), ("F0E0", " "), ("F02F", "/"), ("x", " ")])
def test_a_sign_of_a_symbol_font_keeps_apart_what_it_parts(code: str, between: str) -> None:
    symbol = f'<w:r><w:sym w:font="Symbol" w:char="{code}"/></w:r>'
    assert word(f"<w:p>{run('1')}{symbol}{run('2 mål')}</w:p>").text == f"1{between}2 mål"


@pytest.mark.parametrize("part", ["altChunk", "subDoc"])
def test_parts_that_lie_in_other_documents_are_told_of(part: str) -> None:
    assert "delar som ligger i andra dokument" in word(f"{OTHER}<w:{part}/>").warnings[0]


@pytest.mark.parametrize(
    "hidden",
    [
        f'<text:section text:display="none"><text:p>{SAID}</text:p></text:section>',
        f'<text:p><text:hidden-paragraph text:is-hidden="true"/>{SAID}</text:p>',
        f'<text:p><text:hidden-text text:is-hidden="true">{SAID}</text:hidden-text></text:p>',
    ],
)
def test_what_libreoffice_hides_is_not_read(hidden: str) -> None:
    shown = hidden.replace('"true"', '"false"').replace('"none"', '"true"')
    for body, wanted in ((hidden, False), (shown, True)):
        read = read_document(sample_opendocument(f"<text:p>Inledning</text:p>{body}"), "policy.odt")
        assert (SAID in read.text) is wanted


def test_what_is_struck_out_in_libreoffice_is_left_out_and_said() -> None:
    struck = f'<text:p>Inledning <text:span text:style-name="T1">{SAID}</text:span></text:p>'
    line = '<style:text-properties style:text-line-through-style="solid"/>'
    body = f'{struck}<style:style style:name="T1">{line}</style:style>'
    read = read_document(sample_opendocument(body), "policy.odt")
    assert read.text == "Inledning"
    assert "Överstruken text lästes inte" in read.warnings[0]
    plain = read_document(sample_opendocument(body.replace("solid", "none")), "policy.odt")
    assert SAID in plain.text
    assert plain.warnings == ()


def test_a_numbered_paragraph_of_libreoffice_is_read() -> None:
    body = f"<text:numbered-paragraph><text:p>{SAID}</text:p></text:numbered-paragraph>"
    assert read_document(sample_opendocument(body), "policy.odt").text == SAID


@pytest.mark.parametrize("mark", ["del", "s", "strike"])
def test_what_is_struck_out_on_a_page_is_left_out_and_said(mark: str) -> None:
    page = f"<main><p>Nämnden <{mark}>ska</{mark}> <ins>bör</ins> följa upp målen.</p></main>"
    read = read_document(page.encode(), "policy.html")
    assert read.text == "Nämnden bör följa upp målen."
    assert "Överstruken text lästes inte" in read.warnings[0]


def test_a_quotation_on_a_page_keeps_its_marks() -> None:
    page = f"<main><p>Förut stod <q>{SAID}</q> här.</p></main>"
    assert read_document(page.encode(), "policy.html").text == f"Förut stod ”{SAID}” här."


def test_the_head_of_the_main_text_is_read_and_that_of_the_site_is_not() -> None:
    page = f"<header>Meny</header><main><header><h1>Policy</h1><p>Dnr 1</p></header><p>{SAID}</p></main>"
    assert read_document(page.encode(), "policy.html").text.split("\n\n") == ["# Policy", "Dnr 1", SAID]
