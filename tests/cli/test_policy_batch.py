"""A folder of documents, and a new edition, by command: shown first, stored when somebody has said so."""

from __future__ import annotations

import json
import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from styrhjul.cli.policy_text import read_path
from styrhjul.documents import MOST_BYTES, UnreadableDocument
from tests.cli.test_officials_and_policies import ADD, EXAMPLES, GRUMS, Shell, shell

__all__ = ["shell"]
HERE = ("--municipality", "grums")
SLUG = "integrationspolicy-for-grums-kommun"
TEXT = GRUMS.read_text(encoding="utf-8")
OTHER = """\
Miljöpolicy för Grums kommun

Antagen av: Kommunfullmäktige
Datum: 2024-05-13 § 41

Varje nämnd ska årligen besluta om mål för sitt miljöarbete.
"""


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    """A municipality, and a folder with two documents, a copy, a near copy, an empty file and a picture."""
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", *HERE)
    files = tmp_path / "dokument"
    (files / "gamla").mkdir(parents=True)
    shutil.copy(GRUMS, files / "b-integration.txt")
    (files / "a-miljö.txt").write_text(OTHER, encoding="utf-8")
    (files / "c-kopia.txt").write_text(TEXT.replace("\n", "\r\n"), encoding="utf-8", newline="")
    near = OTHER.replace("Miljöpolicy", "Klimatpolicy") + "Varje nämnd ska årligen besluta om mål. " * 0
    (files / "gamla" / "d-nästan.txt").write_text(near, encoding="utf-8")
    (files / "e-tom.txt").write_bytes(b"")
    (files / "f-bild.png").write_bytes(b"\x89PNG\r\n")
    (files / ".dold").write_bytes(b"")
    return files


