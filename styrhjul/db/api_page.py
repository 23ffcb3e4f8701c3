"""A page of rows in a stable order: those that stay are met exactly once, whatever comes and goes meanwhile.

A query labels its columns as the API names them; what a field is, and which of them is told, stands in `web/api/shape`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

#: A row by the names of its columns.
Fact: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins, after the row with this key (None = the first one), and how many rows it holds."""

    after: str | int | None
    limit: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page; `last` is the key of its last row where more follow, else None."""

    items: tuple[Fact, ...]
    last: str | int | None


def found(
    session: Session,
    query: Select[*tuple[Any, ...]],
    key: InstrumentedAttribute[Any],
    *,
    at: Place,
    where: Sequence[ColumnElement[bool]] = (),
) -> Found:
    """Return a page of a query, ascending by `key`."""
    if at.after is not None:
        query = query.where(key > at.after)
    rows = session.execute(query.add_columns(key.label("page_key")).where(*where).order_by(key).limit(at.limit + 1))
    told = [row._asdict() for row in rows]
    keys = [each.pop("page_key") for each in told]
    return Found(tuple(told[: at.limit]), keys[at.limit - 1] if len(told) > at.limit else None)


def same(*wanted: tuple[InstrumentedAttribute[Any], str | None]) -> list[ColumnElement[bool]]:
    """Return what a row must hold; None = anything."""
    return [column == value for column, value in wanted if value is not None]
