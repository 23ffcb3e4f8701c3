"""A backup of the whole database in one file, and when the newest was made.

SQLite copies itself while the program runs. PostgreSQL's own `pg_dump` does it for PostgreSQL, as whoever owns the
tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, func, make_url, select

from styrhjul.db.backup_model import Backup
from styrhjul.db.session import Database
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.backup_failed import BackupFailed
from styrhjul.services.operations.postgresql_programs import run_program
from styrhjul.services.operations.sqlite_copy import copy_live


def back_up(installation: Installation, out: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Write all of the database, as it stands at one moment, to a new file; return its bytes.

    `progress` is told of SQLite's pages: done, of all. Raises BackupFailed, also where the file is there already.
    """
    if out.exists():
        raise BackupFailed(f"{out} finns redan. Välj ett annat namn.")
    with _new(out.with_name(f"{out.name}.partial")) as partial:
        if installation.database.is_sqlite:
            copy_live(Path(str(installation.database.url.database)), partial, progress)
        else:
            command = ["pg_dump", "--format=custom", "--enable-row-security", f"--file={partial}"]
            run_program(command, owner_of(installation))
        partial.replace(out)
    return out.stat().st_size


@contextmanager
def _new(partial: Path) -> Iterator[Path]:
    """Make a file that is only ours, and leave none of it."""
    try:
        partial.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise BackupFailed(
            f"{partial} finns redan: en annan säkerhetskopia skrivs dit, eller bröts av. Välj ett annat namn, eller ta "
            "bort filen om ingen skriver i den."
        ) from None
    except OSError as error:
        raise BackupFailed(
            f"Det går inte att skriva i {partial.parent}: {error.strerror}. Välj en annan mapp."
        ) from None
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def owner_of(installation: Installation) -> URL:
    """Return how PostgreSQL is reached as whoever owns the tables. Raises BackupFailed where no setting says so."""
    url = installation.settings.migrate_database_url
    if not url:
        raise BackupFailed("Ange den som äger tabellerna i STYRHJUL_MIGRATE_DATABASE_URL: bara den får läsa allt.")
    return make_url(url)


def note_backup(database: Database, size: int, now: datetime) -> None:
    """Note that a backup has been made, here or in another way; an alarm stands on the newest."""
    with database.system() as session:
        session.add(Backup(made_at=now, bytes=size))


def newest_backup(database: Database) -> datetime | None:
    """Return when the newest backup was noted; None before the first."""
    with database.system(read_only=True) as session:
        return session.scalar(select(func.max(Backup.made_at)))
