"""A PDF says to a reader's aid what it shows: judged by PDFium, and the judge is shown to bite."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.document_pdf import document_pdf
from tests.reports.chapter_facts import chapter
from tests.reports.pdf_access import faults_of
from tests.reports.test_pdf import made

CHAPTER = document_pdf(chapter_document(chapter()), at=datetime(2028, 3, 20, 9, tzinfo=UTC))
#: What is taken away, byte for byte so that everything else stays where it is, and what is then said.
TAKEN_AWAY = {
    (b"/Marked true", b"/Marked fals"): "not tagged",
    (b"/Lang(sv)", b"/Lang(  )"): "no language",
    (b"/Title", b"/Xitle"): "no title",
    (b"/StructTreeRoot", b"/XtructTreeRoot"): "no structure",
    (b"/Alt", b"/Xlt"): "a figure without words",
    (b"/S/H1", b"/S/H2"): "a heading skipped: H2 after H0",
    (b"/S/H2", b"/S/H4"): "a heading skipped: H4 after H1",
    (b"/S/TH", b"/S/TD"): "a table without heads",
}


@pytest.mark.parametrize("pdf", [CHAPTER, made()], ids=["a chapter", "a record"])
def test_it_can_be_read_aloud(pdf: bytes) -> None:
    assert faults_of(pdf) == []


@pytest.mark.parametrize("taken", TAKEN_AWAY, ids=TAKEN_AWAY.values())
def test_whatever_is_taken_away_is_missed(taken: tuple[bytes, bytes]) -> None:
    was, left = taken
    assert was in CHAPTER
    assert any(fault.startswith(TAKEN_AWAY[taken]) for fault in faults_of(CHAPTER.replace(was, left)))
