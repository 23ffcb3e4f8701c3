"""An export as a file: a zip with one JSON Lines file a table, their hashes, and a manifest that says what they are.

Nothing of it is ever unpacked to a disk: it is read a line at a time, and what is not in the manifest is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from styrhjul.reports.json_document import json_document

#: Raised when what was written before can no longer be read so.
FORMAT = "styrhjul.export/1"
MANIFEST, SUMS, READ_ME = "manifest.json", "SHA256SUMS", "LÄS-MIG.txt"
_NAME = re.compile(r"(kommuner/[a-z0-9][a-z0-9_-]{0,99}|installation)/[a-z_]{1,60}\.jsonl")
_LONGEST_LINE_BYTES = 256 * 2**20
_LARGEST_TEXT_BYTES = 64 * 2**20
_MOST_FILES = 100_000
#: How much larger than in the zip a file may be before it is taken for a bomb; small ones do no harm.
_MOST_TIMES, _HARMLESS_BYTES = 250, 64 * 2**20
#: Every file in the zip has this time: the same content gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BrokenExport(ValueError):
    """A file is no whole export; the message says what is wrong with it."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault} Inget är inläst.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of an export: a table's rows, of one municipality (by id) or of nobody."""

    name: str
    table: str
    municipality_id: str | None
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an export says about itself. `key` tells which secret key seals what is sealed in it, and not the key."""

    schema: str
    exported_at: str
    key: str
    municipalities: tuple[Mapping[str, str], ...]
    entries: tuple[Entry, ...]

    @property
    def sums(self) -> bytes:
        """The hashes as `sha256sum --check` reads them."""
        return "".join(f"{entry.sha256}  {entry.name}\n" for entry in self.entries).encode()

    @property
    def sha256(self) -> str:
        """One hash of every cell of every row: that of the hashes."""
        return hashlib.sha256(self.sums).hexdigest()

    @property
    def rows(self) -> int:
        """How many there are in all."""
        return sum(entry.rows for entry in self.entries)


class Tally:
    """Counts and hashes the lines of one file as they pass."""

    def __init__(self) -> None:
        self.rows = self.size_bytes = 0
        self._hash = hashlib.sha256()

    def passing(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines as they are."""
        for line in lines:
            self.rows += 1
            self.size_bytes += len(line)
            self._hash.update(line)
            yield line

    def entry(self, name: str, table: str, municipality_id: str | None) -> Entry:
        """Return what has passed, as a file of an export."""
        told = {"rows": self.rows, "size_bytes": self.size_bytes, "sha256": self._hash.hexdigest()}
        return Entry(name=name, table=table, municipality_id=municipality_id, **told)  # type: ignore[arg-type]


