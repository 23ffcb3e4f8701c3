"""Statements run past SQLAlchemy answer, write and fail as they do through it, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BindParameter, bindparam, event, insert, select, text, type_coerce, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import InstrumentedAttribute

from styrhjul.db.case_model import Notice, Wake
from styrhjul.db.compiled import Compiled
from styrhjul.db.model import Municipality, OfMunicipality, new_id
from styrhjul.db.session import Database
from tests.db.test_isolation import Two, table_of
from tests.filled import Filled
from tests.one_of_each import OWNED, insert_both

IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
OURS = Compiled(select(Municipality.id).where(Municipality.id == bindparam("own")))


@pytest.fixture
def two(database: Database, filled: Filled) -> Two:
    return Two(database, *filled(database, insert_both))


@pytest.mark.parametrize("table", [*OWNED, Municipality])
def test_every_column_comes_back_as_sqlalchemy_gives_it(two: Two, table: type[OfMunicipality]) -> None:
    columns = list(table_of(table).c)
    question = select(*columns).order_by(*table_of(table).primary_key)
    with two.database.municipality(two.our_id) as session:
        connection = session.connection()
        expected, found = connection.execute(question).all(), Compiled(question).rows(connection, {})
    assert expected
    assert [row._asdict() for row in found] == [row._asdict() for row in expected]
    assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in expected]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, 200), is_among=st.booleans())
def test_a_list_of_any_length_finds_what_is_in_it(two: Two, length: int, *, is_among: bool) -> None:
    question = select(Notice.id).where(Notice.id.in_(IDS)).order_by(Notice.id)
    rest = select(Notice.id).where(Notice.id.not_in(IDS)).order_by(Notice.id)
    ids = [new_id() for _ in range(length)]
    if ids and is_among:
        ids[length // 2] = two.ours["notice"]["id"]
    with two.database.municipality(two.our_id) as session:
        for each in (question, rest):
            expected = session.connection().execute(each, {"ids": ids}).all()
            assert Compiled(each).rows(session.connection(), {"ids": ids}) == expected


def test_one_statement_answers_lists_of_different_lengths(two: Two) -> None:
    kept = Compiled(select(Notice.id).where(Notice.id.in_(IDS)))
    own = two.ours["notice"]["id"]
    with two.database.municipality(two.our_id) as session:
        for length in (1, 0, 3, 2, 70, 129, 1):
            ids = [*(new_id() for _ in range(length - 1)), own][: length or None] if length else []
            assert [row[0] for row in kept.rows(session.connection(), {"ids": ids})] == ([own] if length else [])


AWKWARD = ["", "a,b", '"', "\\", '\\"', "{}", "NULL", "null", "å\n\tö", " x ", "%(ids)s"]


@pytest.mark.parametrize("text_of_it", AWKWARD)
def test_a_list_holds_each_text_as_it_is(two: Two, text_of_it: str) -> None:
    written = Compiled(update(Notice).values(reason=bindparam("why")))
    among, not_among = (
        Compiled(select(Notice.id).where(wanted))
        for wanted in (Notice.reason.in_(bindparam("texts")), Notice.reason.not_in(bindparam("texts")))
    )
    others = [each for each in AWKWARD if each != text_of_it]
    with two.database.municipality(two.our_id) as session:
        connection = session.connection()
        written.run(connection, [{"why": text_of_it}])
        assert among.rows(connection, {"texts": AWKWARD})
        assert not among.rows(connection, {"texts": others})
        assert not_among.rows(connection, {"texts": others})
        assert not not_among.rows(connection, {"texts": AWKWARD})


@pytest.mark.parametrize("column", [Notice.turn, Notice.due_on, Notice.not_before_at, Notice.status])
def test_a_list_holds_what_its_column_does(two: Two, column: InstrumentedAttribute[Any]) -> None:
    own = two.ours["notice"][column.key]
    found = Compiled(select(Notice.id).where(column.in_(bindparam("values"))))
    with two.database.municipality(two.our_id) as session:
        rows = found.rows(session.connection(), {"values": [own, own]})
        assert two.ours["notice"]["id"] in [row[0] for row in rows]
        assert found.rows(session.connection(), {"values": []}) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has every item by itself
@pytest.mark.parametrize("length", [0, 1, 129])
def test_a_list_is_one_value_to_postgresql(two: Two, length: int) -> None:
    heard: list[tuple[str, Any]] = []
    event.listen(two.database.engine, "before_cursor_execute", lambda *told: heard.append((told[2], told[3])))
    with two.database.municipality(two.our_id) as session:
        Compiled(select(Notice.id).where(Notice.id.in_(IDS))).rows(session.connection(), {"ids": ["x"] * length})
    (values,) = (values for sql, values in heard if "FROM notice" in sql)
    assert len(values) == 1


def test_what_nobody_states_is_drawn_for_each_row(two: Two) -> None:
    rows = [{k: v for k, v in two.ours["notice"].items() if k not in {"id", "turn"}} | {"rung": r} for r in ("x", "y")]
    with two.database.municipality(two.our_id) as session:
        assert Compiled(insert(Notice)).run(session.connection(), rows) == 2
        made = session.scalars(select(Notice).where(Notice.rung.in_(("x", "y")))).all()
        assert [notice.turn for notice in made] == [1, 1]
        assert len({notice.id for notice in made}) == 2


def test_a_change_says_how_many_rows_it_met(two: Two) -> None:
    change = Compiled(update(Notice).where(Notice.id.in_(IDS)).values(reason=bindparam("why")))
    with two.database.municipality(two.our_id) as session:
        ids = [new_id(), two.ours["notice"]["id"], new_id()]
        assert change.run(session.connection(), [{"ids": ids, "why": "därför"}]) == 1
        assert session.scalars(select(Notice.reason)).all() == ["därför"]


def test_a_statement_that_fails_fails_as_through_sqlalchemy_and_the_savepoint_is_left(two: Two) -> None:
    again = two.ours["wake"]
    with two.database.municipality(two.our_id) as session:
        with pytest.raises(IntegrityError), session.begin_nested():
            Compiled(insert(Wake)).run(session.connection(), [again])
        assert session.scalars(select(Wake.subject_id)).all() == [again["subject_id"]]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # a file is not lost
def test_a_connection_that_is_lost_is_not_used_again(two: Two) -> None:
    with pytest.raises(OperationalError) as lost:
        _ask_over_a_lost_line(two)
    assert lost.value.connection_invalidated
    with two.database.municipality(two.our_id) as session:
        assert len(OURS.rows(session.connection(), {"own": two.our_id})) == 1


def _ask_over_a_lost_line(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        own = session.connection().scalar(text("SELECT pg_backend_pid()"))
        with two.database.system() as other:
            other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        OURS.rows(session.connection(), {"own": two.our_id})


def test_a_value_that_cannot_be_read_is_no_fault_of_the_database(two: Two) -> None:
    kinds = Compiled(select(type_coerce(Wake.lifecycle, Wake.subject_kind.type)))
    with two.database.municipality(two.our_id) as session, pytest.raises(LookupError):
        kinds.rows(session.connection(), {})


def test_who_listens_to_statements_hears_these_too(two: Two) -> None:
    heard: list[str] = []
    event.listen(two.database.engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with two.database.municipality(two.our_id) as session:
        Compiled(select(Wake.subject_id)).rows(session.connection(), {})
    assert [each for each in heard if "wake" in each]


def test_a_value_that_is_missing_is_not_taken_for_nothing(two: Two) -> None:
    asked = Compiled(select(Wake.subject_id).where(Wake.lifecycle == bindparam("lifecycle")))
    with two.database.municipality(two.our_id) as session, pytest.raises(Exception, match="lifecycle"):
        asked.rows(session.connection(), {})
