"""Savepoints as plain words: SQLAlchemy would compile each of them anew, which is most of what one costs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine


def say_savepoints_plainly(engine: Engine) -> None:
    """Let the savepoints of an engine be set and released without being compiled; the names are SQLAlchemy's own."""
    dialect: Any = engine.dialect
    dialect.do_savepoint = _set
    dialect.do_release_savepoint = _release


def _set(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"SAVEPOINT {name}")


def _release(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