class Packing:
    """A zip that is being written."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package

    def put(self, name: str, lines: Iterable[bytes]) -> None:
        """Write one file, a line at a time."""
        place = zipfile.ZipInfo(name, _EPOCH)
        place.compress_type = zipfile.ZIP_DEFLATED
        place.external_attr = (stat.S_IFREG | 0o600) << 16
        with self._package.open(place, "w", force_zip64=True) as file:
            for line in lines:
                file.write(line)

    def finish(self, manifest: Manifest, about: Mapping[str, Any], read_me: str) -> None:
        """Write what says what the rest is; a zip without it is not finished."""
        told = {"format": FORMAT, "sha256": manifest.sha256, **asdict(manifest), **about}
        self.put(READ_ME, [read_me.encode()])
        self.put(SUMS, [manifest.sums])
        self.put(MANIFEST, [json_document(told)])


@contextmanager
def packing(file: IO[bytes]) -> Iterator[Packing]:
    """Write a zip into an open file."""
    with zipfile.ZipFile(file, "w") as package:
        yield Packing(package)


class Package:
    """An export that is being read. Every way of reading raises BrokenExport."""

    def __init__(self, path: Path, package: zipfile.ZipFile) -> None:
        self._path, self._package = path, package
        self._places = {place.filename: place for place in package.infolist()}
        self._refuse_odd_places(package.infolist())
        self.manifest = self._manifest()
        self._refuse_other_files()

    def lines(self, entry: Entry) -> Iterator[bytes]:
        """Yield the lines of a file; once all have been, it is what the manifest says, or BrokenExport is raised."""
        tally = Tally()
        with self._reading(entry.name) as file:
            yield from tally.passing(self._split(entry, file))
        if tally.entry(entry.name, entry.table, entry.municipality_id) != entry:
            raise self.broken(f"{entry.name} är inte som den skrevs: kontrollsumman stämmer inte.")

    def broken(self, fault: str) -> BrokenExport:
        """Return the error that says what is wrong with this file."""
        return BrokenExport(self._path, fault)

    def _split(self, entry: Entry, file: IO[bytes]) -> Iterator[bytes]:
        left = entry.size_bytes
        while line := file.readline(min(left, _LONGEST_LINE_BYTES) + 1):
            left -= len(line)
            if not line.endswith(b"\n"):
                raise self.broken(f"{entry.name} har en rad som är orimligt lång, eller avkortad.")
            yield line

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._package.open(name) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError):
            raise self.broken(f"{name} saknas, är avkortad eller skadad.") from None

    def _text(self, name: str) -> bytes:
        if name not in self._places:
            raise self.broken(f"filen är ingen export från Styrhjul: {name} saknas.")
        with self._reading(name) as file:
            content = file.read(_LARGEST_TEXT_BYTES + 1)
        if len(content) > _LARGEST_TEXT_BYTES:
            raise self.broken(f"{name} är orimligt stor.")
        return content

    def _manifest(self) -> Manifest:
        try:
            told = json.loads(self._text(MANIFEST))
            if told["format"] != FORMAT:
                raise self.broken(f"formatet är {str(told['format'])[:40]}; här läses {FORMAT}.")
            found = Manifest(
                **{name: _text_of(told[name]) for name in ("schema", "exported_at", "key")},
                municipalities=tuple(
                    {name: _text_of(each[name]) for name in _NAMED} for each in told["municipalities"]
                ),
                entries=tuple(_entry(each) for each in told["entries"]),
            )
        except (ValueError, TypeError, KeyError, RecursionError) as why:
            if isinstance(why, BrokenExport):
                raise
            raise self.broken(f"{MANIFEST} går inte att läsa.") from None
        if found.sums != self._text(SUMS) or found.sha256 != told.get("sha256"):
            raise self.broken(f"{SUMS} och {MANIFEST} säger olika.")
        return found

    def _refuse_odd_places(self, places: list[zipfile.ZipInfo]) -> None:
        if MANIFEST not in self._places:
            raise self.broken(f"filen är ingen export från Styrhjul: {MANIFEST} saknas.")
        if len(places) > _MOST_FILES or len(places) != len(self._places):
            raise self.broken("zip-filen har för många filer, eller två med samma namn.")
        for place in places:
            if place.filename not in (MANIFEST, SUMS, READ_ME) and not _NAME.fullmatch(place.filename):
                raise self.broken(f"zip-filen har en fil som inte hör dit: {place.filename[:80]!r}.")
            if place.file_size > max(_HARMLESS_BYTES, _MOST_TIMES * place.compress_size):
                raise self.broken(f"{place.filename} är orimligt hårt packad.")

    def _refuse_other_files(self) -> None:
        told = {entry.name: entry.size_bytes for entry in self.manifest.entries}
        found = {name: place.file_size for name, place in self._places.items() if _NAME.fullmatch(name)}
        if len(told) != len(self.manifest.entries) or told != found:
            raise self.broken(f"filerna är inte de som {MANIFEST} räknar upp, eller inte lika stora.")


_NAMED = ("id", "slug", "name")


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open an export. Raises BrokenExport; OSError where there is no file."""
    with path.open("rb") as file:
        try:
            package = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
            raise BrokenExport(path, "filen är ingen zip-fil, eller så är den avkortad.") from None
        with package:
            yield Package(path, package)


def _text_of(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError(type(told).__name__)
    return told


def _entry(told: Mapping[str, Any]) -> Entry:
    name, owner = _text_of(told["name"]), told["municipality_id"]
    rows, size_bytes = told["rows"], told["size_bytes"]
    if not _NAME.fullmatch(name) or type(rows) is not int or type(size_bytes) is not int:
        raise TypeError(name)
    return Entry(
        name=name,
        table=_text_of(told["table"]),
        municipality_id=None if owner is None else _text_of(owner),
        rows=rows,
        size_bytes=size_bytes,
        sha256=_text_of(told["sha256"]),
    )
