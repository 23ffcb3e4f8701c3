"""A backup of the whole database in one file, and putting it back: held, so that nothing leaves twice.

SQLite copies itself while the program runs. PostgreSQL's own `pg_dump` and `pg_restore` do it for PostgreSQL, as
whoever owns the tables; what goes wrong in them is told in their words.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, func, inspect, make_url, select

from styrhjul.db import migrate
from styrhjul.db.backup_model import Backup
from styrhjul.db.row_security import MIGRATION, SCOPE
from styrhjul.db.session import Database
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.hold import begin_hold

#: Pages of SQLite copied between two reports of progress; the program goes on writing in between.
_PAGES = 2000
#: A table from the moment in which PostgreSQL is filled until all is done: a restore that broke off there goes on.
_UNFINISHED = "restore_unfinished"
_PARTIAL = ".partial"
_PSQL = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1")


class BackupFailed(RuntimeError):
    """A backup cannot be made or put back; the message says why and what to do. Nothing is left half done."""


def back_up(installation: Installation, out: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Write all of the database, as it stands at one moment, to a new file; return its bytes.

    `progress` is told of SQLite's pages: done, of all. Raises BackupFailed, also where the file is there already.
    """
    if out.exists():
        raise BackupFailed(f"{out} finns redan. Välj ett annat namn.")
    partial = out.with_name(out.name + _PARTIAL)
    try:
        partial.touch(mode=0o600, exist_ok=True)
        if installation.database.is_sqlite:
            _copy_sqlite(Path(str(installation.database.url.database)), partial, progress)
        else:
            owner = _owner(installation)
            _run(["pg_dump", "--format=custom", "--enable-row-security", f"--file={partial}"], owner)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return out.stat().st_size


def note_backup(database: Database, size: int, now: datetime) -> None:
    """Note that a backup has been made, here or in another way; an alarm stands on the newest."""
    with database.system() as session:
        session.add(Backup(made_at=now, bytes=size))


def newest_backup(database: Database) -> datetime | None:
    """Return when the newest backup was noted; None before the first."""
    with database.system(read_only=True) as session:
        return session.scalar(select(func.max(Backup.made_at)))


def put_back(installation: Installation, file: Path, *, by: str, now: datetime) -> None:
    """Fill an empty database from a backup, bring it up to date and hold it; safe to repeat after a failure.

    The program's user gets at the tables last, when the hold stands: no worker is quicker than the hold. On a server
    that has no such user yet, it is made then. Raises
    BackupFailed for a database that is not empty, and for a file that is no backup of this kind of database.
    """
    is_unfinished = _refuse_filled(installation)
    reason = f"Återläst från {file.name}."
    if not installation.database.is_sqlite:
        if not is_unfinished:
            _fill_postgresql(installation, file)
        _hold_new(_owned(installation), reason, by=by, now=now)
        installation.migrate()
        _run(["psql", *_PSQL, f"--command=DROP TABLE public.{_UNFINISHED}"], _owner(installation))
        return
    target = Path(str(installation.database.url.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + _PARTIAL)
    partial.unlink(missing_ok=True)
    try:
        _copy_sqlite(file, partial, None)
        url = f"sqlite:///{partial}"
        _hold_new(url, reason, by=by, now=now)
        partial.replace(target)
    finally:
        for left in (partial, *(Path(f"{partial}{end}") for end in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)


def _hold_new(url: str, reason: str, *, by: str, now: datetime) -> None:
    migrate.upgrade(url)
    database = Database(url)
    try:
        begin_hold(database, reason=reason, by=by, now=now)
    finally:
        database.dispose()


def _refuse_filled(installation: Installation) -> bool:
    """Raise BackupFailed where there is anything; tell whether it is what a restore filled and did not come to hold."""
    url = installation.database.url
    if installation.database.is_sqlite and not Path(str(url.database)).exists():
        return False
    # PostgreSQL: asked as the owner, for on a new server the program's user comes with the tables.
    asked = installation.database if installation.database.is_sqlite else Database(_owned(installation))
    try:
        tables = inspect(asked.engine).get_table_names()
    finally:
        asked.dispose()
        installation.close()
    if _UNFINISHED in tables:
        return True
    if tables:
        raise BackupFailed(
            f"Databasen {url.database} är inte tom, och en återläsning skriver inte över något. Stoppa allt, och "
            "flytta undan den gamla databasen eller skapa en ny."
        )
    return False


def _copy_sqlite(source: Path, target: Path, progress: Callable[[int, int], None] | None) -> None:
    if not source.is_file():
        raise BackupFailed(f"{source} finns inte.")
    told = (lambda _status, left, total: progress(total - left, total)) if progress else None
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new, pages=_PAGES, progress=told)
            sound = new.execute("PRAGMA integrity_check").fetchone()[0]
            is_ours = new.execute("SELECT count(*) FROM sqlite_master WHERE name = 'journal_entry'").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"{source} går inte att läsa som en databas: {error}") from None
    if sound != "ok":
        raise BackupFailed(f"{source} är skadad: {sound}")
    if not is_ours:
        raise BackupFailed(f"{source} är ingen säkerhetskopia av Styrhjul.")


def _fill_postgresql(installation: Installation, file: Path) -> None:
    owner = _owner(installation)
    script = file.with_name(file.name + ".sql" + _PARTIAL)
    try:
        script.touch(mode=0o600)
        _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file)], owner)
        with script.open("a") as end:
            end.write(f"\nCREATE TABLE public.{_UNFINISHED} ();\n")
        _run(["psql", *_PSQL, "--single-transaction", f"--file={script}"], owner)
    finally:
        script.unlink(missing_ok=True)


def _owner(installation: Installation) -> URL:
    url = installation.settings.migrate_database_url
    if not url:
        raise BackupFailed("Ange den som äger tabellerna i STYRHJUL_MIGRATE_DATABASE_URL: bara den får läsa allt.")
    return make_url(url)


def _owned(installation: Installation) -> str:
    return _owner(installation).render_as_string(hide_password=False)


def _run(command: list[str], owner: URL) -> None:
    """Run one of PostgreSQL's programs; whom it signs in as stands in its environment, never in its arguments."""
    program = shutil.which(command[0])
    if program is None:
        raise BackupFailed(
            f"Programmet {command[0]} finns inte på den här datorn (Debian: postgresql-client). Kör det där "
            "databasen är: docs/operations.md säger hur."
        )
    done = subprocess.run([program, *command[1:]], env=_environment(owner), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupFailed(f"{command[0]}: {' '.join(done.stderr.split())[:500]}")


def _environment(owner: URL) -> Mapping[str, str]:
    host = owner.host or str(owner.query.get("host", ""))
    given = {
        "PGHOST": host,
        "PGPORT": str(owner.port or ""),
        "PGUSER": owner.username or "",
        "PGPASSWORD": str(owner.password or ""),
        "PGDATABASE": owner.database or "",
        "PGOPTIONS": f"-c {SCOPE}={MIGRATION}",
        "PATH": os.environ.get("PATH", os.defpath),
    }
    return {name: value for name, value in given.items() if value}
