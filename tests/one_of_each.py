"""One row of every table for a municipality, made from the tables themselves: a new table is in it without a word."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, Enum, Table, UniqueConstraint

from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Base, OfMunicipality, Utc, new_id
from tests.servers import past_every_session

if TYPE_CHECKING:
    from styrhjul.db.session import Database

Values = dict[str, Any]

#: Every mapped class whose rows belong to a municipality.
OWNED: tuple[type[OfMunicipality], ...] = tuple(
    mapper.class_
    for mapper in sorted(Base.registry.mappers, key=lambda each: each.class_.__name__)
    if issubclass(mapper.class_, OfMunicipality)
)
_PLAIN: dict[type, Any] = {
    bool: True,
    int: 1,
    bytes: b"bytes",
    date: date(2027, 1, 7),
    time: time(8),
    datetime: datetime(2027, 1, 7, 8, tzinfo=UTC),
}


def insert_one_of_each(database: Database, slug: str) -> dict[str, Values]:
    """Insert a municipality with one row in each of its tables, past every session; return the rows by table name.

    Two municipalities made so differ only in what must be unique in the whole world: ids, slug, tokens.
    """
    municipality_id = new_id()
    rows: dict[str, Values] = {}
    with past_every_session(database) as connection:
        for table in METADATA.sorted_tables:
            if table.name != "municipality" and "municipality_id" not in table.columns:
                continue
            rows[table.name] = _row(table, rows, municipality_id)
            if table.name == "municipality":
                rows[table.name] |= {"id": municipality_id, "slug": slug}
            connection.execute(table.insert().values(rows[table.name]))
    return rows


def insert_both(database: Database) -> tuple[dict[str, Values], dict[str, Values]]:
    """Insert two such municipalities; return the rows of each."""
    return insert_one_of_each(database, "ena"), insert_one_of_each(database, "andra")


def row_like(rows: dict[str, Values], table: Table, **changes: object) -> Values:
    """Return one more row of a table, whose unique keys do not collide with the first."""
    fresh = {
        column.name: new_id()
        for column in table.columns
        if isinstance(rows[table.name][column.name], str) and not column.foreign_keys and not _is_enum(column)
    }
    return rows[table.name] | fresh | changes


def _row(table: Table, rows: dict[str, Values], municipality_id: str) -> Values:
    alone = {
        constraint.columns[0].name
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) == 1
    }
    values = {column.name: _value(column, is_unique=column.name in alone) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        for key in constraint.elements:
            if key.parent.name != "municipality_id":
                values[key.parent.name] = rows[key.column.table.name][key.column.name]
    return values | ({"municipality_id": municipality_id} if "municipality_id" in table.columns else {})


def _value(column: Column[Any], *, is_unique: bool) -> object:
    kind = column.type
    if isinstance(kind, Enum):
        return kind.python_type(kind.enums[0]) if kind.enum_class else kind.enums[0]
    if isinstance(kind, JSON):
        return {} if str(getattr(column.server_default, "arg", "")) == "{}" else []
    if isinstance(kind, Utc):
        return _PLAIN[datetime]
    if kind.python_type is str:
        return new_id() if is_unique or column.name == "id" else column.name
    return _PLAIN[kind.python_type]


def _is_enum(column: Column[Any]) -> bool:
    return isinstance(column.type, Enum)
