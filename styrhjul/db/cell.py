"""One value of a row outside the database: written as JSON can hold it, and read again only if it is its column's."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer, LargeBinary, String, Time

from styrhjul.db.model import Utc

#: What a column of numbers holds on PostgreSQL; SQLite would take more.
_LEAST, _MOST = -(2**31), 2**31 - 1


class NotTheCell(ValueError):
    """A value is none that its column can hold; the words are Swedish and begin with the column's name."""

    def __init__(self, column: Column[Any], why: str) -> None:
        super().__init__(f"{column.name} {why}")


def kind_of(column: Column[Any]) -> str:
    """Return how a column's values are written, for people."""
    return next((words for kind, words in _KINDS if isinstance(column.type, kind)), "json")


_KINDS: tuple[tuple[type, str], ...] = (
    (Utc, "moment (ISO 8601, UTC)"),
    (Date, "date (ISO 8601)"),
    (Time, "time of day (ISO 8601)"),
    (LargeBinary, "bytes (base64)"),
    (String, "text"),  # an Enum is one
    (Boolean, "true or false"),
    (Integer, "number"),
    (Float, "number"),
)


def saying(column: Column[Any]) -> Callable[[Any], Any]:
    """Return what writes a column's values, none of them NULL."""
    if isinstance(column.type, Utc):
        return lambda at: at.astimezone(UTC).isoformat()
    if isinstance(column.type, Date | Time):
        return lambda on: on.isoformat()
    if isinstance(column.type, LargeBinary):
        return lambda content: b64encode(content).decode()
    return lambda value: value


def meant(column: Column[Any], said: object) -> object:
    """Return the value that was written so, as the driver takes it. Raises NotTheCell."""
    if isinstance(column.type, JSON):
        return said
    if said is None:
        if not column.nullable:
            raise NotTheCell(column, "får inte saknas")
        return None
    try:
        value = next(read for kind, read in _READ if isinstance(column.type, kind))(said)
        again = saying(column)(value)
    except (TypeError, ValueError, OverflowError):
        value = again = None
    if again is None or again != said:
        raise NotTheCell(column, f"går inte att läsa som {kind_of(column)}")
    if isinstance(column.type, String):
        _judge_text(column, str(value))
    return value


def _judge_text(column: Column[Any], value: str) -> None:
    if isinstance(column.type, Enum):
        if value not in column.type.enums:
            raise NotTheCell(column, f"har ett ord som inte finns där: {value[:40]!r}")
    elif column.type.length is not None and len(value) > column.type.length:  # type: ignore[attr-defined]
        raise NotTheCell(column, "är längre än det får vara")


def _text(said: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    if type(said) is not str or "\0" in said:
        raise TypeError
    said.encode()  # half a character is none
    return said


def _whole_number(said: Any) -> int:  # noqa: ANN401 - same
    if type(said) is not int or not _LEAST <= said <= _MOST:
        raise TypeError
    return said


def _number(said: Any) -> float:  # noqa: ANN401 - same
    if type(said) not in (int, float) or not math.isfinite(said):
        raise TypeError
    return float(said)


def _truth(said: Any) -> bool:  # noqa: ANN401 - same
    if type(said) is not bool:
        raise TypeError
    return said


def _moment(said: Any) -> datetime:  # noqa: ANN401 - same
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError(said)
    return at


_READ: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Utc, _moment),
    (Date, date.fromisoformat),
    (Time, time.fromisoformat),
    (LargeBinary, lambda said: b64decode(said, validate=True)),
    (String, _text),
    (Boolean, _truth),
    (Integer, _whole_number),
    (Float, _number),
)
