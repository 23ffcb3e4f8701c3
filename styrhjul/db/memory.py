"""A database in memory for the simulator: the real schema on one connection, set back to a picture in no time.

Nothing in it outlives the process, and it locks nobody out: a transaction begun within another one runs inside it, as
if every lock had failed. What must hold then is held by keys and conditions alone.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url

from styrhjul.db.migrate import upgrade
from styrhjul.db.savepoint import say_savepoints_plainly
from styrhjul.db.session import Database

_STATEMENTS_KEPT = 512


class MemoryDatabase(Database):
    """An empty, migrated database. One per thread; its compiled statements are worth keeping for the next run."""

    def __init__(self) -> None:
        self.url = make_url("sqlite://")
        self.is_sqlite = True
        self._raw = sqlite3.connect(
            ":memory:",
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS_KEPT,
            factory=_Nesting,
        )
        self._engine = self._marking = _engine_on(self._raw)
        self.set_back(_migrated())

    def picture(self) -> bytes:
        """Return everything as it stands, to be set back to later."""
        return self._raw.serialize()

    def set_back(self, picture: bytes) -> None:
        """Make everything as it was; within no transaction."""
        self._raw.deserialize(picture)
        self._raw.execute("PRAGMA foreign_keys=ON")

    def ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        """Answer a plain SQL query: eyes of their own for whoever judges what the services did."""
        return self._raw.execute(question, values).fetchall()

    @property
    def changes(self) -> int:
        """A number that grows whenever a row is written."""
        return self._raw.total_changes

    def dispose(self) -> None:
        """Forget everything."""
        super().dispose()
        self._raw.close()


class _Nesting(sqlite3.Connection):
    """Transactions within transactions: the inner ones are savepoints."""

    _depth = 0

    def begin(self) -> None:
        self.execute(f"SAVEPOINT inner_{self._depth}" if self._depth else "BEGIN")
        self._depth += 1

    def commit(self) -> None:
        if self._depth:
            self._depth -= 1
            self.execute(f"RELEASE inner_{self._depth}" if self._depth else "COMMIT")

    def rollback(self) -> None:
        if not self._depth:
            return
        self._depth -= 1
        if self._depth:
            self.execute(f"ROLLBACK TO inner_{self._depth}")
            self.execute(f"RELEASE inner_{self._depth}")
        else:
            self.execute("ROLLBACK")


def _engine_on(raw: _Nesting) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, pool_reset_on_return=None)
    say_savepoints_plainly(engine)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        own: Any = connection.connection.dbapi_connection
        own.begin()

    return engine


def _migrated() -> bytes:
    """Return the picture of a database that every migration has been run on."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        upgrade(f"sqlite:///{file}")
        connection = sqlite3.connect(file)
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # memory knows no write-ahead log
            return connection.serialize()
        finally:
            connection.close()
