"""INSERT … ON CONFLICT, spelled the same for SQLite and PostgreSQL."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from styrhjul.db.model import Base
from styrhjul.db.prepared import Addition

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Base]) -> Insert:
    """Return the database's own INSERT, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(dialect: str, table: type[Base]) -> Insert:
    """Return the INSERT of a database by its name."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_new(session: Session, table: type[Base], rows: list[dict[str, Any]], returning: Any) -> list[Any]:  # noqa: ANN401 - a column of any type
    """Insert the rows that break no unique key, in order, and return `returning` of those that went in."""
    return _new(session.get_bind().dialect.name, table, returning).returned(session, rows) if rows else []


@cache
def _new(dialect: str, table: type[Base], returning: Any) -> Addition:  # noqa: ANN401 - a column of any type
    return Addition(insert_of(dialect, table).on_conflict_do_nothing().returning(returning))
