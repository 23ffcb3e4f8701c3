"""Rows that go into a table together stand there as those that go one by one, on both databases."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Enum,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry, Notice
from styrhjul.db.journal import Line, write_down
from styrhjul.db.many import Many
from styrhjul.db.model import OfMunicipality, new_id
from styrhjul.db.prepared import Addition
from styrhjul.db.session import Database
from styrhjul.db.upsert import insert_new
from styrhjul.domain.journal import EntryKind
from tests.db.test_isolation import Two, table_of
from tests.filled import Filled
from tests.one_of_each import OWNED, Values, insert_both
from tests.servers import past_every_session

AWKWARD: dict[type, Any] = {
    str: '"Å"\\n {NULL},\n\t%s 😀',
    int: -7,
    bytes: b"\x00\\x41\xff",
    date: date(1066, 10, 14),
    time: time(23, 59, 59, 1),
    datetime: datetime(2027, 3, 28, 1, 59, 59, 123456, tzinfo=timezone(timedelta(hours=2))),
    dict: {"b": ["Å", None, 0.1], "a": {'"': "\\"}, "É": False},
    list: [],
}


@pytest.fixture
def two(database: Database, filled: Filled) -> Two:
    return Two(database, *filled(database, insert_both))


@pytest.mark.parametrize("owned", OWNED)
def test_rows_stand_there_as_sqlalchemy_writes_them(two: Two, owned: type[OfMunicipality]) -> None:
    table, plain = table_of(owned), two.ours[table_of(owned).name]
    rows = [plain, _awkward(table, plain), _as_empty_as_can_be(table, plain), plain]
    with past_every_session(two.database) as connection:
        one_by_one, together = (_without_keys(table, MetaData(), name) for name in ("one_by_one", "together"))
        for bare in (one_by_one, together):
            bare.create(connection)
        connection.execute(insert(one_by_one), rows)
        Many(insert(together)).add(connection, rows)
        assert len(stand := _as_stored(connection, together)) == len(rows)
        assert stand == _as_stored(connection, one_by_one)


def _as_stored(connection: Connection, table: Table) -> list[Any]:
    columns = [column if isinstance(column.type, LargeBinary) else cast(column, Text) for column in table.c]
    return list(connection.execute(select(*columns)))


def _without_keys(table: Table, metadata: MetaData, name: str) -> Table:
    """A table of the same columns that takes any row, and is gone with the connection."""
    columns = [Column(column.name, column.type, nullable=column.nullable) for column in table.columns]
    return Table(name, metadata, *columns, prefixes=["TEMPORARY"])


def _awkward(table: Table, row: Values) -> Values:
    return {column.name: _awkward_value(column, row[column.name]) for column in table.columns}


def _awkward_value(column: Column[Any], plain: object) -> object:
    if isinstance(column.type, Boolean):
        return not plain
    length = getattr(column.type, "length", None)
    if isinstance(column.type, Enum) or (length or 99) < len(AWKWARD[str]):
        return plain
    value = next((AWKWARD[kind] for kind in type(plain).__mro__ if kind in AWKWARD), plain)
    return {"x": value} if isinstance(column.type, JSON) and isinstance(plain, dict) else value


def _as_empty_as_can_be(table: Table, row: Values) -> Values:
    return {column.name: None if column.nullable else row[column.name] for column in table.columns}


def test_what_stands_there_already_is_left_and_the_rest_is_named_in_order(two: Two) -> None:
    own = two.ours["notice"]
    rows = [dict(own, id=new_id(), rung=rung) for rung in ("c", own["rung"], "a", "b")]
    with two.database.municipality(two.our_id) as session:
        assert insert_new(session, Notice, rows, Notice.rung) == ["c", "a", "b"]
        assert insert_new(session, Notice, rows, Notice.rung) == []


def test_the_ids_of_those_that_are_new_come_back_in_their_order(two: Two) -> None:
    own = two.ours["notice"]
    rows = [dict(own, id=new_id(), rung=rung) for rung in ("c", own["rung"], "a", "c", "b")]
    ids = [row["id"] for row in rows]
    with two.database.municipality(two.our_id) as session:
        assert insert_new(session, Notice, rows, Notice.id) == [ids[0], ids[2], ids[4]]
        again = [dict(row, id=new_id()) for row in rows]
        assert insert_new(session, Notice, again, Notice.id) == []
        others = [dict(own, id=new_id(), rung=rung) for rung in ("d", "e")]
        assert insert_new(session, Notice, others, Notice.id) == [row["id"] for row in others]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite knows no length
def test_a_text_that_is_too_long_is_refused_and_not_cut(two: Two) -> None:
    rows = [dict(two.ours["journal_entry"], id=new_id(), number=number, seal="0" * 65) for number in (2, 3)]
    with two.database.municipality(two.our_id) as session, pytest.raises(DataError):
        Addition(insert(JournalEntry)).make(session, rows)


def test_many_lines_are_written_by_the_statement_that_writes_two(two: Two) -> None:
    heard: list[str] = []
    event.listen(two.database.engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    for lines in (2, 300):
        with two.database.municipality(two.our_id) as session:
            line = Line(kind=EntryKind.NOTICE_PLANNED, by="styrhjul", data={"rung": "opening"})
            write_down(session, [line] * lines, AWKWARD[datetime])
    assert len(added := [each for each in heard if "INSERT INTO journal_entry" in each]) == 2
    assert len(set(added)) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite plans by its indexes alone
def test_foreign_keys_are_looked_up_and_nothing_else_is_planned_otherwise(two: Two) -> None:
    with past_every_session(two.database) as connection:
        connection.execute(text('ANALYZE "case"'))  # so small that reading all of it would be cheaper
    with two.database.municipality(two.our_id) as session:
        connection = session.connection()
        planned = connection.execute(PLANNED).all()
        with pytest.raises(IntegrityError), session.begin_nested():
            _notices(two, session, case_id=new_id())
        assert connection.execute(PLANNED).all() == planned
        _notices(two, session)
        assert connection.scalar(READ_WHOLE) == 0
        assert connection.execute(PLANNED).all() == planned


PLANNED = text("SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')")
READ_WHOLE = text("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'case'")


def _notices(two: Two, session: Session, **changes: object) -> None:
    rows = [two.ours["notice"] | changes | {"id": new_id(), "rung": f"rung {number}"} for number in range(40)]
    Addition(insert(Notice)).make(session, rows)
