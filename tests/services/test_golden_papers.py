"""The drafts for each example's revision, kept: what they say, and their Word files' structure.

The files are read by people. `STYRHJUL_UPDATE_GOLDEN=1` writes them anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lxml import etree

from styrhjul.reports.block import Heading, Table
from styrhjul.reports.word_body import W
from styrhjul.services.reports.revision_paper import Paper, PaperFormat
from styrhjul.services.simulation.world import examples
from tests.reports.pdf_parts import everything, letters
from tests.services.document_text import pages, word_xml
from tests.services.played_year import MADE, papers_of_2027

GOLDEN = Path(__file__).parent / "golden_papers"
#: Read before the settings of the environment are put aside for the tests.
UPDATE = bool(os.environ.get("STYRHJUL_UPDATE_GOLDEN"))
EVERY = [(slug, paper) for slug in examples() for paper in Paper]


@pytest.mark.parametrize(("slug", "paper"), EVERY)
def test_a_lived_year_gives_the_draft_that_was_reviewed(slug: str, paper: Paper) -> None:
    document = papers_of_2027(slug)[paper]
    body = word_xml(PaperFormat.DOCX.content(document, MADE))
    told = {
        f"{slug}-{paper}.txt": "\n".join(pages(document)) + "\n",
        f"{slug}-{paper}.docx.xml": etree.tostring(body, pretty_print=True, encoding="unicode"),
    }
    if UPDATE:
        for name, text in told.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert told == {name: (GOLDEN / name).read_text(encoding="utf-8") for name in told}


@pytest.mark.parametrize(("slug", "paper"), EVERY)
def test_both_files_have_every_heading_and_table(slug: str, paper: Paper) -> None:
    document = papers_of_2027(slug)[paper]
    headings = [each for each in document.blocks if isinstance(each, Heading)]
    tables = [each for each in document.blocks if isinstance(each, Table)]
    body = word_xml(PaperFormat.DOCX.content(document, MADE))
    pdf = PaperFormat.PDF.content(document, MADE)
    styled = body.xpath("//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'Heading')]", namespaces={"w": W})
    assert len(styled) == len(headings) == len(re.findall(rb"/S/H\d", everything(pdf)))
    assert len(body.findall(".//w:tbl", {"w": W})) == len(tables) == len(re.findall(rb"/S/Table\b", everything(pdf)))
    assert set("Fylls i") <= letters(pdf)
