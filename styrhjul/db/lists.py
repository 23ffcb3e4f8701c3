"""Lists that PostgreSQL is given as one value, whatever their length: its driver spells every single one anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import BinaryExpression, BindParameter, Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg
from sqlalchemy.types import TypeEngine, UserDefinedType


class ListsAsArrays(PGCompiler_psycopg):
    """Writes `= ANY` and `<> ALL` of one array where SQLAlchemy writes `IN` and `NOT IN` of many values.

    The same rows are found, in an empty list too. Lists of pairs, and of what needs no cast, are left alone.
    """

    def visit_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ANN401, ARG002 - as SQLAlchemy has it
        """Write an `IN`."""
        return self._whole(binary, "= ANY", kw) or self._generate_generic_binary(binary, " IN ", **kw)

    def visit_not_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ANN401, ARG002 - same
        """Write a `NOT IN`."""
        return f"({self._whole(binary, '<> ALL', kw) or self._generate_generic_binary(binary, ' NOT IN ', **kw)})"

    def _whole(self, binary: BinaryExpression[Any], operator: str, kw: dict[str, Any]) -> str | None:
        given = binary.right
        if not isinstance(given, BindParameter) or not given.expanding:
            return None
        item: Any = given.type.dialect_impl(self.dialect)
        if not item.render_bind_cast:
            return None
        array = given._clone()  # noqa: SLF001 - the same name and value, and known to be the same
        array.expanding, array.type = False, _ArrayOf(item)
        cast: Callable[..., str] = self.render_bind_cast
        return f"{self.process(binary.left, **kw)} {operator} ({cast(given.type, item, self.process(array, **kw))}[])"


class _ArrayOf(UserDefinedType[Sequence[Any]]):
    """A list of values of one type, in the words in which PostgreSQL reads an array."""

    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """Return how a list is put."""
        process = self.item.bind_processor(dialect)
        if process is None:
            return _array
        return lambda values: _array(map(process, values))


def _array(values: Iterable[Any]) -> str:
    return "{" + ",".join(map(_item, values)) + "}"


def _item(value: Any) -> str:  # noqa: ANN401 - what a driver is given
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if value is None:
        return "NULL"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"no list of {type(value).__name__} is put as one value")
