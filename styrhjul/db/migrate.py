"""Bringing a database to the newest revision. One change, one file in `migrations/versions`: YYYYMMDD_verb_noun.

PostgreSQL is changed while the program works, one migration a transaction; SQLite all at once, or not at all. What a
migration may do so that the version before goes on beside it: decision 0066.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from styrhjul.db import (
    api_model,
    attachment_model,
    backup_model,
    calendar_model,
    case_model,
    competing_model,
    course_model,
    draft_model,
    hold_model,
    inbound_model,
    late_model,
    mail_model,
    order_model,
    publication_model,
    pulse_model,
    retention_model,
    sign_in_model,
    signing_model,
    trial_model,
    webhook_model,
    word_template_model,
    wording_model,
)
from styrhjul.db.migrate_live import PATIENCE, Patience, alone, patiently
from styrhjul.db.model import Base
from styrhjul.db.row_security import admit, breaches, run_each, secure

log = structlog.get_logger()

_SCRIPTS = Path(__file__).parent / "migrations"
#: Every table must be imported before the metadata is whole.
METADATA = Base.metadata
_ = (
    *(api_model, attachment_model, backup_model, calendar_model, case_model, competing_model),
    *(course_model, draft_model),
    *(
        hold_model,
        inbound_model,
        late_model,
        mail_model,
        order_model,
        publication_model,
        pulse_model,
        retention_model,
        sign_in_model,
    ),
    *(signing_model, trial_model, webhook_model, word_template_model, wording_model),
)


def upgrade(
    url: str, revision: str = "head", *, program: str | None = None, patience: Patience = PATIENCE
) -> str | None:
    """Run every migration up to a revision, and return the revision the database is at then. Safe to repeat.

    On PostgreSQL each migration is a transaction of its own, with the wall of its tables in it: an upgrade that stops
    stands at a known revision, and goes on when repeated. SQLite: all or nothing. A database that a newer program has
    upgraded is left alone. `program` is the URL that the program itself will use: on PostgreSQL its user is let in, and
    made if there is none. Raises UpgradeBlocked when somebody held a table for longer than our patience.
    """
    with _connected(url) as connection:
        if _is_newer(found := _revision(connection)):
            log.warning("database_is_newer", revision=found, program=head())
        elif connection.dialect.name == "postgresql":
            user = make_url(program) if program is not None else None
            patiently(connection, patience, lambda: _revision(connection), lambda: _upgrade(connection, revision, user))
        else:
            command.upgrade(_config(connection), revision)
        return _revision(connection)


def _upgrade(connection: Connection, revision: str, user: URL | None) -> None:
    """Take one migration after the other; what they leave to the wall is mended a table at a time."""

    def in_each(**_: object) -> None:
        secure(connection, only_new=True)
        if user is not None:
            admit(connection, user)

    command.upgrade(_config(connection, in_each), revision)
    connection.rollback()  # Alembic, when there is nothing to do, has read and leaves that open
    with connection.begin():
        unlike = breaches(connection)
    for statements in unlike.values():
        with connection.begin():
            run_each(connection, statements)
    if user is not None:
        with connection.begin():
            admit(connection, user)


def downgrade(url: str, revision: str) -> None:
    """Undo every migration above a revision; `base` leaves no table."""
    with _connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """Return the revision a database is at; None before the first. Waits for nobody who upgrades it."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return _revision(connection)


def is_behind(revision: str | None) -> bool:
    """Whether a database at a revision lacks what this program needs.

    A revision that no file here is named after comes from a newer program: this one goes on with what that one left.
    """
    return revision != head() and not _is_newer(revision)


def _is_newer(revision: str | None) -> bool:
    return revision is not None and revision not in known()


def _revision(connection: Connection) -> str | None:
    """Read it, and leave no transaction open that was not."""
    is_ours = not connection.in_transaction()
    found = MigrationContext.configure(connection).get_current_revision()
    if is_ours:
        connection.rollback()
    return found


def head() -> str:
    """Return the newest revision. Raises when there are two: one of them must name the other as its predecessor."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise LookupError(f"Det finns ingen migrering i {_SCRIPTS / 'versions'}.")
    return found


def known() -> list[str]:
    """Return every revision, the newest first."""
    return [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()]


def differences(url: str) -> list[Any]:
    """Return what the models have that a migrated database lacks, or the other way round; Alembic's own tuples."""
    with _connected(url) as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def write_revision(name: str) -> str:
    """Write the migration from the newest revision to the models; `name` is YYYYMMDD_verb_noun. Return its path."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/newest.db"
        upgrade(url)
        with _connected(url) as connection:
            script = command.revision(_config(connection), name, autogenerate=True, rev_id=name)
    if script is None or isinstance(script, list):
        raise LookupError("Alembic skrev inte en enda migrering.")
    return str(script.path)


def _config(connection: Connection | None = None, in_each: Callable[..., None] | None = None) -> Config:
    """Return what Alembic is asked with; `in_each` is called within every migration's transaction, at its end."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, in_each=in_each)
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """Connect as the one program that migrates: PostgreSQL without a transaction, SQLite within one for all.

    SQLite without foreign keys, since tables are remade.
    """
    if make_url(url).get_backend_name() == "postgresql":
        with alone(url) as connection:
            yield connection
        return
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 60})
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin_immediate)
    with engine.begin() as connection:
        yield connection


def _leave_transactions_to_us(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's
    del record
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
