"""Bringing a database to the newest revision. One change, one file in `migrations/versions`: YYYYMMDD_verb_noun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, make_url, text
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
    retention_model,
    sign_in_model,
    signing_model,
    trial_model,
    webhook_model,
    word_template_model,
    wording_model,
)
from styrhjul.db.model import Base
from styrhjul.db.row_security import MIGRATION, SCOPE, admit, secure

_SCRIPTS = Path(__file__).parent / "migrations"
#: Two programs that migrate one PostgreSQL at once wait for each other on this number.
_LOCK = 7_301_961
_SCOPED = {"name": SCOPE, "value": MIGRATION}
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
        retention_model,
        sign_in_model,
    ),
    *(signing_model, trial_model, webhook_model, word_template_model, wording_model),
)


def upgrade(url: str, revision: str = "head", *, program: str | None = None) -> None:
    """Run every migration up to a revision, all or nothing. Safe to repeat.

    `program` is the URL that the program itself will use: on PostgreSQL its user is let in, and made if there is none.
    """
    with _connected(url) as connection:
        command.upgrade(_config(connection), revision)
        if connection.dialect.name == "postgresql":
            secure(connection)
            if program is not None:
                admit(connection, make_url(program))


def downgrade(url: str, revision: str) -> None:
    """Undo every migration above a revision; `base` leaves no table."""
    with _connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """Return the revision a database is at; None before the first."""
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


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


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """Open one transaction that no other migration shares; for SQLite without foreign keys, since tables are remade."""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 60} if is_sqlite else {})
    if is_sqlite:
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_immediate)
    with engine.begin() as connection:
        if not is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK}), set_config(:name, :value, true)"), _SCOPED)
        yield connection


def _leave_transactions_to_us(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's
    del record
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
