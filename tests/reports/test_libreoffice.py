"""The chapter's Word file in a program nobody here wrote: LibreOffice opens it and loses no heading and no words."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from lxml import etree

from styrhjul.reports.block import Heading, Picture, Table
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.document_word import document_word
from tests.programs import libreoffice_program
from tests.reports.chapter_facts import chapter

pytestmark = pytest.mark.needs("LibreOffice")
OUR = chapter_document(chapter())
#: A profile that is new takes its time; nothing here measures it.
PATIENCE_SECONDS = 240


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> etree._Element:
    """What LibreOffice has read of the Word file, as it writes it in its own format."""
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "avsnitt.docx").write_bytes(document_word(OUR, at=datetime(2028, 3, 20, 9, tzinfo=UTC)))
    command = [str(libreoffice_program()), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    words = [*command, "--convert-to", "odt", "--outdir", str(folder), str(folder / "avsnitt.docx")]
    subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    with ZipFile(folder / "avsnitt.odt") as package:
        return etree.fromstring(package.read("content.xml"))


def test_every_heading_is_a_heading_of_its_level(converted: etree._Element) -> None:
    wanted = [(str(each.level), each.text) for each in OUR.blocks if isinstance(each, Heading)]
    found = converted.findall(".//{*}h")
    assert [(each.get(f"{{{each.nsmap['text']}}}outline-level"), "".join(each.itertext())) for each in found] == wanted


def test_every_picture_is_told_in_the_same_words(converted: etree._Element) -> None:
    wanted = [each.alt for each in OUR.blocks if isinstance(each, Picture)]
    assert wanted
    assert [each.text for each in converted.findall(".//{*}frame/{*}desc")] == wanted


def test_every_table_has_its_heads(converted: etree._Element) -> None:
    wanted = [len(each.columns) for each in OUR.blocks if isinstance(each, Table)]
    heads = converted.findall(".//{*}table/{*}table-header-rows")
    assert [len(head.findall(".//{*}table-cell")) for head in heads] == wanted
