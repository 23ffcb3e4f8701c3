"""A page of rows in a stable order: those that stay are met exactly once, whatever comes and goes meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins, after the row with this key (None = the first one), and how many rows it holds."""

    after: str | int | None
    limit: int


@dataclass(frozen=True, slots=True)
class Found(Generic[Fact]):
    """A page; `last` is the key of its last row where more follow, else None."""

    items: tuple[Fact, ...]
    last: str | int | None


def found(  # noqa: PLR0913 - what is asked, how it is ordered, and which page
    session: Session,
    query: Select[*tuple[Any, ...]],
    key: InstrumentedAttribute[Any],
    fact: type[Fact],
    *,
    at: Place,
    where: Sequence[ColumnElement[bool]] = (),
) -> Found[Fact]:
    """Return a page of a query whose columns are called as the fact's fields, ascending by `key`."""
    if at.after is not None:
        query = query.where(key > at.after)
    rows = session.execute(query.add_columns(key.label("page_key")).where(*where).order_by(key).limit(at.limit + 1))
    told = [row._asdict() for row in rows]
    keys = [each.pop("page_key") for each in told]
    items = tuple(fact(**each) for each in told[: at.limit])
    return Found(items, keys[at.limit - 1] if len(told) > at.limit else None)
