"""Statements put into the driver's own words once, and run past SQLAlchemy on the session's own connection.

SQLAlchemy writes the SQL and says of each type how its values go in and come out. What it would find out anew at every
execution is found out once for each database and shape: that is most of what a short statement costs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Row
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.engine.result import result_tuple
from sqlalchemy.sql.compiler import SQLCompiler

from styrhjul.db.lists import ListsAsArrays

T = TypeVar("T")
Values: TypeAlias = Mapping[str, Any]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
#: Longer lists are filled up to whole multiples of it, shorter ones to the next power of two.
_DOUBLED_UP_TO = 64


class Compiled:
    """A statement whose values are given by name; lists, of any length, where `IN` asks for one.

    Nothing is flushed first, and nobody looks at whose rows they are: `prepared` does.
    """

    def __init__(self, statement: Any) -> None:  # noqa: ANN401 - a statement of any kind
        self._statement = statement
        #: The lists that are spelled out, by kind of database.
        self._lists: dict[str, list[str]] = {}
        self._worded: dict[tuple[object, ...], _Worded] = {}

    def rows(self, connection: Connection, values: Values) -> list[AnyRow]:
        """Return what the statement answers."""
        worded = self._for(connection.dialect, values)
        return worded.rows(_execute(connection, worded.sql, worded.arguments(values), worded.found))

    def rows_of_each(self, connection: Connection, values: Sequence[Values]) -> list[AnyRow]:
        """Run the statement for each set of values, all of the same names; return what each answered, in their order.

        The database is asked once for each: for one that is in the same process.
        """
        worded = self._for(connection.dialect, values[0])
        arguments = worded.arguments_of_each(values)
        return worded.rows(_execute(connection, worded.sql, arguments, worded.found_of_each, many=True))

    def run(self, connection: Connection, values: Sequence[Values]) -> int:
        """Run the statement for each set of values, all of the same names; return how many rows it met."""
        worded = self._for(connection.dialect, values[0])
        if len(values) == 1:
            return _execute(connection, worded.sql, worded.arguments(values[0]), _met)
        return _execute(connection, worded.sql, worded.arguments_of_each(values), _met_of_each, many=True)

    def _for(self, dialect: Dialect, values: Values) -> _Worded:
        lists = self._lists.get(dialect.name)
        if lists is None:
            binds = _compile(self._statement, dialect, values).bind_names.items()
            lists = self._lists[dialect.name] = [name for bind, name in binds if bind.expanding and name in values]
        shape = (dialect.name, *values, *[_room(len(values[name])) for name in lists])
        worded = self._worded.get(shape)
        if worded is None:
            compiled = _compile(self._statement, dialect, values)
            lengths = {name: _room(len(values[name])) for name in lists}
            worded = self._worded[shape] = _Worded(compiled, values.keys(), lengths)
        return worded


class _Worded:
    """A statement in one driver's words, for some names of values and lengths of lists."""

    def __init__(self, compiled: SQLCompiler, names: Collection[str], lengths: Mapping[str, int]) -> None:
        state = compiled.construct_expanded_state({name: [None] * lengths.get(name, 0) for name in names})
        dialect, binds = compiled.dialect, compiled.bind_names.items()
        into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in binds}
        places = {name: state.parameter_expansion.get(name, [name]) for name in into}
        self.sql = state.statement
        self._order = state.positiontup
        self._single = [(name, into[name]) for name in names if name in into and name not in lengths]
        self._listed = [(name, into[name], places[name]) for name in lengths]
        self._fixed = {
            place: _put(into[name], state.parameters[place])
            for name in into.keys() - set(names)
            for place in places[name]
            if place in state.parameters  # a constant of the dialect's own stands in the SQL already
        }
        defaults: list[tuple[str, Any]] = [(column.key, column.default) for column in compiled.insert_prefetch]
        defaults += [(column.key, column.onupdate) for column in compiled.update_prefetch]
        self._drawn = [(name, into[name], default) for name, default in defaults]
        columns = compiled._result_columns  # noqa: SLF001 - what SQLAlchemy makes its own rows of
        self._row = result_tuple([column.keyname for column in columns])
        self._out = [partial(column.type.dialect_impl(dialect).result_processor, dialect) for column in columns]
        self._processes: list[tuple[int, Callable[[Any], Any]]] | None = None

    def arguments(self, values: Values) -> Any:  # noqa: ANN401 - a sequence or a mapping, as the driver wants it
        """Return one set of values as they are handed to the driver. Raises KeyError where one is missing."""
        given = self._fixed.copy()
        for name, process in self._single:
            given[name] = values[name] if process is None else process(values[name])
        for name, process, places in self._listed:
            items = [*values[name]] if process is None else [process(each) for each in values[name]]
            items += items[-1:] * (len(places) - len(items))  # the last one again, which `IN` does not mind
            given.update(zip(places, items, strict=True))
        for name, process, default in self._drawn:
            given[name] = _put(process, drawn(default))
        return given if self._order is None else [given[name] for name in self._order]

    def arguments_of_each(self, values: Sequence[Values]) -> list[Any]:
        """Return several sets of values as `arguments` does; a value that many of them share is put once."""
        if self._listed:
            return [self.arguments(each) for each in values]
        columns: dict[str, Iterable[Any]] = {name: repeat(value, len(values)) for name, value in self._fixed.items()}
        columns |= {name: put_each(process, [each[name] for each in values]) for name, process in self._single}
        columns |= {name: [_put(process, drawn(default)) for _ in values] for name, process, default in self._drawn}
        if self._order is not None:
            return list(zip(*[columns[name] for name in self._order], strict=True))
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def found(self, cursor: DBAPICursor, sql: str, arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - as the driver wants them
        """Let the driver find what one set of values asks for."""
        cursor.execute(sql, arguments)
        self._learn(cursor)
        return cursor.fetchall()

    def found_of_each(self, cursor: DBAPICursor, sql: str, arguments: Any) -> list[Any]:  # noqa: ANN401 - same
        """Let the driver find what each set of values asks for."""
        return [row for each in arguments for row in self.found(cursor, sql, each)]

    def _learn(self, cursor: DBAPICursor) -> None:
        """Hear from the driver, once, what kinds of values it finds."""
        if self._processes is None:
            every = [out(column[1]) for out, column in zip(self._out, cursor.description, strict=True)]
            self._processes = [(place, process) for place, process in enumerate(every) if process]

    def rows(self, found: Sequence[Any]) -> list[AnyRow]:
        """Return rows of what the driver found."""
        if not self._processes or not found:
            return list(map(self._row, found))
        columns: list[Iterable[Any]] = list(zip(*found, strict=True))
        for place, process in self._processes:
            columns[place] = map(process, columns[place])
        return list(map(self._row, zip(*columns, strict=True)))


def _compile(statement: Any, dialect: Dialect, names: Iterable[str]) -> SQLCompiler:  # noqa: ANN401 - of any kind
    compiler: Any = ListsAsArrays if dialect.name == "postgresql" else dialect.statement_compiler
    compiled: SQLCompiler = compiler(dialect, statement, column_keys=sorted(names), for_executemany=True)
    return compiled


def _put(process: Callable[[Any], Any] | None, value: object) -> object:
    return value if process is None else process(value)


def put_each(process: Callable[[Any], Any] | None, values: Sequence[Any]) -> Sequence[Any]:
    """Return values as a type hands them on; one that stands there many times, the very same, is asked about once."""
    if process is None:
        return values
    known: dict[int, Any] = {}
    for value in values:
        if id(value) not in known:
            known[id(value)] = process(value)
    return [known[id(value)] for value in values]


def drawn(default: Any) -> object:  # noqa: ANN401 - a default of the program's own
    """Return what a column holds where nobody states it: a value, or a new one each time."""
    return default.arg(None) if default.is_callable else default.arg


def _room(items: int) -> int:
    """Return the length that a list is filled up to: one of few, so that a statement has few shapes."""
    if items > _DOUBLED_UP_TO:
        return -(-items // _DOUBLED_UP_TO) * _DOUBLED_UP_TO
    return 1 << (items - 1).bit_length() if items else 0


def _met(cursor: DBAPICursor, sql: str, arguments: Any) -> int:  # noqa: ANN401 - as the driver wants them
    cursor.execute(sql, arguments)
    return cursor.rowcount


def _met_of_each(cursor: DBAPICursor, sql: str, arguments: Any) -> int:  # noqa: ANN401 - same
    cursor.executemany(sql, arguments)
    return cursor.rowcount


def _execute(
    connection: Connection,
    sql: str,
    arguments: Any,  # noqa: ANN401 - same
    run: Callable[[DBAPICursor, str, Any], T],
    *,
    many: bool = False,
) -> T:
    """Let the driver run it. Who listens to SQLAlchemy hears it too, and what goes wrong is raised as from there."""
    cursor = connection.connection.cursor()
    try:
        for hear in connection.dispatch.before_cursor_execute:
            sql, arguments = hear(connection, cursor, sql, arguments, None, many)
        answered = run(cursor, sql, arguments)
    except BaseException as error:  # noqa: BLE001 - it is raised again, and a connection that is lost is let go
        connection._handle_dbapi_exception(error, sql, arguments, cursor, None)  # noqa: SLF001
    cursor.close()
    return answered
