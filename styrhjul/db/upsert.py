"""INSERT … ON CONFLICT, spelled the same for SQLite and PostgreSQL."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import select
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
    """Insert the rows that break no unique key, in order, and return `returning` of those that went in.

    An `id` that is returned was drawn for its row: what has it has gone in.
    """
    if not rows:
        return []
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite" and len(rows) > 1 and returning.key == "id":
        return _drawn(session, table, rows, returning)
    return _new(dialect, table, returning).returned(session, rows)


def _drawn(session: Session, table: type[Base], rows: list[dict[str, Any]], drawn: Any) -> list[str]:  # noqa: ANN401 - a column
    """SQLite answers row by row, which costs as much as the row: it is asked afterwards, if one was left out."""
    ids = [row["id"] for row in rows]
    if _new("sqlite", table, None).make(session, rows) == len(rows):
        return ids
    return [each for each in ids if session.scalar(select(drawn).where(drawn == each))]


@cache
def _new(dialect: str, table: type[Base], returning: Any) -> Addition:  # noqa: ANN401 - a column of any type, or None
    statement = insert_of(dialect, table).on_conflict_do_nothing()
    return Addition(statement if returning is None else statement.returning(returning))
