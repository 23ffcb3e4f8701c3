"""Many rows of one table in one statement, whose text is the same however many they are.

PostgreSQL gets the rows as one value and takes it apart itself. A place for every value of every row is what its driver
would rewrite anew each time, and a statement for each row is a question for each. SQLite, in our own process, is asked
row by row: a statement that is the same costs it nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from typing import Any

from psycopg.types.json import Json
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    LargeBinary,
    String,
    Table,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from styrhjul.db.compiled import AnyRow, Compiled, Values, drawn, put_each


class Many:
    """An INSERT into one table, of rows that all have the same columns. Nobody looks at whose they are here."""

    def __init__(self, addition: Insert) -> None:
        if not isinstance(addition.table, Table):
            raise TypeError("rows are added to one table")
        self._addition = addition
        self._of_one = Compiled(addition)
        #: A row of such a table may be large, and a value that holds many of them has a limit.
        self._is_heavy = any(isinstance(column.type, LargeBinary) for column in addition.table.columns)
        self._together: dict[tuple[str, ...], _Together] = {}

    def add(self, connection: Connection, rows: Sequence[Values]) -> int:
        """Add the rows, of which there is one at least; return how many were added or changed."""
        if self._go_together(connection, rows):
            return self._as_one(rows).run(connection, rows)
        return self._of_one.run(connection, rows)

    def returned(self, connection: Connection, rows: Sequence[Values]) -> list[AnyRow]:
        """Add the rows; return what the statement returns, in their order."""
        if self._go_together(connection, rows):
            return self._as_one(rows).returned(connection, rows)
        return self._of_one.rows_of_each(connection, rows)

    def _go_together(self, connection: Connection, rows: Sequence[Values]) -> bool:
        return len(rows) > 1 and not self._is_heavy and connection.dialect.name == "postgresql"

    def _as_one(self, rows: Sequence[Values]) -> _Together:
        names = tuple(rows[0])
        if names not in self._together:
            self._together[names] = _Together(self._addition, names)
        return self._together[names]


class _Together:
    """PostgreSQL's INSERT of rows that come as one value: a list of lists, of which each item is text to be read."""

    def __init__(self, addition: Insert, names: Sequence[str]) -> None:
        table: Any = addition.table
        self._columns = [column for column in table.columns if column.key in names or column.default is not None]
        self._stated = frozenset(names)
        given = func.jsonb_array_elements(cast(bindparam("rows", type_=String()), JSONB)).alias("given")
        read = select(*(_read(column.type, place) for place, column in enumerate(self._columns))).select_from(given)
        keys = [column.key for column in self._columns]
        statement = addition.from_select(keys, read, include_defaults=False)
        self._statement = Compiled(statement)

    def run(self, connection: Connection, rows: Sequence[Values]) -> int:
        with _keys_looked_up(connection, len(rows)):
            return self._statement.run(connection, [{"rows": self._written(connection.dialect, rows)}])

    def returned(self, connection: Connection, rows: Sequence[Values]) -> list[AnyRow]:
        with _keys_looked_up(connection, len(rows)):
            return self._statement.rows(connection, {"rows": self._written(connection.dialect, rows)})

    def _written(self, dialect: Dialect, rows: Sequence[Values]) -> str:
        columns = []
        for column in self._columns:
            stated = column.key in self._stated
            values = [row[column.key] if stated else drawn(column.default) for row in rows]
            columns.append(put_each(_spelled(column.type, dialect), values))
        return _JSON.encode(list(zip(*columns, strict=True)))


@contextmanager
def _keys_looked_up(connection: Connection, rows: int) -> Iterator[None]:
    """Let PostgreSQL keep its plans of foreign keys' checks meanwhile; each is made for the key, however small a table.

    Otherwise it plans each check of each row anew, as it does our own statements: see the session's options. What is
    undone, a savepoint or all, undoes this with it.
    """
    if rows >= _ENOUGH:
        _KEPT.rows(connection, {})
    yield
    if rows >= _ENOUGH:
        _AS_EVER.rows(connection, {})


#: From so many rows on two short statements cost less than the plans do.
_ENOUGH = 16
_FOR_NOW = true()
_KEPT = Compiled(
    select(
        func.set_config("plan_cache_mode", "force_generic_plan", _FOR_NOW),
        func.set_config("enable_seqscan", "off", _FOR_NOW),
    )
)
_AS_EVER = Compiled(
    select(func.set_config("plan_cache_mode", None, _FOR_NOW), func.set_config("enable_seqscan", None, _FOR_NOW))
)


def _read(kind: TypeEngine[Any], place: int) -> ColumnElement[Any]:
    """Return an item of a row as its column takes it; a text whole, so that one too long is refused and not cut."""
    text = literal_column(f"given ->> {place}", String())
    return text if isinstance(kind, String) else cast(text, kind)


def _spelled(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return how a column's values are put as something that JSON has a word for, and that PostgreSQL reads so."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if isinstance(kind, String):
        return process
    return _spell if process is None else lambda value: _spell(process(value))


def _spell(value: Any) -> Any:  # noqa: ANN401 - what a driver is given
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value.obj) if isinstance(value, Json) else value


_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
