"""A chapter's files say the same thing, can be read aloud, and hold no formula that anybody wrote."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from styrhjul.reports.attainment_plot import draw_attainment
from styrhjul.reports.block import Heading, Picture, Table, Text
from styrhjul.reports.chapter import BodyTally
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.chapter_facts import KnownGoal, Standing
from styrhjul.reports.chapter_json import chapter_json
from styrhjul.reports.chapter_making import make_chapter
from styrhjul.reports.chapter_sheet import sheets
from styrhjul.reports.document_pdf import document_pdf
from styrhjul.reports.workbook import workbook
from tests.reports.chapter_facts import GOALS, SCHOOL, SOCIAL, answered, chapter, known
from tests.reports.pdf_parts import letters

AT = datetime(2028, 3, 20, 9, tzinfo=UTC)
SAID = "1 av 2 nämnder"


def book(*goals: str) -> bytes:
    given = replace(GOALS, goals=tuple(KnownGoal(goal_id=goal, text=goal) for goal in goals)) if goals else GOALS
    made = chapter(answered(SOCIAL, given, "goal_setting")) if goals else chapter()
    return workbook(sheets(made), title=made.title, at=AT)


def test_text_and_table_say_the_same_number() -> None:
    blocks = chapter_document(chapter()).blocks
    assert any(isinstance(each, Text) and SAID in each.text for each in blocks)
    assert any(isinstance(each, Table) and any(SAID in row for row in each.rows) for each in blocks)
    assert SAID in chapter_json(chapter()).decode()


def test_a_table_stands_under_a_heading() -> None:
    blocks = chapter_document(chapter()).blocks
    before = [one for one, other in itertools.pairwise(blocks) if isinstance(other, Table)]
    assert all(isinstance(each, Heading | Text) for each in before)
    assert all(
        len(row) == len(each.columns) == len(each.shares)
        for each in blocks
        if isinstance(each, Table)
        for row in each.rows
    )


def test_a_chapter_of_one_policy_has_no_table_of_all() -> None:
    alone = make_chapter(replace(known(), of_one=True))
    assert [each.text for each in chapter_document(alone).blocks if isinstance(each, Heading)] == ["Integrationspolicy"]


def test_a_municipality_without_policies_says_so() -> None:
    empty = make_chapter(replace(known(), policies=()))
    assert list(chapter_document(empty).blocks) == [Text("Kommunen har inga styrdokument här.")]
    assert load_workbook(BytesIO(workbook(sheets(empty), title="", at=AT))).sheetnames


def test_the_pdf_is_tagged_in_swedish_and_tells_its_picture() -> None:
    pdf = document_pdf(chapter_document(chapter()), at=AT)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(sv)" in pdf
    for tag in (b"/S/H1", b"/S/H2", b"/S/Table", b"/S/TH", b"/S/Figure", b"/Alt"):
        assert tag in pdf
    assert set("Fler ska få arbete") <= letters(pdf)
    assert pdf == document_pdf(chapter_document(chapter()), at=AT)


def test_what_looks_like_a_formula_is_text_in_the_workbook() -> None:
    wicked = ("=HYPERLINK(1)", "+1", "-1", "@a", "\x07")
    sheet = load_workbook(BytesIO(book(*wicked)))["Mål och bedömning 2027"]
    cells = [row[3] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells[:4]] == [(text, "s") for text in wicked[:4]]


def test_the_workbook_has_a_sheet_for_each_kind() -> None:
    opened = load_workbook(BytesIO(book()))
    assert opened.sheetnames == [
        *("Svar 2027", "Måluppfyllelse 2027", "Mål och bedömning 2027", "Utan svar", "Det som gick upp"),
        *("Vem som fick veta", "Beslut om det som gick upp", "Planer, projekt och revidering", "Ändrade utgåvor"),
        *("Mål för 2028", "Måluppfyllelsen över åren", "Frister 2028"),
    ]
    assert [len(sheet.tables) for sheet in opened.worksheets] == [1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0]


def test_a_count_in_the_workbook_can_be_summed_and_a_day_sorted() -> None:
    opened = load_workbook(BytesIO(book()))
    days = opened["Utan svar"]
    assert [cell.value for cell in opened["Svar 2027"][3]][3:] == [2, 1, 1]
    assert (days["D2"].value, days["D2"].number_format) == (datetime(2028, 2, 29), "yyyy-mm-dd")  # noqa: DTZ001 - a cell's day has no zone
    assert days["G2"].data_type == "n"
    assert opened["Mål för 2028"]["I2"].value == 9


def test_each_told_office_and_each_decision_has_a_row_of_its_own() -> None:
    opened = load_workbook(BytesIO(book()))
    assert [row[5] for row in opened["Vem som fick veta"].iter_rows(min_row=2, values_only=True)] == [
        f"Ordförande, {SCHOOL}",
        "Kommunchef",
        "Förvaltningschef",
    ]
    assert opened["Beslut om det som gick upp"]["E2"].value == "noterat"
    numbers = list(opened["Måluppfyllelsen över åren"].iter_rows(min_row=2, min_col=4, values_only=True))
    assert numbers
    assert all(isinstance(value, int) for row in numbers for value in row)


def test_a_sheet_has_filters_a_frozen_head_and_room_for_its_widest_day() -> None:
    sheet = load_workbook(BytesIO(book()))["Utan svar"]
    (table,) = sheet.tables.values()
    assert (table.autoFilter.ref, sheet.freeze_panes) == (table.ref, "A2")
    widths = [sheet.column_dimensions[get_column_letter(place)].width for place in range(1, sheet.max_column + 1)]
    assert all(width > len(str(cell.value)) for width, cell in zip(widths, sheet[1], strict=True))


def test_the_json_has_days_as_iso_dates_and_its_format_by_name() -> None:
    read = json.loads(chapter_json(chapter()))
    assert (read["format"], read["made_on"]) == ("styrhjul.chapter/2", "2028-03-20")
    (section,) = read["sections"]
    assert section["goals"][0]["decided_on"] == "2028-02-17"
    assert section["counts"][1]["line"] == f"{SAID} har svarat på uppföljningen av 2027."
    assert section["tally"] == {"partly_met": 1, "missing": 1}


def test_the_plot_tells_in_words_what_it_draws() -> None:
    (picture,) = [each for each in chapter_document(chapter()).blocks if isinstance(each, Picture)]
    assert "Socialnämnden: 1 delvis uppfyllt. Skolnämnden: 1 svar saknas." in picture.alt
    drawn = etree.fromstring(picture.svg.encode())
    assert drawn.findtext("{*}desc") == picture.alt
    assert {"delvis uppfyllt", "svar saknas"} <= set(drawn.itertext())


@pytest.mark.parametrize("body", ["Kort", "Nämnden för arbetsmarknad, vuxenutbildning & integration"])
def test_no_standing_looks_like_another_without_colour(body: str) -> None:
    tally = BodyTally(body=body, counts=dict.fromkeys(Standing, 1))
    drawn = etree.fromstring(draw_attainment([tally], subject="allt").svg.encode())
    legend = drawn.findall("{*}rect")[-len(Standing) :]
    hatched = {each.getprevious() for each in drawn.findall("{*}path")}
    looks = {(each.get("fill"), each.get("stroke-dasharray"), each in hatched) for each in legend}
    assert len(looks) == len(Standing)
