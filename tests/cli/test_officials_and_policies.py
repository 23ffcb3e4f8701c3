"""From an empty installation to a confirmed policy, by the commands: what they print, and how they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from styrhjul.cli.app import main

EXAMPLES = Path(__file__).parents[2] / "examples"
GRUMS = EXAMPLES / "policies" / "grums.txt"
ADD = (
    *("municipality", "add", "--slug", "grums", "--name", "Grums kommun"),
    *("--sender", "styrhjul@grums.example.org", "--reply-to", "registrator@grums.example.org"),
)


class Shell:
    """Runs commands in this process, and remembers what they printed."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._capsys = capsys
        self.err = ""

    def __call__(self, *words: str | Path) -> int:
        self._capsys.readouterr()
        self._patch.setattr("sys.argv", ["styrhjul", *map(str, words)])
        code = main()
        self.out, self.err = self._capsys.readouterr()
        return code

    def lines(self, *words: str | Path) -> list[dict[str, Any]]:
        assert self(*words, "--json") == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path / "var"))
    return Shell(monkeypatch, capsys)


def test_a_municipality_is_set_up_and_its_policy_confirmed(shell: Shell) -> None:
    assert shell.lines(*ADD, "--on", "2026-10-15")[0]["starts_on"] == "2026-10-15"
    (officials,) = shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    assert (officials["changed"], officials["ended"], officials["errors"]) == (0, 0, [])
    (confirmed,) = shell.lines("import", GRUMS, "--confirm")
    (again,) = shell.lines("import", GRUMS, "--confirm")
    assert (confirmed["duplicate"], again["duplicate"]) == (False, True)
    assert confirmed["policy_id"] == again["policy_id"]
    assert (confirmed["released"], confirmed["policy"]) == (False, "integrationspolicy-for-grums-kommun")


def test_a_policy_imported_after_the_release_waits_for_its_own(shell: Shell) -> None:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    shell.lines("municipality", "release", "--municipality", "grums", "--on", "2026-10-15")
    shell.lines("import", GRUMS, "--confirm", "--on", "2026-11-10")
    released = [
        shell.lines("policy", "release", "--municipality", "grums", "--on", "2026-11-23", *words)[0]
        for words in ((), ("--confirm",))
    ]
    assert [each["released"] for each in released] == [False, True]
    assert released[0]["load"] == released[1]["load"] != []
    assert shell("policy", "release", "--municipality", "grums", "--on", "2026-11-24") == 1
    assert "Inget att släppa" in shell.err


def test_a_proposal_has_the_fields_of_a_label_file(shell: Shell) -> None:
    (line,) = shell.lines("import", GRUMS)
    text = GRUMS.read_text(encoding="utf-8")
    assert (line["municipality"], line["adopted_by"], line["adopted_on"]) == (
        "Grums kommun",
        "Kommunstyrelsen",
        "2021-06-30",
    )
    assert line["paragraph"] is None
    assert "policy_id" not in line
    for duty in line["duties"]:
        assert duty["quote"] == text[duty["start"] : duty["end"]]
        assert {"actor", "modality", "action_kind", "artefact", "recurrence", "deadline", "confidence"} <= duty.keys()


def test_a_proposal_comes_line_by_line_for_several_files(shell: Shell) -> None:
    lines = shell.lines("import", *sorted((EXAMPLES / "policies").glob("*.txt")))
    assert [line["municipality"] for line in lines] == ["Grums kommun", "Herrljunga kommun", "Olofströms kommun"]


def test_a_proposal_tells_whom_a_known_municipalitys_duties_bind(shell: Shell) -> None:
    shell.lines(*ADD)
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    (line,) = shell.lines("import", GRUMS)
    assert {tuple(duty["binds"]) for duty in line["duties"]} >= {("Kommunstyrelsen",)}


def test_faulty_officials_end_with_1_and_tell_where(shell: Shell, tmp_path: Path) -> None:
    shell.lines(*ADD)
    file = tmp_path / "meetings.csv"
    file.write_text("body;meets_on\nsoc;i morgon\n", encoding="utf-8")
    assert shell("officials", "import", file, "--municipality", "grums", "--json") == 1
    errors = json.loads(shell.out)["errors"]
    assert [(error["line"], error["column"]) for error in errors] == [(2, "body"), (2, "meets_on")]
    assert "meetings.csv, rad 2, kolumn meets_on: Skriv datumet som 2027-03-24." in shell.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("officials", "import", "x.csv", "--municipality", "nixby"), 1, "Ingen kommun har kortnamnet ”nixby”"),
        (("import", "saknas.txt"), 1, "Kontrollera sökvägen"),
        (("import", GRUMS, "--confirm"), 1, "--municipality"),
        (("import",), 2, "FIL… saknas"),
        ((*ADD, "--slug", "Grums kommun"), 1, "slug"),
        (("user", "add", "--municipality", "grums"), 2, "--address"),
    ],
)
def test_what_cannot_be_done_is_told_on_stderr(
    shell: Shell, words: tuple[str | Path, ...], code: int, told: str
) -> None:
    assert shell(*words) == code
    assert told in shell.err
    assert shell.out == ""


