"""Documents of every kind by command; a scanned one when somebody asks for OCR."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.test_officials_and_policies import ADD, EXAMPLES, Shell, shell
from tests.documents.labelled import HERE
from tests.documents.test_ocr import as_scanned
from tests.documents.test_pdf import column, shown

__all__ = ["shell"]
GRUMS = ("--municipality", "grums")
WORDS = (
    "Integrationspolicy för Grums kommun",
    "Antagen av: Kommunfullmäktige",
    "Beslutsdatum: 2021-06-30",
    "Nämnden ska varje år följa upp målen.",
)


@pytest.fixture
def grums(shell: Shell) -> Shell:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *GRUMS)
    return shell


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "html"])
def test_a_document_of_any_kind_is_read(grums: Shell, kind: str) -> None:
    (line,) = grums.lines("policy", "import", HERE / "made" / f"grums.{kind}", *GRUMS)
    assert (line["title"], line["adopted_by"]) == ("Integrationspolicy för Grums kommun", "Kommunstyrelsen")


def test_a_folder_of_all_kinds_is_one_document(grums: Shell, tmp_path: Path) -> None:
    """Its text is not letter by letter the same in each: the copies are told as such, and none is taken for new."""
    folder = tmp_path / "dokument"
    folder.mkdir()
    for path in (HERE / "made").glob("grums.*"):
        shutil.copy(path, folder)
    states = [line["state"] for line in grums.lines("policy", "import", folder, *GRUMS)]
    assert states[0] == "ready"
    assert set(states[1:]) <= {"known", "similar", "taken"}


@pytest.mark.needs("tesseract with Swedish")
def test_a_scanned_document_is_read_when_somebody_asks(grums: Shell, tmp_path: Path) -> None:
    file = tmp_path / "scannad.pdf"
    file.write_bytes(as_scanned(shown(*column(50, 700, WORDS), size=14)))
    (line,) = grums.lines("policy", "import", file, "--ocr", *GRUMS)
    assert (line["adopted_by"], line["adopted_on"]) == ("Kommunfullmäktige", "2021-06-30")
    assert [duty["action_kind"] for duty in line["duties"]] == ["follow_up"]
