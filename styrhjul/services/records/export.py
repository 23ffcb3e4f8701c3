"""Everything out into one file, and back into an empty database: equal by a hash of every cell of every row."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table

from styrhjul.db import migrate, whole
from styrhjul.db.hold_query import hold_filled
from styrhjul.db.row_security import SYSTEM
from styrhjul.db.session import Database
from styrhjul.domain.moment import swedish_time
from styrhjul.services.foundation.new_file import new_file
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.records.export_file import MANIFEST, Entry, Manifest, Package, Packing, Tally, opened, packing
from styrhjul.services.records.export_words import READ_ME_TEXT, described
from styrhjul.services.records.journal import JournalReport, verify_journals

#: Told how many of how many rows are done.
Progress = Callable[[int, int], None]
#: So many rows, or bytes of them, are written to the database at once.
_MANY_ROWS, _MANY_BYTES = 500, 4 * 2**20


_BY = "import-export"


class NotEmpty(ValueError):
    """Databasen är inte tom. En export läses bara in i en tom databas, så att inget blandas ihop."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class OtherRevision(ValueError):
    """An export was made by a program whose tables are others than ours."""

    def __init__(self, revision: str) -> None:
        known = revision in migrate.known()
        how = (
            "Läs in den med den version av Styrhjul som skrev den, i en tom databas, och kör sedan: styrhjul migrate"
            if known
            else "Den är skriven av en nyare version av Styrhjul. Uppgradera först den här installationen."
        )
        super().__init__(f"Exporten har tabellerna {revision[:80]}, men programmet har {migrate.head()}. {how}")