def states(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {Path(line["file"]).name: line["state"] for line in lines}


def test_a_copy_gives_way_to_what_it_is_a_copy_of_and_says_so(shell: Shell, folder: Path, tmp_path: Path) -> None:
    copies = tmp_path / "kopior"
    copies.mkdir()
    for name in ("policy (kopia).txt", "policy.txt"):
        shutil.copy(GRUMS, copies / name)
    assert shell("import", copies, *HERE) == 0
    same = f"{copies / 'policy (kopia).txt'}: samma som {copies / 'policy.txt'}; den läses in en gång."
    assert same in shell.err


def test_a_folder_is_told_file_by_file_and_nothing_is_stored(shell: Shell, folder: Path) -> None:
    told = shell.lines("policy", "import", folder, *HERE)
    assert states(told) == {
        "a-miljö.txt": "ready",
        "b-integration.txt": "ready",
        "c-kopia.txt": "known",
        "e-tom.txt": "refused",
        "f-bild.png": "refused",
        "d-nästan.txt": "similar",
    }
    assert states(shell.lines("policy", "import", folder, *HERE)) == states(told)


def test_what_is_ready_is_stored_and_the_rest_is_named(shell: Shell, folder: Path) -> None:
    assert shell("policy", "import", folder, *HERE, "--confirm", "--on", "2026-10-15") == 0, shell.err
    assert "2 dokument är inlästa, 4 filer lämnas" in shell.err
    assert "filen är tom" in shell.err
    again = states(shell.lines("import", folder, *HERE))
    assert {name for name, state in again.items() if state == "known"} == {
        "a-miljö.txt",
        "b-integration.txt",
        "c-kopia.txt",
    }


def test_of_a_folder_what_is_another_municipalitys_is_named_and_left(shell: Shell, folder: Path) -> None:
    (folder / "a-miljö.txt").write_text(OTHER.replace("Grums", "Vårgårda"), encoding="utf-8")
    assert shell("import", folder, *HERE, "--confirm") == 0, shell.err
    assert "annan kommun" in shell.out
    assert "Texten gäller Vårgårda kommun, men läses in för Grums kommun." in shell.err
    assert states(shell.lines("import", folder, *HERE))["a-miljö.txt"] == "ready"
    assert shell("import", folder / "a-miljö.txt", folder / "b-integration.txt", *HERE, "--confirm") == 0, shell.err
    assert states(shell.lines("import", folder, *HERE))["a-miljö.txt"] == "known"


def test_what_is_no_ordinary_file_is_not_waited_for(shell: Shell, folder: Path) -> None:
    os.mkfifo(folder / "rör.txt")
    (folder / "evig.txt").symlink_to("/dev/zero")
    for odd in ("rör.txt", "evig.txt"):
        assert shell("import", folder / odd, *HERE) == 1
        assert "ingen vanlig fil" in shell.err
    assert states(shell.lines("import", folder, *HERE)).keys().isdisjoint({"rör.txt", "evig.txt"})


def test_of_a_large_file_no_more_is_read_than_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "stor.txt"
    with file.open("wb") as made:
        made.truncate(40 * MOST_BYTES)
    tracemalloc.start()
    with pytest.raises(UnreadableDocument, match="för stor"):
        read_path(file, "stor.txt", ocr=False)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 3 * MOST_BYTES


def test_no_name_of_a_file_speaks_to_the_terminal(shell: Shell, folder: Path) -> None:
    for number, name in enumerate(("\x1b[31m", "rad\nny", "\udcff")):
        (folder / f"{name}.txt").write_text(OTHER.replace("Miljö", f"Sak{number}"), encoding="utf-8")
    assert shell("import", folder, *HERE, "--json") == 0, shell.err
    names = {Path(json.loads(line)["file"]).name for line in shell.out.splitlines()}
    assert {"\ufffd[31m.txt", "rad\ufffdny.txt", "\ufffd.txt"} <= names
    assert shell("import", folder, *HERE) == 0
    assert "\x1b[31m" not in shell.out + shell.err


def test_a_near_copy_says_of_what(shell: Shell, folder: Path) -> None:
    [near] = [line for line in shell.lines("import", folder, *HERE) if line["state"] == "similar"]
    assert near["duplicate_of"]["name"].endswith("a-miljö.txt")
    assert 0.9 < near["duplicate_of"]["ratio"] < 1
    shell("import", folder, *HERE)
    assert "nästan samma som" in shell.err


def test_a_named_file_that_is_almost_another_is_taken_for_its_own(shell: Shell, folder: Path) -> None:
    files = (folder / "a-miljö.txt", folder / "gamla" / "d-nästan.txt")
    assert shell("import", *files, *HERE, "--confirm") == 0, shell.err
    assert "2 dokument är inlästa" in shell.err


def test_among_named_files_a_bad_one_stops_all(shell: Shell, folder: Path) -> None:
    assert shell("import", folder / "a-miljö.txt", folder / "e-tom.txt", *HERE, "--confirm") == 1
    assert "Inget är läst in" in shell.err
    assert states(shell.lines("import", folder, *HERE))["a-miljö.txt"] == "ready"


def test_without_a_terminal_nobody_is_asked(shell: Shell, folder: Path) -> None:
    assert shell("import", folder, *HERE) == 0
    assert "Inget är lagrat; lägg till --confirm." in shell.err


def test_a_taken_title_leads_to_the_edition(shell: Shell, folder: Path) -> None:
    shell.lines("import", folder, *HERE, "--confirm")
    (folder / "g-ny.txt").write_text(TEXT + "\nKommunstyrelsen ska årligen besluta om mål.\n" * 30, encoding="utf-8")
    [taken] = [line for line in shell.lines("import", folder, *HERE) if line["state"] == "taken"]
    assert f"--edition-of {SLUG}" in taken["why"]


def test_a_new_edition_is_compared_before_it_is_stored(shell: Shell, folder: Path, tmp_path: Path) -> None:
    shell.lines("import", folder / "b-integration.txt", *HERE, "--confirm")
    new = tmp_path / "ny.txt"
    new.write_text(TEXT.replace("kan utarbeta", "ska utarbeta").replace("2021-06-30", "2026-10-14"), encoding="utf-8")
    edition = ("policy", "import", new, *HERE, "--edition-of", SLUG)
    assert shell(*edition) == 0, shell.err
    assert "Ändrat: styrkan" in shell.out
    assert "Inget är lagrat" in shell.err
    (stored,) = shell.lines(*edition, "--confirm")
    fates = {duty["fate"] for duty in stored["change"]["duties"]}
    assert fates == {"kept", "changed"}
    assert shell.lines(*edition, "--confirm")[0]["duplicate"] is True


def test_the_beginning_of_a_short_name_is_enough_for_an_edition(shell: Shell, folder: Path, tmp_path: Path) -> None:
    shell.lines("import", folder / "b-integration.txt", *HERE, "--confirm")
    new = tmp_path / "ny.txt"
    new.write_text(TEXT.replace("2021-06-30", "2026-10-14"), encoding="utf-8")
    assert shell("policy", "import", new, *HERE, "--edition-of", "integration") == 0, shell.err
    assert "Oförändrade" in shell.out


def test_what_programs_leave_behind_in_a_folder_is_no_document(shell: Shell, folder: Path) -> None:
    before = states(shell.lines("import", folder, *HERE))
    for name in ("~$miljö.docx", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"x")
    assert states(shell.lines("import", folder, *HERE)) == before


def test_a_document_without_a_title_is_read_by_a_person_first(shell: Shell, folder: Path) -> None:
    (folder / "h-utan.txt").write_text(
        "Antagen av: Kommunfullmäktige\nDatum: 2024-05-13\n\nVarje nämnd ska årligen följa upp sitt arbete.\n",
        encoding="utf-8",
    )
    [untitled] = [
        line for line in shell.lines("import", folder, *HERE, "--confirm") if line["title"] is None and line["duties"]
    ]
    assert (untitled["state"], "policy" in untitled) == ("similar", False)
    assert "anger ingen titel" in untitled["why"]


def test_where_nothing_can_be_read_in_nobody_is_told_to_confirm(shell: Shell, folder: Path) -> None:
    for file in folder.glob("*.txt"):
        file.unlink()
    shutil.rmtree(folder / "gamla")
    assert shell("import", folder, *HERE) == 0
    assert "Inget är lagrat." in shell.err
    assert "--confirm" not in shell.err


def test_after_an_import_the_next_step_is_told_whole(shell: Shell, folder: Path) -> None:
    (folder / "a-miljö.txt").write_text(OTHER + "\nAlla avtal ska följas.\n", encoding="utf-8")
    assert shell("import", folder, *HERE, "--confirm") == 0
    assert "review miljopolicy-for-grums-kommun --by BEFATTNING --municipality grums" in shell.err
    assert "styrhjul policy release --municipality grums --confirm" in shell.err


def test_an_edition_of_nothing_is_refused(shell: Shell, folder: Path) -> None:
    assert shell("import", folder / "b-integration.txt", *HERE, "--edition-of", "annan", "--json") == 1
    assert "Inget styrdokument har kortnamnet ”annan”" in shell.err
    assert json.loads(shell.out or "null") is None
