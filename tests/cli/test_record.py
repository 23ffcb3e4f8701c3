"""Records by command: one mail, one answer, a case, or everything of some days; over nothing, and told as JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from styrhjul.cli.app import main
from styrhjul.db.case_model import Answer, Notice
from styrhjul.db.session import Database
from styrhjul.domain.vocabulary import ActionKind
from tests.town import Town, build_town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Record = Callable[..., tuple[int, str, str]]

OPENING = date(2027, 1, 7)


@pytest.fixture
def town(sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town in the data folder that the commands use."""
    monkeypatch.setenv("STYRHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STYRHJUL_DATABASE_URL", sqlite_database_url)
    database = Database(sqlite_database_url)
    town = build_town(database, kinds=(ActionKind.SET_GOALS,), committees=("socialnämnden",))
    town.live(OPENING)
    database.dispose()
    return town


@pytest.fixture
def case_id(town: Town) -> str:
    """The case, answered."""
    [case] = [each for each in town.cases() if each.lifecycle == "goal_setting"]
    with town.database.municipality(town.municipality_id) as session:
        post_id = session.scalars(select(Notice.post_id).where(Notice.case_id == case.id).limit(1)).one()
        at = datetime(2027, 2, 1, 9, tzinfo=UTC)
        session.add(
            Answer(case_id=case.id, version=1, form_id="f", post_id=post_id, submitted_at=at, signed_by="Kim Exempel")
        )
    return case.id


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Record:
    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["styrhjul", "record", *map(str, words)])
        code = main()
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_a_mail_is_saved_with_its_metadata_beside_it(town: Town, tmp_path: Path, record: Record) -> None:
    mail, out = town.mails()[0], tmp_path / "a.eml"
    code, told, _ = record("mail", mail.message_id, "--format", "eml", "--out", out, "--json")
    assert code == 0
    assert out.read_bytes() == mail.redacted
    beside = json.loads((tmp_path / "a.eml.json").read_text(encoding="utf-8"))
    assert beside["sha256_sent"] == mail.sha256 == json.loads(told)["sha256_sent"]


def test_a_mail_is_saved_as_a_pdf_by_its_id(town: Town, tmp_path: Path, record: Record) -> None:
    code, _, _ = record("mail", town.mails()[0].id, "--format", "pdf", "--out", tmp_path / "a.pdf")
    assert code == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize("taken", ["a.eml", "a.eml.json"])
def test_nothing_is_written_where_one_of_the_files_is_there(
    town: Town,
    tmp_path: Path,
    record: Record,
    taken: str,
) -> None:
    (tmp_path / taken).write_text("theirs", encoding="utf-8")
    code, _, said = record("mail", town.mails()[0].id, "--out", tmp_path / "a.eml")
    assert (code, "Där finns redan något" in said) == (1, True)
    assert [path.name for path in tmp_path.glob("a.*")] == [taken]
    assert (tmp_path / taken).read_text(encoding="utf-8") == "theirs"


def test_an_answer_is_saved_by_the_start_of_the_cases_id(case_id: str, tmp_path: Path, record: Record) -> None:
    assert record("answer", case_id[:10], "--format", "pdf", "--out", tmp_path / "a.pdf")[0] == 0
    code, told, _ = record("answer", case_id[:10], "--format", "json", "--out", tmp_path / "a.json", "--json")
    assert code == 0
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == json.loads(told)
    assert json.loads(told)["versions"][0]["signed_by"] == "Kim Exempel"


def test_a_case_is_saved_in_a_folder(case_id: str, tmp_path: Path, record: Record) -> None:
    code, told, _ = record("case", case_id, "--out", tmp_path / "case", "--json")
    assert code == 0
    assert json.loads(told) == {
        "out": str(tmp_path / "case"),
        "mails": 2,
        "came_in": 0,
        "answers": 1,
        "left_out": 0,
        "files": len(list((tmp_path / "case").iterdir())),
    }


def test_some_days_are_saved_in_a_folder(case_id: str, tmp_path: Path, record: Record) -> None:
    days = ("--municipality", "lillby", "--from", "2027-01-01", "--until", "2027-02-01")
    code, _, said = record("export", *days, "--out", tmp_path / "out")
    assert code == 0
    assert "2 mejl, 0 inkomna och 1 svar ligger i" in said
    assert record("export", *days, "--out", tmp_path / "out")[0] == 1


def test_days_in_the_wrong_order_are_refused(town: Town, tmp_path: Path, record: Record) -> None:
    days = ("--municipality", "lillby", "--from", "2027-02-01", "--until", "2027-01-01")
    code, _, said = record("export", *days, "--out", tmp_path / "out")
    assert (code, "Välj en senare dag" in said) == (1, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("mail", "nobody@example.org"), ("answer", "zz"), ("case", "zz")])
def test_what_is_not_there_is_told(town: Town, tmp_path: Path, record: Record, words: tuple[str, str]) -> None:
    code, _, said = record(*words, "--out", tmp_path / "out")
    assert code == 1
    assert words[1] in said
    assert not (tmp_path / "out").exists()


def test_a_case_as_one_file_holds_what_the_folder_holds(record: Record, case_id: str, tmp_path: Path) -> None:
    assert record("case", case_id, "--out", tmp_path / "mapp")[0] == 0
    code, said, _ = record("case", case_id, "--out", tmp_path / "paket.zip", "--json")
    assert (code, json.loads(said)["out"]) == (0, str(tmp_path / "paket.zip"))
    with ZipFile(tmp_path / "paket.zip") as package:
        names = package.namelist()
        assert names[-3:] == ["erms.xml", "index.csv", "index.json"]
        same = {path.name for path in (tmp_path / "mapp").iterdir()}
        assert set(names) == same
        assert all(package.read(each) for each in names)
    assert not list(tmp_path.glob(".styrhjul-*"))
    assert record("case", case_id, "--out", tmp_path / "paket.zip")[0] == 1
