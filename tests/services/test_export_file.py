"""A file that is no whole export of ours is refused in words, and nothing of it is read in."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from styrhjul.db import migrate, whole
from styrhjul.db.session import Database
from styrhjul.services.records.export import OtherRevision, Wish, export_to, import_from
from styrhjul.services.records.export_file import BrokenExport
from tests.one_of_each import insert_one_of_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "the key that seals what the tests seal"
NOW = datetime(2028, 3, 24, tzinfo=UTC)
ROWS = "kommuner/ena/case.jsonl"
Files = dict[str, bytes]


@pytest.fixture
def files(sqlite_template: Path, tmp_path: Path) -> Files:
    """A good export, taken apart."""
    (tmp_path / "source.db").write_bytes(sqlite_template.read_bytes())
    source = Database(f"sqlite:///{tmp_path / 'source.db'}")
    insert_one_of_each(source, "ena")
    export_to(source, tmp_path / "good.zip", Wish(now=NOW, secret=SECRET))
    source.dispose()
    with ZipFile(tmp_path / "good.zip") as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture
def empty(sqlite_database_url: str) -> Iterator[Database]:
    opened = Database(sqlite_database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def into(database: Database) -> Database:
    """An empty database of either kind."""
    return database


def written(path: Path, files: Files) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


def signed(files: Files, **changes: Any) -> Files:  # noqa: ANN401 - of the manifest
    """The files with every hash and size made right again, as somebody would who means harm."""
    told = json.loads(files["manifest.json"]) | changes
    for entry in told["entries"]:
        content = files.get(entry["name"], b"")
        entry |= {"rows": content.count(b"\n"), "size_bytes": len(content)}
        entry["sha256"] = hashlib.sha256(content).hexdigest()
    sums = "".join(f"{entry['sha256']}  {entry['name']}\n" for entry in told["entries"]).encode()
    told["sha256"] = hashlib.sha256(sums).hexdigest()
    return files | {"SHA256SUMS": sums, "manifest.json": json.dumps(told).encode()}


def refused(empty: Database, path: Path) -> str:
    """How an import of the file is refused; nothing has been read in."""
    with pytest.raises(BrokenExport) as told:
        import_from(empty, path, secret=SECRET, now=NOW)
    with empty.snapshot() as connection:
        assert whole.is_empty(connection)
    return str(told.value).removesuffix(" Inget är inläst.")


def test_a_good_one_made_anew_is_read(empty: Database, files: Files, tmp_path: Path) -> None:
    done = import_from(empty, written(tmp_path / "a.zip", signed(files)), secret=SECRET, now=NOW)
    assert done.rows == len(whole.of_municipalities())


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_is_refused(empty: Database, files: Files, tmp_path: Path, part: float) -> None:
    path = written(tmp_path / "a.zip", files)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    assert "avkortad" in refused(empty, path)


def test_bytes_that_are_damaged_are_refused(empty: Database, files: Files, tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", files)
    with ZipFile(path) as package:
        place = package.getinfo("kommuner/ena/municipality.jsonl").header_offset + 60
    content = bytearray(path.read_bytes())
    content[place : place + 40] = bytes(40)
    path.write_bytes(content)
    assert re.search("skadad|stämmer inte", refused(empty, path))


CHANGES: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a cell is another": (lambda f: f | {ROWS: f[ROWS].replace(b"2027-01-07", b"2027-01-08")}, "kontrollsumman"),
    "a row is twice": (lambda f: f | {ROWS: f[ROWS] * 2}, "inte lika stora"),
    "a file is gone": (lambda f: {name: content for name, content in f.items() if name != ROWS}, "inte de som"),
    "a file is too many": (lambda f: f | {"kommuner/andra/case.jsonl": b""}, "inte de som"),
    "it climbs out": (lambda f: f | {"../../etc/passwd": b"x"}, "inte hör dit"),
    "it is absolute": (lambda f: f | {"/etc/passwd": b"x"}, "inte hör dit"),
    "somebody else's zip": (lambda _: {"xl/workbook.xml": b"<x/>"}, "ingen export från Styrhjul"),
    "no manifest": (lambda f: {name: f[name] for name in f if name != "manifest.json"}, "manifest.json saknas"),
    "the manifest is no JSON": (lambda f: f | {"manifest.json": b"{"}, "går inte att läsa"),
    "the manifest is a list": (lambda f: f | {"manifest.json": b"[]"}, "går inte att läsa"),
    "the manifest is deep": (lambda f: f | {"manifest.json": b"[" * 10**6}, "går inte att läsa"),
    "the sums are others": (lambda f: f | {"SHA256SUMS": b""}, "säger olika"),
    "another format": (lambda f: signed(f, format="styrhjul.export/9"), "formatet är styrhjul.export/9"),
    "no entries": (lambda f: signed(f, entries=[]), "inte de som"),
    "a row is no object": (lambda f: signed(f | {ROWS: b"[]\n"}), "rad 1 är inte JSON"),
    "a row is cut": (lambda f: signed(f | {ROWS: f[ROWS][:-20]}), "avkortad"),
    "a column is gone": (lambda f: signed(f | {ROWS: f[ROWS].replace(b'"state":', b'"status":')}), "kolumnerna"),
    "a day is none": (lambda f: signed(f | {ROWS: f[ROWS].replace(b"2027-01-07", b"2027-13-07")}), "går inte att läsa"),
    "another's row": (lambda f: signed(f | {ROWS: f[ROWS].replace(b'd":"', b'd":"9', 1)}), "en annan kommun"),
    "a bomb": (lambda f: signed(f | {ROWS: b" " * 80 * 2**20 + b"\n"}), "orimligt hårt packad"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_an_export_of_ours_is_refused(empty: Database, files: Files, tmp_path: Path, change: str) -> None:
    made, why = CHANGES[change]
    assert why in refused(empty, written(tmp_path / "a.zip", made(files)))


#: A cell that no program of ours wrote, and what is said of it.
CELLS: dict[str, tuple[str, str, object, str]] = {
    "a number is text": ("case", "version", "1", "version går inte att läsa som number"),
    "a number is a word": ("api_request", "status", "abc", "status går inte att läsa som number"),
    "a number is no whole one": ("api_request", "status", 1.5, "status går inte att läsa som number"),
    "a number is a truth": ("api_request", "status", True, "status går inte att läsa som number"),
    "a number is too large": ("api_request", "status", 2**31, "status går inte att läsa som number"),
    "a truth is a word": ("case", "is_binding", "ja", "is_binding går inte att läsa som true or false"),
    "a truth is a number": ("case", "is_binding", 1, "is_binding går inte att läsa som true or false"),
    "a name is gone": ("person", "name", None, "name får inte saknas"),
    "a name is a list": ("person", "name", ["a"], "name går inte att läsa som text"),
    "a name is an object": ("person", "name", {"a": 1}, "name går inte att läsa som text"),
    "a name has a character that is none": ("person", "name", "a\0b", "name går inte att läsa som text"),
    "a name has half a character": ("person", "name", "a\ud83d", "name går inte att läsa som text"),
    "an id is too long": ("person", "id", "f" * 33, "id är längre än det får vara"),
    "a word is none of ours": ("webhook_message", "event", "case.exploded", "event har ett ord som inte finns där"),
    "a moment has no zone": ("api_request", "made_at", "2027-01-07T08:00:00", "made_at går inte att läsa som moment"),
    "a moment has another zone": ("api_request", "made_at", "2027-01-07T08:00:00+01:00", "made_at går inte att läsa"),
    "a moment is before time": ("api_request", "made_at", "0001-01-01T00:00:00+14:00", "made_at går inte att läsa"),
    "a moment is a number": ("api_request", "made_at", 5, "made_at går inte att läsa som moment"),
    "a day is written otherwise": ("case", "due_on", "20270107", "due_on går inte att läsa som date"),
    "a row points at nothing": ("appointment", "person_id", "f" * 32, "person_id pekar på något som inte finns"),
    "the short name climbs": ("municipality", "slug", "../../x", "är en annan kommun än den som manifest.json"),
    "the name is another": ("municipality", "name", "Storby", "är en annan kommun än den som manifest.json"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_that_its_column_cannot_hold_is_refused_by_file_row_and_column(
    into: Database, files: Files, tmp_path: Path, cell: str
) -> None:
    table, column, value, why = CELLS[cell]
    name = f"kommuner/ena/{table}.jsonl"
    row = json.loads(files[name])
    assert column in row
    forged = signed(files | {name: line_of(row | {column: value})})
    assert f"{name} rad 1" in (told := refused(into, written(tmp_path / "a.zip", forged)))
    assert why in told


def test_the_row_is_named_among_many(into: Database, files: Files, tmp_path: Path) -> None:
    name = "kommuner/ena/person.jsonl"
    row = json.loads(files[name])
    rows = [row | {"id": f"{number:032x}", "key": f"person-{number}"} for number in range(700)] + [row] * 2
    told = refused(into, written(tmp_path / "a.zip", signed(files | {name: b"".join(map(line_of, rows))})))
    assert "person.jsonl rad 702: databasen tar inte emot raden: den finns redan" in told


def test_a_row_that_is_written_otherwise_is_refused(empty: Database, files: Files, tmp_path: Path) -> None:
    twice = files[ROWS].replace(b'{"', b'{"id":"a","', 1)
    assert f"{ROWS} rad 1 är inte skriven" in refused(empty, written(tmp_path / "a.zip", signed(files | {ROWS: twice})))


def line_of(row: dict[str, Any]) -> bytes:
    try:
        return f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(row, separators=(',', ':'))}\n".encode()


def test_every_sum_is_judged_before_the_database_is_touched(
    empty: Database, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "filling", lambda _: pytest.fail("rows were about to be written"))
    assert "kontrollsumman" in refused(empty, written(tmp_path / "a.zip", CHANGES["a cell is another"][0](files)))


def test_two_files_of_one_name_are_refused(empty: Database, files: Files, tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", files)
    with ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(ROWS, files[ROWS])
    assert "två med samma namn" in refused(empty, path)


def test_a_link_is_read_as_a_file_and_never_followed(empty: Database, files: Files, tmp_path: Path) -> None:
    link = ZipInfo(ROWS)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = written(tmp_path / "a.zip", {name: content for name, content in files.items() if name != ROWS})
    with ZipFile(path, "a") as package:
        package.writestr(link, b"/etc/passwd")
    assert "inte lika stora" in refused(empty, path)


@pytest.mark.parametrize(("revision", "how"), [("20400101_add_wings", "nyare"), ("older", "migrate")])
def test_another_revision_is_refused_and_says_what_to_do(
    empty: Database, files: Files, tmp_path: Path, revision: str, how: str
) -> None:
    older = migrate.known()[-1]
    path = written(tmp_path / "a.zip", signed(files, schema=older if revision == "older" else revision))
    with pytest.raises(OtherRevision, match=how):
        import_from(empty, path, secret=SECRET, now=NOW)