class OtherKey(ValueError):
    """Exporten är förseglad med en annan nyckel än den här installationens.

    Ange samma nyckel i STYRHJUL_SECRET_KEY som där exporten gjordes. Finns den inte kvar läser --other-key in ändå,
    men det förseglade går då aldrig att öppna.
    """

    def __init__(self) -> None:
        super().__init__(" ".join(str(self.__doc__).split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is exported: all of it, or one municipality by its short name; when, and with which secret key in use."""

    now: datetime
    secret: str
    slug: str | None = None
    progress: Progress = lambda *_: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export holds. `sha256` is of every cell: two databases with the same one hold the same."""

    out: str
    municipalities: int
    tables: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was read in, and how the journals that came with it stand."""

    municipalities: int
    rows: int
    sha256: str
    exported_at: str
    journal: JournalReport


class _Part(NamedTuple):
    name: str
    table: Table
    municipality_id: str | None


def export_to(database: Database, out: Path, wish: Wish) -> Exported:
    """Write everything as it stands at one moment to a new file. Raises FileExists, UnknownMunicipality."""
    if wish.slug is not None:
        municipality_by(database, wish.slug)
    with database.snapshot() as connection, new_file(out, mode=0o600) as file, packing(file) as package:
        manifest = _pack(connection, wish, package)
        package.finish(manifest, described(), READ_ME_TEXT)
    return Exported(
        out=str(out),
        municipalities=len(manifest.municipalities),
        tables=len({entry.table for entry in manifest.entries}),
        rows=manifest.rows,
        sha256=manifest.sha256,
    )


def sha256_of(database: Database, slug: str | None = None) -> str:
    """Return the hash of everything, or of one municipality: the one an export of it would have."""
    with database.snapshot() as connection:
        return sha256_within(connection, slug)


def sha256_within(connection: Connection, slug: str | None = None) -> str:
    """As `sha256_of`, of what a transaction sees."""
    parts = _parts(whole.municipalities(connection, slug), is_whole=slug is None)
    entries = tuple(_tallied(connection, part) for part in parts)
    return Manifest(schema="", exported_at="", key="", municipalities=(), entries=entries).sha256


def exported_in_words(exported_at: str) -> str:
    """Return when an export was made as people in Sweden read it; what is no moment as it stands."""
    try:
        return swedish_time(datetime.fromisoformat(exported_at))
    except ValueError:
        return exported_at


def import_from(  # noqa: PLR0913 - what, into what, with which key, when
    database: Database,
    path: Path,
    *,
    secret: str,
    now: datetime,
    other_key: bool = False,
    progress: Progress = lambda *_: None,
) -> Imported:
    """Read an export into an empty database, all of it or nothing, and check that the database then says the same.

    Nothing leaves from there by itself before a person says so: where it came from may send the same.

    Raises BrokenExport, NotEmpty, OtherRevision, OtherKey. The file is read twice: hashes first, then the rows.
    """
    with opened(path) as package:
        manifest = package.manifest
        if manifest.schema != migrate.head():
            raise OtherRevision(manifest.schema)
        if manifest.key != _mark_of(secret) and not other_key:
            raise OtherKey
        done = _Count(progress, 3 * manifest.rows)
        parts = _parts_of(package)
        for entry, _ in parts:
            for _ in package.lines(entry):
                done.one()
        with database.filling() as connection:
            _fill(connection, package, parts, done)
            _compare(connection, package, parts, done)
            whole.see(connection, SYSTEM)  # a hold begins after the newest mail of all
            # The journal says so when it ends: now it is what was exported.
            hold_filled(
                connection,
                since=now,
                reason=f"Inläst från en export gjord {exported_in_words(manifest.exported_at)}.",
                by=_BY,
            )
    return Imported(
        municipalities=len(manifest.municipalities),
        rows=manifest.rows,
        sha256=manifest.sha256,
        exported_at=manifest.exported_at,
        journal=verify_journals(database),
    )


class _Count:
    """Tells how far it has come, now and then."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def one(self) -> None:
        self._done += 1
        if self._done % 100 == 0 or self._done == self._total:
            self._progress(self._done, self._total)


def _pack(connection: Connection, wish: Wish, package: Packing) -> Manifest:
    towns = whole.municipalities(connection, wish.slug)
    parts = _parts(towns, is_whole=wish.slug is None)
    done = _Count(wish.progress, sum(_counted(connection, part) for part in parts))
    entries = []
    for part in parts:
        tally = Tally()
        package.put(part.name, _noted(tally.passing(_lines(connection, part)), done))
        entries.append(tally.entry(part.name, part.table.name, part.municipality_id))
    return Manifest(
        schema=migrate.head(),
        exported_at=wish.now.isoformat(),
        key=_mark_of(wish.secret),
        municipalities=tuple({"id": each[0], "slug": each[1], "name": each[2]} for each in towns),
        entries=tuple(entries),
    )


def _parts(towns: Sequence[tuple[str, str, str]], *, is_whole: bool) -> list[_Part]:
    """Return the files of an export in their order: no row points at one in a later file."""
    own = [
        _Part(f"kommuner/{slug}/{table.name}.jsonl", table, municipality_id)
        for municipality_id, slug, _ in towns
        for table in whole.of_municipalities()
    ]
    if not is_whole:
        return own
    return own + [_Part(f"installation/{table.name}.jsonl", table, None) for table in whole.of_nobody()]


def _parts_of(package: Package) -> list[tuple[Entry, _Part]]:
    """Return the files of an export that is read, each with its table. Raises BrokenExport for others than ours."""
    manifest = package.manifest
    towns = [(each["id"], each["slug"], each["name"]) for each in manifest.municipalities]
    is_whole = any(entry.municipality_id is None for entry in manifest.entries)
    parts = _parts(towns, is_whole=is_whole)
    if [(part.name, part.table.name, part.municipality_id) for part in parts] != [
        (entry.name, entry.table, entry.municipality_id) for entry in manifest.entries
    ]:
        raise package.broken("filerna är inte de som en export har.")
    return list(zip(manifest.entries, parts, strict=True))


def _counted(connection: Connection, part: _Part) -> int:
    _see(connection, part)
    return whole.count(connection, part.table, part.municipality_id)


def _tallied(connection: Connection, part: _Part) -> Entry:
    tally = Tally()
    for _ in tally.passing(_lines(connection, part)):
        pass
    return tally.entry(part.name, part.table.name, part.municipality_id)


def _lines(connection: Connection, part: _Part) -> Iterator[bytes]:
    _see(connection, part)
    for row in whole.rows(connection, part.table, part.municipality_id):
        yield _line(row)


def _line(row: whole.Row) -> bytes:
    try:
        return f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}\n".encode()
    except UnicodeEncodeError:  # half a character, which SQLite keeps in JSON as its number
        return f"{json.dumps(row, separators=(',', ':'))}\n".encode()


def _see(connection: Connection, part: _Part) -> None:
    if part.municipality_id is not None:
        whole.see(connection, part.municipality_id)


def _noted(lines: Iterator[bytes], done: _Count) -> Iterator[bytes]:
    for line in lines:
        yield line
        done.one()


def _fill(connection: Connection, package: Package, parts: Sequence[tuple[Entry, _Part]], done: _Count) -> None:
    if not whole.is_empty(connection):
        raise NotEmpty
    versions: dict[str, str] = {}
    for entry, part in parts:
        _see(connection, part)
        for first, rows in _batches(package, entry, part, done):
            try:
                whole.add(connection, part.table, rows)
            except whole.NotTheRow as why:
                raise package.broken(f"{entry.name} rad {first + why.number}: {why}.") from None
            if part.table.name == "municipality":
                versions |= {row["id"]: row["register_version"] for row in rows}
    whole.keep_versions(connection, versions)


def _batches(
    package: Package, entry: Entry, part: _Part, done: _Count
) -> Iterator[tuple[int, list[Mapping[str, Any]]]]:
    """Yield the rows of a file, so many at once as fit, each time with the number of the first."""
    batch, size_bytes, number = list[whole.Row](), 0, 0
    for number, line in enumerate(package.lines(entry), 1):
        batch.append(_row(package, part, line, number))
        size_bytes += len(line)
        done.one()
        if len(batch) == _MANY_ROWS or size_bytes > _MANY_BYTES:
            yield number - len(batch) + 1, batch
            batch, size_bytes = [], 0
    if batch:
        yield number - len(batch) + 1, batch


def _row(package: Package, part: _Part, line: bytes, number: int) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise package.broken(f"{part.name} rad {number} är inte JSON.")
    owner = row.get("id" if part.table.name == "municipality" else "municipality_id")
    if owner != part.municipality_id and part.municipality_id is not None:
        raise package.broken(f"{part.name} rad {number} hör till en annan kommun.")
    told = {name: row.get(name) for name in ("id", "slug", "name")}
    if part.table.name == "municipality" and told not in package.manifest.municipalities:
        raise package.broken(f"{part.name} rad {number} är en annan kommun än den som {MANIFEST} räknar upp.")
    if _line(row) != line:
        raise package.broken(f"{part.name} rad {number} är inte skriven som en export skriver den.")
    return row


def _compare(connection: Connection, package: Package, parts: Sequence[tuple[Entry, _Part]], done: _Count) -> None:
    """Read everything back within the same transaction. Raises BrokenExport if anything differs."""
    for entry, part in parts:
        tally = Tally()
        for _ in tally.passing(_lines(connection, part)):
            done.one()
        if tally.entry(part.name, part.table.name, part.municipality_id) != entry:
            raise package.broken(f"databasen ger inte tillbaka {entry.name} som den skrevs.")


def _mark_of(secret: str) -> str:
    """Return what tells one secret key from another, and neither."""
    return hmac.new(secret.encode(), b"styrhjul export key mark 1", sha256).hexdigest()[:16]
