"""Saving many records: every file whole, over nothing, and an index that says what is there and what is not."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from styrhjul.db.mail_model import Mail
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.foundation.new_file import FileExists, write_new
from styrhjul.services.records.file import file_name, shown_name
from styrhjul.services.records.index import write_index
from styrhjul.services.records.saving import Source, save_case, save_span
from tests.town import Town, build_town

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from styrhjul.db.session import Database
    from styrhjul.services.records.saving import SavedRecords

SAVED = datetime(2027, 6, 1, 9, tzinfo=UTC)
OPENS, NEXT = date(2027, 1, 7), date(2027, 1, 8)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))


def source(town: Town) -> Source:
    return Source(database=town.database, sealer=town.mailroom.sealer, now=SAVED)


def span(town: Town, out: Path, first: date = OPENS, last: date = OPENS) -> SavedRecords:
    return save_span(source(town), town.municipality_id, (first, last), out)


def index(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((out / "index.json").read_text(encoding="utf-8"))
    return rows


def test_every_mail_of_the_days_is_saved_as_three_files(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    out = tmp_path / "out"
    saved = span(town, out)
    assert (saved.mails, saved.answers, saved.left_out) == (2, 0, 0)
    named = [name for row in index(out) for name in row["files"].split()]
    assert {path.name for path in out.iterdir()} == {*named, "index.json", "index.csv", "erms.xml"}
    assert saved.files == len(named) + 3


def test_the_index_has_the_hash_of_each_file(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    span(town, tmp_path / "out")
    for row in index(tmp_path / "out"):
        [eml] = [name for name in row["files"].split() if name.endswith(".eml")]
        assert sha256((tmp_path / "out" / eml).read_bytes()).hexdigest() == row["sha256_file"]


def test_the_index_as_a_sheet_says_the_same(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    span(town, tmp_path / "out")
    with (tmp_path / "out/index.csv").open(encoding="utf-8-sig", newline="") as sheet:
        assert list(csv.DictReader(sheet, delimiter=";")) == index(tmp_path / "out")


def test_no_cell_of_the_sheet_is_run_as_a_formula(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(subject='=HYPERLINK("http://example.org")'))
    span(town, tmp_path / "out")
    assert ";\"'=HYPERLINK" in (tmp_path / "out/index.csv").read_text(encoding="utf-8-sig")


def test_a_mail_that_has_not_left_is_listed_and_not_saved(town: Town, tmp_path: Path) -> None:
    town.sweep(OPENS)
    town.compose(OPENS)
    saved = span(town, tmp_path / "out")
    assert (saved.mails, saved.left_out, saved.files) == (0, 2, 2)
    assert {row["why_not"][:36] for row in index(tmp_path / "out")} == {"Mejlet väntar på att skickas. Det bl"}


def test_other_days_are_left_out(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    assert span(town, tmp_path / "out", NEXT, NEXT).mails == 0


def test_a_case_is_saved_with_all_its_mails(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    [case] = [each for each in town.cases() if each.lifecycle == "follow_up"]
    saved = save_case(source(town), case.id, tmp_path / "out")
    assert (saved.mails, saved.answers) == (2, 0)
    assert {row["case_ids"] for row in index(tmp_path / "out")} == {case.id}


def test_progress_is_told_to_the_last(town: Town, tmp_path: Path) -> None:
    town.live(OPENS)
    told: list[tuple[int, int]] = []
    counting = replace(source(town), progress=lambda done, total: told.append((done, total)))
    save_span(counting, town.municipality_id, (OPENS, OPENS), tmp_path / "out")
    assert told == [(1, 2), (2, 2)]


# -- files ---------------------------------------------------------------------------------------------------------


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_new(path, b"first")
    with pytest.raises(FileExists, match="Där finns redan något"):
        write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


def test_nothing_is_written_over_where_a_file_can_have_but_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    monkeypatch.setattr("os.link", lambda *_: (_ for _ in ()).throw(PermissionError("no links here")))
    write_new(path, b"first")
    with pytest.raises(FileExists):
        write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_new(tmp_path / "a.pdf", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "theirs.txt").touch()
    with pytest.raises(FileExists):
        span(town, out)
    assert [each.name for each in out.iterdir()] == ["theirs.txt"]


def test_an_index_without_rows_has_its_columns(tmp_path: Path) -> None:
    write_index(tmp_path, [])
    assert (tmp_path / "index.csv").read_text(encoding="utf-8-sig").startswith("kind;dated_at;diary_number;")


@pytest.mark.parametrize(
    ("subject", "plain", "shown"),
    [
        (
            "Socialnämnden: lämna mål",
            "2027-03-10-socialnamnden-lamna-mal-0123abcd",
            "2027-03-10 Socialnämnden lämna mål",
        ),
        ("../../etc/passwd", "2027-03-10-etc-passwd-0123abcd", "2027-03-10 etc passwd"),
        ('a"\r\nX: y;b', "2027-03-10-a-x-y-b-0123abcd", "2027-03-10 a X y;b"),
        ("漢字", "2027-03-10-0123abcd", "2027-03-10 漢字"),
        ("", "2027-03-10-0123abcd", "2027-03-10"),
    ],
)
def test_a_files_name_can_stand_anywhere(subject: str, plain: str, shown: str) -> None:
    assert file_name(date(2027, 3, 10), subject, "0123abcdef") == plain
    assert shown_name(date(2027, 3, 10), subject) == shown
