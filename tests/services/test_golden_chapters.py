"""The chapter of each example's 2027, kept: its values, and what its PDF and Word file say in which structure.

The files are read by people. `STYRHJUL_UPDATE_GOLDEN=1` writes them anew.
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from lxml import etree
from openpyxl import load_workbook

from styrhjul.reports.block import Heading, Picture, Table
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.word_body import WP, W
from styrhjul.services.reports.chapter_file import ChapterFormat
from styrhjul.services.simulation.world import examples
from tests.reports.pdf_parts import everything
from tests.services.document_text import pages, word_xml
from tests.services.played_year import MADE, chapter_of_2027

if TYPE_CHECKING:
    from styrhjul.reports.chapter import Chapter

GOLDEN = Path(__file__).parent / "golden_chapters"
#: Read before the settings of the environment are put aside for the tests.
UPDATE = bool(os.environ.get("STYRHJUL_UPDATE_GOLDEN"))
NAMES = {"w": W, "wp": WP}


def word(chapter: Chapter) -> etree._Element:
    return word_xml(ChapterFormat.DOCX.content(chapter, MADE))


Kind = TypeVar("Kind", Heading, Picture, Table)


def blocks_of(chapter: Chapter, kind: type[Kind]) -> list[Kind]:
    return [each for each in chapter_document(chapter).blocks if isinstance(each, kind)]


@pytest.mark.parametrize("slug", examples())
def test_a_lived_year_gives_the_chapter_that_was_reviewed(slug: str) -> None:
    chapter = chapter_of_2027(slug)
    told = {
        f"{slug}.txt": "\n".join(pages(chapter_document(chapter))) + "\n",
        f"{slug}.json": ChapterFormat.JSON.content(chapter, MADE).decode(),
        f"{slug}.docx.xml": etree.tostring(word(chapter), pretty_print=True, encoding="unicode"),
    }
    if UPDATE:
        for name, text in told.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert told == {name: (GOLDEN / name).read_text(encoding="utf-8") for name in told}


@pytest.mark.parametrize("slug", examples())
def test_its_files_have_every_heading_table_and_picture(slug: str) -> None:
    chapter = chapter_of_2027(slug)
    headings, tables = blocks_of(chapter, Heading), blocks_of(chapter, Table)
    pictures = blocks_of(chapter, Picture)
    body, pdf = word(chapter), everything(ChapterFormat.PDF.content(chapter, MADE))
    styled = body.xpath("//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'Heading')]", namespaces=NAMES)
    assert len(styled) == len(headings) == len(re.findall(rb"/S/H\d", pdf))
    assert len(body.findall(".//w:tbl", NAMES)) == len(tables) == len(re.findall(rb"/S/Table\b", pdf))
    assert [each.get("descr") for each in body.findall(".//wp:docPr", NAMES)] == [each.alt for each in pictures]
    assert len(pictures) == len(re.findall(rb"/S/Figure\b", pdf))


@pytest.mark.parametrize("slug", examples())
def test_its_workbook_has_every_goal(slug: str) -> None:
    chapter = chapter_of_2027(slug)
    book = load_workbook(BytesIO(ChapterFormat.XLSX.content(chapter, MADE)))
    assert book.worksheets[2].max_row - 1 == sum(len(section.goals) for section in chapter.sections)
