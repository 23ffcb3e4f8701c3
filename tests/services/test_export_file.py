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
from styrhjul.services.export import OtherRevision, Wish, export_to, import_from
from styrhjul.services.export_file import BrokenExport
from tests.one_of_each import insert_one_of_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "the key that seals what the tests seal"
ROWS = "kommuner/ena/case.jsonl"
Files = dict[str, bytes]


@pytest.fixture
def files(sqlite_template: Path, tmp_path: Path) -> Files:
    """A good export, taken apart."""
    (tmp_path / "source.db").write_bytes(sqlite_template.read_bytes())
    source = Database(f"sqlite:///{tmp_path / 'source.db'}")
    insert_one_of_each(source, "ena")
    export_to(source, tmp_path / "good.zip", Wish(now=datetime(2028, 3, 24, tzinfo=UTC), secret=SECRET))
    source.dispose()
    with ZipFile(tmp_path / "good.zip") as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture
def empty(sqlite_database_url: str) -> Iterator[Database]:
    opened = Database(sqlite_database_url)
    yield opened
    opened.dispose()


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
        import_from(empty, path, secret=SECRET)
    with empty.snapshot() as connection:
        assert whole.is_empty(connection)
    return str(told.value).removesuffix(" Inget är inläst.")


def test_a_good_one_made_anew_is_read(empty: Database, files: Files, tmp_path: Path) -> None:
    done = import_from(empty, written(tmp_path / "a.zip", signed(files)), secret=SECRET)
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
    "a number is text": (lambda f: signed(f | {ROWS: f[ROWS].replace(b'"version":1', b'"version":"1"')}), "ger inte"),
    "a bomb": (lambda f: signed(f | {ROWS: b" " * 80 * 2**20 + b"\n"}), "orimligt hårt packad"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_an_export_of_ours_is_refused(empty: Database, files: Files, tmp_path: Path, change: str) -> None:
    made, why = CHANGES[change]
    assert why in refused(empty, written(tmp_path / "a.zip", made(files)))


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
        import_from(empty, path, secret=SECRET)
