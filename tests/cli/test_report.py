"""The annual report's chapter by command: as a file of the kind its name says, over nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from styrhjul.cli.app import main
from styrhjul.db.session import Database
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.reports.chapter_file import ChapterFormat
from styrhjul.services.reports.own_template import SentTemplate, keep_template
from tests.services.test_word_template import OURS, parts_of, template
from tests.town import build_town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[..., tuple[int, str, str]]


def keep(database_url: str) -> None:
    """Keep a template whose first heading is called Rubrik1."""
    database = Database(database_url)
    line = municipality_by(database, "lillby")
    keep_template(database, line.municipality_id, SentTemplate("brevmall.docx", template()), NOON, by="Samordnaren")
    database.dispose()


NOON = datetime(2027, 4, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def report(
    sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Report:
    """The command in a town where goals have been asked for."""
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STYRHJUL_DATABASE_URL", sqlite_database_url)
    database = Database(sqlite_database_url)
    town = build_town(database, kinds=(ActionKind.SET_GOALS,), committees=("socialnämnden",))
    town.live(date(2027, 1, 7))
    database.dispose()

    def run(*words: object, command: str = "chapter") -> tuple[int, str, str]:
        year = ["--year", "2027"] if command == "chapter" else []
        asked = ["--municipality", town.slug, *year, "--on", "2027-04-20", *map(str, words)]
        monkeypatch.setattr("sys.argv", ["styrhjul", "report", command, *asked])
        code = main()
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.mark.parametrize(
    ("kind", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK"), ("json", b'{\n  "format"')]
)
def test_the_file_is_of_the_kind_its_name_says(report: Report, tmp_path: Path, kind: str, begins: bytes) -> None:
    out = tmp_path / f"avsnitt.{kind}"
    code, said, told = report("--out", out)
    assert (code, said) == (0, "")
    assert str(out) in told
    assert out.read_bytes().startswith(begins)


def test_one_policy_alone_and_what_is_missing_as_json(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "avsnitt.json"
    code, said, _ = report("--policy", "policy", "--out", out, "--json")
    assert code == 0
    assert json.loads(said) == {"out": str(out), "policies": 1, "unanswered": {"missing": 1}}
    assert [each["slug"] for each in json.loads(out.read_bytes())["sections"]] == ["policy"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--out", "avsnitt.txt"], ".docx, .pdf, .xlsx eller .json"),
        (["--policy", "inget", "--out", "avsnitt.pdf"], "inget"),
    ],
)
def test_what_cannot_be_done_says_why_and_writes_nothing(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, told = report(*words)
    assert code == 1
    assert why in told
    assert not list(tmp_path.glob("avsnitt*"))


def test_a_folder_that_is_not_there_is_named_and_no_name_of_ours(report: Report, tmp_path: Path) -> None:
    code, _, told = report("--out", tmp_path / "nowhere" / "avsnitt.json")
    assert (code, told) == (1, f"styrhjul: {tmp_path / 'nowhere'}: finns inte\n")


def test_nothing_is_written_over(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "avsnitt.json"
    out.write_text("mitt")
    assert report("--out", out)[0] == 1
    assert out.read_text() == "mitt"


def test_a_template_dresses_a_word_file_and_nothing_else(report: Report, tmp_path: Path) -> None:
    template, out = tmp_path / "mall.docx", tmp_path / "avsnitt.docx"
    assert report("--out", template)[0] == 0
    assert report("--template", template, "--out", tmp_path / "avsnitt.pdf")[0] == 1
    assert report("--template", template, "--out", out)[0] == 0
    with ZipFile(out) as package:
        assert "Styrdokument 2027" in package.read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("chapter", ()),
        ("memorandum", ("--policy", "policy", "--outcome", "unchanged")),
        ("referral", ("--policy", "policy")),
    ],
)
def test_a_word_file_is_in_the_template_that_the_municipality_keeps_unless_another_is_asked_for(
    report: Report, sqlite_database_url: str, tmp_path: Path, command: str, words: tuple[str, ...]
) -> None:
    keep(sqlite_database_url)
    own, other = tmp_path / "kept.docx", tmp_path / "other.docx"
    assert report(*words, "--out", own, command=command)[0] == 0
    assert b"Rubrik1" in parts_of(own.read_bytes())["word/document.xml"]
    (tmp_path / "mall.docx").write_bytes(OURS)
    assert report(*words, "--template", tmp_path / "mall.docx", "--out", other, command=command)[0] == 0
    assert b"Rubrik1" not in parts_of(other.read_bytes())["word/document.xml"]


def test_the_help_names_every_format(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["styrhjul", "report", "chapter", "--help"])
    assert main() == 0
    told = capsys.readouterr().out
    assert [kind for kind in ChapterFormat if f".{kind}" not in told] == []


def test_an_auditors_pack_of_a_policy(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del report
    out = tmp_path / "granskning.zip"
    asked = ["--municipality", "lillby", "--policy", "policy", "--on", "2027-04-20", "--out", str(out), "--json"]
    monkeypatch.setattr("sys.argv", ["styrhjul", "report", "pack", *asked])
    assert main() == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["broken"], told["counts"]["texts"]) == (0, 1)
    with ZipFile(out) as package:
        assert json.loads(package.read("granskning.json"))["counts"] == told["counts"]
    assert main() == 1


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_a_revision_gets_its_memorandum_and_its_letter(
    report: Report, tmp_path: Path, kind: str, begins: bytes
) -> None:
    memo, letter = tmp_path / f"skrivelse.{kind}", tmp_path / f"remiss.{kind}"
    assert report("--policy", "policy", "--outcome", "revise", "--out", memo, command="memorandum")[0] == 0
    code, said, _ = report("--policy", "policy", "--out", letter, "--json", command="referral")
    assert (code, json.loads(said)["title"]) == (0, "Remiss")
    assert memo.read_bytes().startswith(begins)
    assert letter.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["policy", "skrivelse.odt"], ".docx eller .pdf"),
        (["inget", "skrivelse.pdf"], "inget"),
        (["policy", "mitt.pdf"], "mitt.pdf"),
    ],
)
def test_a_draft_that_cannot_be_written_says_why(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mitt.pdf").write_text("mitt")
    policy, out = words
    code, _, told = report("--policy", policy, "--outcome", "repeal", "--out", out, command="memorandum")
    assert code == 1
    assert why in told
    assert [each.name for each in tmp_path.glob("*.*") if each.suffix in {".odt", ".pdf"}] == ["mitt.pdf"]


def test_a_template_dresses_a_draft(report: Report, tmp_path: Path) -> None:
    template, out = tmp_path / "mall.docx", tmp_path / "skrivelse.docx"
    assert report("--out", template)[0] == 0
    asked = ("--policy", "policy", "--outcome", "unchanged", "--template", template)
    assert report(*asked, "--out", tmp_path / "skrivelse.pdf", command="memorandum")[0] == 1
    assert report(*asked, "--out", out, command="memorandum")[0] == 0
    with ZipFile(out) as package:
        assert "Tjänsteskrivelse" in package.read("word/document.xml").decode()
