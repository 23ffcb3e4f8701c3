"""A character that no file can say breaks no file: it is left out, and everything around it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook

from styrhjul.domain.written import sayable
from styrhjul.reports.block import Document, Heading, Picture, Table, Text
from styrhjul.reports.chart import Drawn, pictured, words
from styrhjul.reports.document_word import document_word
from styrhjul.reports.wheel_figure import wheel_figure
from styrhjul.reports.workbook import Sheet, workbook
from tests.reports.test_wheel_figure import WHEEL

AT = datetime(2028, 3, 20, 9, tzinfo=UTC)
SIGNS = ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"]


@pytest.fixture(params=SIGNS, ids=ascii)
def said(request: pytest.FixtureRequest) -> str:
    return f"Social{request.param}nämnden"


def test_a_word_file(said: str) -> None:
    picture = Picture(svg='<svg xmlns="http://www.w3.org/2000/svg"/>', alt=said, width=1, height=1)
    table = Table(caption=said, columns=(said,), rows=((said,),))
    blocks = (Heading(1, said), Text(said), table, picture)
    made = document_word(Document(title=said, subtitle=said, municipality=said, blocks=blocks), at=AT)
    with ZipFile(BytesIO(made)) as package:
        parts = {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}
    assert "Socialnämnden" in etree.tostring(parts["word/document.xml"], encoding="unicode")
    assert "Socialnämnden" in etree.tostring(parts["docProps/core.xml"], encoding="unicode")


def test_a_workbook(said: str) -> None:
    made = workbook([Sheet(caption=said, columns=(said,), rows=((said,),))], title=said, at=AT)
    sheet = load_workbook(BytesIO(made))["Socialnämnden"]
    assert [cell.value for row in sheet.rows for cell in row] == ["Socialnämnden"] * 2


def test_a_plot(said: str) -> None:
    drawn = Drawn([words(said, (0, 0))], 10)
    assert "Socialnämnden" in etree.fromstring(pictured(said, said, lambda _: drawn).svg).xpath("string()")


def test_a_wheel(said: str) -> None:
    assert "Socialnämnden" in wheel_figure(replace(WHEEL, title=said)).svg


@pytest.mark.parametrize("sign", ["\t", "\n", "\r", "å", "\u0085", "\ufffd", "\U0001f600"])
def test_what_a_file_can_say_stays(sign: str) -> None:
    assert sayable(f"a{sign}b") == f"a{sign}b"
