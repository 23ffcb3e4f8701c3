"""Putting a backup back: into an empty database, brought up to date, and held, so that nothing leaves twice."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from psycopg.sql import quote
from sqlalchemy import inspect

from styrhjul.db import migrate
from styrhjul.db.restore_query import UNFINISHED, Begun, load_begun
from styrhjul.db.session import Database
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.backup import note_backup, owner_of
from styrhjul.services.operations.backup_failed import BackupFailed
from styrhjul.services.operations.hold import begin_hold, hold_in_force
from styrhjul.services.operations.postgresql_programs import pour, run_program
from styrhjul.services.operations.sqlite_copy import BESIDE, beside, copy_still, revision_of

_PSQL = ("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1")
#: Ours, in the list of what a dump holds; a backup has them since the first version.
_OURS = (" TABLE public municipality ", " TABLE DATA public alembic_version ")
#: The hold that the backup was made under is not the one that begins now.
_FORGET_HOLD = "DO $$ BEGIN IF to_regclass('public.hold') IS NOT NULL THEN DELETE FROM public.hold; END IF; END $$;"


class _Restore(NamedTuple):
    """What is put back and why a hold begins, who does it, and when."""

    file: Path
    reason: str
    by: str
    now: datetime


def put_back(installation: Installation, file: Path, *, by: str, now: datetime) -> None:
    """Fill an empty database from a backup, bring it up to date and hold it; safe to repeat after a failure.

    The program's user gets at the tables last, when the hold stands: no worker is quicker than the hold. On a server
    that has no such user yet, it is made then. Raises BackupFailed for a database that is not empty, for a file that is
    no backup of this kind of database or comes from a newer version, and for another file than a restore that broke off
    was begun with.
    """
    restore = _Restore(file, _reason(file.name), by, now)
    if installation.database.is_sqlite:
        _put_back_sqlite(installation, file, restore)
    else:
        _put_back_postgresql(installation, file, restore)


def _reason(name: str) -> str:
    return f"Återläst från {name}."


def _put_back_sqlite(installation: Installation, file: Path, restore: _Restore) -> None:
    target = Path(str(installation.database.url.database))
    if target.exists():
        _refuse_filled(installation.database)
    _refuse_left(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    ours = (partial, *(Path(f"{partial}{end}") for end in BESIDE))
    try:
        for left in ours:
            left.unlink(missing_ok=True)
        copy_still(file, partial)
        _refuse_newer(file, revision_of(partial))
        _forget_hold(partial)
        _hold_new(f"sqlite:///{partial}", restore)
        partial.replace(target)
    finally:
        for left in ours:
            left.unlink(missing_ok=True)
    _refuse_unheld(str(installation.database.url), restore)


def _refuse_left(target: Path) -> None:
    """Refuse what an older database left: SQLite would write it into the one that is put back."""
    if left := beside(target):
        raise BackupFailed(
            f"I {target.parent} ligger {' och '.join(path.name for path in left)} kvar efter den gamla databasen, och "
            "SQLite skulle skriva in dem i den återlästa. Stoppa allt, och flytta även dem dit den gamla databasen "
            "flyttades: de hör ihop."
        )


def _forget_hold(partial: Path) -> None:
    with closing(sqlite3.connect(partial)) as connection, connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'hold'").fetchone():
            connection.execute("DELETE FROM hold")


def _put_back_postgresql(installation: Installation, file: Path, restore: _Restore) -> None:
    owner = owner_of(installation)
    url = owner.render_as_string(hide_password=False)
    begun, this = _begun(installation, url), Begun(file.name, _sha256(file))
    if begun is not None and begun.sha256 != this.sha256:
        raise BackupFailed(
            f"Här är en återläsning av {begun.file} påbörjad (SHA-256 {begun.sha256}), och {file} är en annan fil. "
            f"Gör klart med den första. Eller börja om: släng databasen {owner.database} (DROP DATABASE), gör en ny "
            "(CREATE DATABASE) och kör igen."
        )
    if begun is None:
        _refuse_foreign(installation, file)
        _fill(installation, file, this)
    restore = restore._replace(reason=_reason((begun or this).file))  # as it began: the file may have been renamed
    _hold_new(url, restore)
    _refuse_unheld(url, restore)
    installation.migrate()
    run_program([*_PSQL, f"--command=DROP TABLE public.{UNFINISHED}"], owner)


def _begun(installation: Installation, url: str) -> Begun | None:
    """Return what a restore broke off with; asked as the owner: on a new server the program's user comes last."""
    database = Database(url)
    try:
        begun = load_begun(database.engine)
        if begun is None:
            _refuse_filled(database)
        return begun
    finally:
        database.dispose()
        installation.close()


def _refuse_foreign(installation: Installation, file: Path) -> None:
    """Refuse what is no backup of ours, or a newer version's; nothing has been changed then."""
    owner = owner_of(installation)
    contents = run_program(["pg_restore", "--list", str(file)], owner)
    told = run_program(["pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)], owner)
    lines = iter(told.splitlines())
    rows = [next(lines, "") for line in lines if line.startswith("COPY public.alembic_version ")]
    revision = rows[0] if rows and rows[0] != "\\." else None
    if revision is None or not all(table in contents for table in _OURS):
        raise BackupFailed(f"{file} är ingen säkerhetskopia av Styrhjul.")
    _refuse_newer(file, revision)


def _fill(installation: Installation, file: Path, this: Begun) -> None:
    owner = owner_of(installation)
    values = f"{quote(this.file)}::text AS file, '{this.sha256}'::text AS sha256"
    mark = f"CREATE TABLE public.{UNFINISHED} AS SELECT {values};"
    unpack = ["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file)]
    pour(unpack, [*_PSQL, "--single-transaction", "--file=-"], f"\n{_FORGET_HOLD}\n{mark}\n", owner)


def _hold_new(url: str, restore: _Restore) -> None:
    """Hold what was put back, and note that there is a backup of it: the file that it came from."""
    migrate.upgrade(url)
    database = Database(url)
    try:
        begin_hold(database, reason=restore.reason, by=restore.by, now=restore.now)
        note_backup(database, restore.file.stat().st_size, restore.now)
    finally:
        database.dispose()


def _refuse_filled(database: Database) -> None:
    try:
        tables = inspect(database.engine).get_table_names()
    finally:
        database.dispose()
    if tables:
        raise BackupFailed(
            f"Databasen {database.url.database} är inte tom, och en återläsning skriver inte över något. Stoppa allt, "
            "och flytta undan den gamla databasen eller skapa en ny."
        )


def _refuse_newer(file: Path, revision: str | None) -> None:
    if revision not in migrate.known():
        raise BackupFailed(
            f"{file} är från en nyare version av Styrhjul ({revision}) än den här ({migrate.head()}). Inget är ändrat. "
            "Uppgradera programmet först, och läs sedan tillbaka."
        )


def _refuse_unheld(url: str, restore: _Restore) -> None:
    """See for ourselves, where the workers will look."""
    database = Database(url)
    try:
        held = hold_in_force(database)
    finally:
        database.dispose()
    if held is None or held.reason != restore.reason:
        raise BackupFailed(
            f"Databasen {database.url.database} är återläst, men utskicken hålls inte tillbaka. Starta inget. Flytta "
            "undan databasen och läs tillbaka igen."
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
