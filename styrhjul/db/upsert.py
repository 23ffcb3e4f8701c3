"""INSERT … ON CONFLICT, spelled the same for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from styrhjul.db.model import Base

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Base]) -> Insert:
    """Return the database's own INSERT, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_new(session: Session, table: type[Base], rows: list[dict[str, Any]], returning: Any) -> list[Any]:  # noqa: ANN401 - a column of any type
    """Insert the rows that break no unique key, in order, and return `returning` of those that went in."""
    if not rows:
        return []
    statement = insert_into(session, table).on_conflict_do_nothing().returning(returning)
    return list(session.scalars(statement, rows))
