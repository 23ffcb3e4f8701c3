"""All that a database holds, table by table: read at one moment as plain values, and written again as it was.

A row is a mapping of column names to what JSON can hold, the same on both databases. Tables come in an order in which
no row points at one that comes later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Enum,
    LargeBinary,
    Select,
    String,
    Table,
    collate,
    func,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.exc import OperationalError, StatementError

from styrhjul.db.cell import NotTheCell, meant, saying
from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Municipality
from styrhjul.db.row_security import SCOPE

Row = Mapping[str, Any]

#: What stays where it is, and why; Swedish. Everything else travels.
STAYS: Mapping[str, str] = {
    "sign_in_code": "Koder för inloggning gäller i minuter.",
    "sign_in_session": "Den som är inloggad loggar in igen.",
    "sign_in_tally": "Räknar försök att logga in just nu.",
    "hold": "Allt som läses in hålls tillbaka tills en person släpper det.",
    "channel": "Hur vägen till mejlservern mår just nu.",
    "mail_bucket": "Hur många mejl som får lämna just nu.",
    "order": "Beställda filer beställs igen, och filer som väntar på att läsas skickas in igen.",
    "mail_line": "Vilka som talar med mejlservern just nu.",
    "journal_check": "När journalen har kontrollerats på den här datorn.",
    "backup": "När säkerhetskopior har tagits på den här datorn.",
    "pulse": "När de olika stegen senast kördes på den här datorn.",
    "step_request": "Vilka steg som väntar på att börja just nu.",
    "step_count": "Vad stegen har gjort på den här datorn.",
}
_MUNICIPALITY = METADATA.tables["municipality"]
_SCOPED = text("SELECT set_config(:name, :value, true)")
#: Rows fetched at once: a file or a mail may be large, so few of those.
_MANY, _FEW = 500, 4


class NotTheRow(ValueError):
    """A row is none that its table can hold; `number` is its place among those that were given, from 0."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number = number


def of_municipalities() -> tuple[Table, ...]:
    """Return the tables that hold a municipality's rows, its own first."""
    return tuple(table for table in _travelling() if table is _MUNICIPALITY or "municipality_id" in table.columns)


def of_nobody() -> tuple[Table, ...]:
    """Return the tables whose rows belong to the installation."""
    owned = of_municipalities()
    return tuple(table for table in _travelling() if table not in owned)


def _travelling() -> Iterator[Table]:
    return (table for table in METADATA.sorted_tables if table.name not in STAYS)


def see(connection: Connection, municipality_id: str) -> None:
    """Let the transaction see and write one municipality's rows from now on; SQLite lets it see all."""
    if connection.dialect.name != "sqlite":
        connection.execute(_SCOPED, {"name": SCOPE, "value": municipality_id})


def is_empty(connection: Connection) -> bool:
    """Tell whether nothing that would travel is here: every other row belongs to a municipality."""
    return not any(count(connection, table) for table in (_MUNICIPALITY, *of_nobody()))


def municipalities(connection: Connection, slug: str | None = None) -> list[tuple[str, str, str]]:
    """Return (id, slug, name) of all, or of the one with a short name, in the order of ids."""
    query = select(Municipality.id, Municipality.slug, Municipality.name).order_by(Municipality.id)
    found = connection.execute(query if slug is None else query.where(Municipality.slug == slug))
    return [(row.id, row.slug, row.name) for row in found]


def count(connection: Connection, table: Table, municipality_id: str | None = None) -> int:
    """Return how many rows a table has, of one municipality where one is named."""
    return connection.scalar(_within(select(func.count()).select_from(table), table, municipality_id)) or 0


def rows(connection: Connection, table: Table, municipality_id: str | None = None) -> Iterator[Row]:
    """Yield the rows in the order of their keys, a few at a time; the same order on every database."""
    columns = list(table.columns)
    by_bytes = None if connection.dialect.name == "sqlite" else "C"
    query = select(*(_read(column) for column in columns)).order_by(
        *(_ordered(key, by_bytes) for key in table.primary_key)
    )
    is_heavy = any(isinstance(column.type, LargeBinary) for column in columns)
    options = {"yield_per": _FEW if is_heavy else _MANY}
    names, turn = [column.name for column in columns], [saying(column) for column in columns]
    for row in connection.execute(_within(query, table, municipality_id), execution_options=options):
        yield {name: None if value is None else said(value) for name, said, value in zip(names, turn, row, strict=True)}


def add(connection: Connection, table: Table, found: Sequence[Row]) -> None:
    """Add rows as `rows` gave them. Raises NotTheRow."""
    values = [_meant(table, row, number) for number, row in enumerate(found)]
    if not _takes(connection, table, values):
        for number, each in enumerate(values):  # which one it was
            if not _takes(connection, table, [each]):
                raise NotTheRow(number, _why_not(connection, table, each))


def _takes(connection: Connection, table: Table, values: list[dict[str, Any]]) -> bool:
    """Tell whether the database has added them, all or none."""
    try:
        with connection.begin_nested():
            connection.execute(table.insert(), values)
    except OperationalError:  # no fault of the rows
        raise
    except StatementError:
        return False
    return True


def _why_not(connection: Connection, table: Table, values: Mapping[str, Any]) -> str:
    """Say why the database takes no such row, after it has refused it."""
    for constraint in table.foreign_key_constraints:
        pairs = [(each.column, values[each.parent.name]) for each in constraint.elements]
        found = select(func.count()).where(*(column == value for column, value in pairs))
        if all(value is not None for _, value in pairs) and not connection.scalar(found):
            return f"{', '.join(constraint.column_keys)} pekar på något som inte finns"
    return "databasen tar inte emot raden: den finns redan, eller bryter mot en regel för tabellen"


def keep_versions(connection: Connection, versions: Mapping[str, str]) -> None:
    """Give each municipality, by id, the version of its register; filling the tables has given it another."""
    for municipality_id, version in versions.items():
        see(connection, municipality_id)
        own = update(_MUNICIPALITY).where(_MUNICIPALITY.c.id == municipality_id)
        connection.execute(own.values(register_version=version))


def _within(query: Select[Any], table: Table, municipality_id: str | None) -> Select[Any]:
    if municipality_id is None:
        return query
    return query.where((table.c.id if table is _MUNICIPALITY else table.c.municipality_id) == municipality_id)


def _read(column: Column[Any]) -> Any:  # noqa: ANN401 - a column or an expression of one
    """Read a word as it is stored: one that this version has retired is no error here."""
    return type_coerce(column, String).label(column.name) if isinstance(column.type, Enum) else column


def _ordered(column: Column[Any], by_bytes: str | None) -> Any:  # noqa: ANN401 - same
    """Order texts by their bytes, as SQLite does; a server's own language would order them otherwise."""
    return collate(column, by_bytes) if by_bytes and isinstance(column.type, String) else column


def _meant(table: Table, row: Row, number: int) -> dict[str, Any]:
    if set(row) != set(table.columns.keys()):
        raise NotTheRow(number, f"kolumnerna är inte {table.name}s")
    try:
        return {column.name: meant(column, row[column.name]) for column in table.columns}
    except NotTheCell as why:
        raise NotTheRow(number, str(why)) from None
