"""A copy of an SQLite database in one file, as it stands at one moment, and what a copy must be to be ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from styrhjul.services.operations.backup_failed import BackupFailed

#: Pages copied between two reports of progress; the program goes on writing in between.
_PAGES = 2000
#: What SQLite keeps beside a database: without it the file is not whole, and with another's it is another database.
BESIDE = ("-wal", "-shm", "-journal")
_NOT_A_DATABASE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def copy_live(source: Path, target: Path, progress: Callable[[int, int], None] | None) -> None:
    """Copy a database that others write in; `progress` is told of pages: done, of all. Raises BackupFailed.

    All of it is read in one transaction: a copy that looked anew after each write would never be done.
    """
    _copy(source, target, "mode=ro", progress)


def copy_still(source: Path, target: Path) -> None:
    """Copy a file that nobody writes in, from where nothing may be written either. Raises BackupFailed."""
    has_more = any(Path(f"{source}{end}").exists() for end in BESIDE)
    _copy(source, target, "mode=ro" if has_more else "immutable=1", None)


def beside(database: Path) -> list[Path]:
    """Return what lies beside a database, or beside where one was."""
    return [path for end in BESIDE if (path := Path(f"{database}{end}")).exists()]


def _copy(source: Path, target: Path, how: str, progress: Callable[[int, int], None] | None) -> None:
    if not source.is_file():
        raise BackupFailed(f"{source} finns inte.")
    told = (lambda _status, left, total: progress(total - left, total)) if progress else None
    uri = f"{source.resolve().as_uri()}?{how}"
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as old:
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment it stands at
            with closing(sqlite3.connect(target)) as new:
                _write(old, new, source, target, told)
                sound = new.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"{source} går inte att läsa som en databas: {error}") from None
    if sound != "ok":
        raise BackupFailed(f"{source} är skadad: {sound}")
    if revision_of(target) is None:
        raise BackupFailed(f"{source} är ingen säkerhetskopia av Styrhjul.")


def _write(
    old: sqlite3.Connection,
    new: sqlite3.Connection,
    source: Path,
    target: Path,
    told: Callable[[int, int, int], None] | None,
) -> None:
    try:
        old.backup(new, pages=_PAGES, progress=told)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _NOT_A_DATABASE:
            raise
        raise BackupFailed(
            f"Det gick inte att skriva {target}: {error}. Se till att det finns plats i {target.parent} och att det "
            f"går att skriva där. {source} är orörd."
        ) from None


def revision_of(file: Path) -> str | None:
    """Return the revision of a database of ours; None for any other."""
    with closing(sqlite3.connect(file)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "municipality"} <= tables:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