def test_one_bad_file_among_good_ones_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    shell.lines(*ADD)
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    bad = tmp_path / "tom.txt"
    bad.write_bytes(b"")
    assert shell("import", GRUMS, bad, "--confirm") == 1
    assert shell.lines("import", GRUMS, "--confirm")[0]["duplicate"] is False


def test_a_letter_is_not_taken_in_for_a_governing_document(shell: Shell, tmp_path: Path) -> None:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    letter = tmp_path / "fika.txt"
    letter.write_text("Hej!\n\nDet finns bullar i köket på Grums kommun i dag.\n\nAnna\n", encoding="utf-8")
    assert shell("import", letter, "--municipality", "grums", "--confirm") == 1
    assert "fika.txt: texten nämner varken" in shell.err
    assert shell("policy", "list", "--municipality", "grums") == 0
    assert "fika" not in shell.out.lower()


def test_another_text_with_a_known_title_is_told_how_it_is_a_new_edition(shell: Shell, tmp_path: Path) -> None:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    shell.lines("import", GRUMS, "--confirm")
    changed = tmp_path / "grums2.txt"
    changed.write_text(
        GRUMS.read_text(encoding="utf-8") + "\nKommunstyrelsen ska årligen följa upp policyn.\n", encoding="utf-8"
    )
    assert shell("import", changed, "--confirm") == 1
    assert "--edition-of KORTNAMN" in shell.err


def test_another_municipalitys_document_is_not_taken_in_by_the_command_line(shell: Shell) -> None:
    shell.lines(*ADD, "--on", "2026-10-15")
    shell.lines("officials", "import", EXAMPLES / "organisations" / "grums", "--municipality", "grums")
    shell.lines("import", GRUMS, "--confirm")
    foreign = EXAMPLES / "policies" / "olofstrom.txt"
    for more in ((), ("--edition-of", "integrationspolicy-for-grums-kommun")):
        assert shell("import", foreign, "--municipality", "grums", "--confirm", *more) == 1
        assert "olofstrom.txt: Texten gäller Olofströms kommun" in shell.err
    assert shell("policy", "list", "--municipality", "grums") == 0
    assert "Grums" in shell.out


def test_the_form_is_written_for_excel_or_as_csv(shell: Shell, tmp_path: Path) -> None:
    shell.lines("officials", "template", "--out", tmp_path / "mall.xlsx")
    shell.lines("officials", "template", "--out", tmp_path / "mall")
    assert (tmp_path / "mall.xlsx").stat().st_size
    assert {file.stem for file in (tmp_path / "mall").iterdir()} >= {"bodies", "posts", "persons", "appointments"}


def test_users_are_added_and_mails_released(shell: Shell) -> None:
    shell.lines(*ADD)
    (user,) = shell.lines(
        *("user", "add", "--municipality", "grums", "--address", "a@grums.example.org"),
        *("--name", "Kanslisamordnare", "--role", "coordinator"),
    )
    assert user["roles"] == ["coordinator"]
    assert shell.lines("municipality", "release", "--municipality", "grums") == [{"slug": "grums", "released": True}]


@pytest.fixture
def lists(shell: Shell, tmp_path: Path) -> Path:
    """Grums, imported, and its lists to change something in."""
    shell.lines(*ADD, "--on", "2026-10-15")
    shutil.copytree(EXAMPLES / "organisations" / "grums", tmp_path / "lists")
    shell.lines("officials", "import", tmp_path / "lists", "--municipality", "grums", "--on", "2026-10-15")
    return tmp_path / "lists"


def drop_meetings_of(lists: Path, body: str) -> None:
    file = lists / "meetings.csv"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{body}")]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_meetings_that_all_vanish_are_named_and_wait_for_confirm(shell: Shell, lists: Path) -> None:
    drop_meetings_of(lists, "socialnamnden")
    words = ("officials", "import", lists, "--municipality", "grums", "--on", "2026-10-16")
    assert shell(*words) == 1
    assert "Det här skulle hända:" in shell.err
    assert "Organ som förlorar alla kommande sammanträden:\n  Socialnämnden: " in shell.err
    assert "Inget har ändrats. Kör om med --confirm" in shell.err
    assert shell(*words, "--json") == 1
    told = json.loads(shell.out)
    assert (told["must_be_confirmed"], told["effect"]["meetings_lost"][0]["body"]) == (True, "Socialnämnden")
    (done,) = shell.lines(*words, "--confirm")
    assert (done["must_be_confirmed"], done["effect"]) == (False, told["effect"])
    assert shell(*words) == 0
    assert "0 tillagda, 0 ändrade, 0 avslutade." in shell.err
