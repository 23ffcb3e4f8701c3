"""A pdf is read as a person reads its pages. Each page here is words at places; pdfium and the layout do the rest."""

from __future__ import annotations

import pytest

from styrhjul.documents import Document, UnreadableDocument, read_document, read_policy
from styrhjul.documents.formats.sample import sample_pdf
from styrhjul.documents.text import clean

PROSE = (
    "Kommunfullmäktige antog policyn för att alla ska känna till",
    "vad kommunen vill med sitt arbete för miljön och klimatet.",
    "Den gäller för alla nämnder och bolag i hela kommunen och",
    "ska läsas tillsammans med den budget som gäller för året.",
    "Arbetet leds av kommunstyrelsen som har den samlade synen",
    "på hur målen nås och på vad som behöver göras härnäst i",
)


def shown(*words: tuple[float, float, str], size: float = 10) -> bytes:
    steps = (b"BT /F %g Tf %g %g Td (%s) Tj ET" % (size, x, y, _escaped(text)) for x, y, text in words)
    return b"\n".join(steps)


def _escaped(text: str) -> bytes:
    return text.replace("(", r"\(").replace(")", r"\)").encode("cp1252")


def column(x: float, top: float, lines: tuple[str, ...]) -> list[tuple[float, float, str]]:
    return [(x, top - 13 * at, line) for at, line in enumerate(lines)]


def read(*pages: bytes) -> Document:
    return read_document(sample_pdf(*pages), "policy.pdf")


def lines_of(*pages: bytes) -> list[str]:
    return [line for line in read(*pages).text.split("\n") if line]


def test_two_columns_are_read_one_after_the_other() -> None:
    right = tuple(line.replace("ommun", "OMMUN") for line in PROSE)
    page = shown(*column(40, 750, PROSE), *column(320, 750, right), (40, 600, "Slut"), size=9)
    assert lines_of(page) == [*PROSE, *right, "Slut"]


def test_lines_are_read_from_the_top_however_the_file_has_them() -> None:
    assert lines_of(shown(*reversed(column(50, 700, PROSE)))) == list(PROSE)


def test_a_table_is_read_row_by_row() -> None:
    cells = (("Antagen av", "Kommunstyrelsen"), ("Diarienummer", "KS 2020/12"), ("Giltig till", "2026-12-31"))
    page = shown((50, 800, "Miljöpolicy för Lillby kommun"), *_cells(cells, (50, 250)))
    metadata = read_policy(read(page).text).metadata
    assert (metadata.adopted_by, metadata.diary_number) == ("Kommunstyrelsen", "KS 2020/12")
    assert str(metadata.valid_until) == "2026-12-31"


def test_labels_above_their_values_are_set_beside_them() -> None:
    cells = (("Antagen av", "Diarienummer", "Beslutsdatum"), ("Kommunfullmäktige", "KS 2020/12", "2020-02-03"))
    page = shown((50, 800, "Miljöpolicy för Lillby kommun"), *_cells(cells, (50, 220, 400)))
    metadata = read_policy(read(page).text).metadata
    assert (metadata.adopted_by, metadata.diary_number) == ("Kommunfullmäktige", "KS 2020/12")
    assert str(metadata.adopted_on) == "2020-02-03"


def _cells(rows: tuple[tuple[str, ...], ...], edges: tuple[int, ...]) -> list[tuple[float, float, str]]:
    return [(x, 760 - 16 * at, text) for at, row in enumerate(rows) for x, text in zip(edges, row, strict=True)]


def test_running_headers_and_page_numbers_are_left_out_and_the_first_header_stays() -> None:
    pages = [
        shown((50, 820, "Lillby kommun"), *column(50, 600, PROSE), (290, 30, f"Sida {at} (4)")) for at in range(1, 5)
    ]
    assert lines_of(*pages) == ["Lillby kommun", *PROSE * 4]


def test_a_sentence_goes_on_over_a_page_and_knows_both() -> None:
    first = shown(*column(50, 700, PROSE), (290, 30, "1"))
    second = shown(
        (50, 750, "kommunens alla delar."), (50, 720, "Nämnden ska följa upp målen årligen."), (290, 30, "2")
    )
    document = read(first, second)
    assert "behöver göras härnäst i\nkommunens alla delar." in document.text
    duty = read_policy(document.text).duties[-1]
    assert (duty.quote, document.place(duty.start).page) == ("Nämnden ska följa upp målen årligen.", 2)
    assert document.pages == (0, document.text.index("kommunens alla"))


def test_a_word_cut_at_the_end_of_a_line_is_one_word_to_the_rules() -> None:
    text = read(shown((50, 700, "Kommunstyrelsen ansva-"), (50, 687, "rar för uppföljningen."))).text
    assert text == "Kommunstyrelsen ansva-\nrar för uppföljningen."
    assert clean(text).text == "Kommunstyrelsen ansvarar för uppföljningen."


def test_a_bullet_stands_before_its_item() -> None:
    page = shown(
        (50, 700, "Nämnden ska"), (60, 687, "\u2022"), (80, 687, "följa upp målen,"), (60, 674, "1."), (80, 674, "se")
    )
    assert lines_of(page) == ["Nämnden ska", "• följa upp målen,", "1. se"]


def test_a_footnote_parts_no_sentence() -> None:
    small = shown((50, 60, "1 Se kommunallagen."), size=7)
    pages = (shown(*column(50, 700, PROSE)) + b"\n" + small, shown((50, 700, "alla delar av kommunen.")))
    assert lines_of(*pages)[-2:] == ["alla delar av kommunen.", "1 Se kommunallagen."]


def test_a_heading_over_two_lines_is_one() -> None:
    head = shown((50, 780, "Policy för integration, mångfald och"), (50, 758, "etnisk jämlikhet"), size=18)
    assert lines_of(head + b"\n" + shown(*column(50, 700, PROSE)))[0] == (
        "Policy för integration, mångfald och etnisk jämlikhet"
    )


def test_paragraphs_are_parted_where_the_page_parts_them() -> None:
    page = shown(*column(50, 700, PROSE[:3]), *column(50, 630, PROSE[3:]))
    assert read(page).text == "\n".join([*PROSE[:3], "", *PROSE[3:]])


def test_a_page_that_lies_on_its_side_is_read_as_it_is_seen() -> None:
    upright = shown(*column(50, 400, PROSE))
    turned = sample_pdf(b"0 1 -1 0 595 0 cm\n" + upright).replace(b"/MediaBox", b"/Rotate 90 /MediaBox")
    assert [line for line in read_document(turned, "a.pdf").text.split("\n") if line] == list(PROSE)


@pytest.mark.parametrize("page", [b"0 0 500 700 re f", b""])
def test_a_page_without_letters_is_told_with_what_to_do(page: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"utan textlager.*--ocr|ingen text"):
        read(page, page)


def test_a_picture_among_pages_of_text_is_told() -> None:
    document = read(shown(*column(50, 700, PROSE)), b"0 0 500 700 re f")
    assert document.warnings == (
        "Minst en sida är en bild utan text. Läs den sidan själv, eller läs in filen med OCR.",
    )
