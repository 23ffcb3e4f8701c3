"""P7 for statements built once: they see, change and make our own rows only, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from styrhjul.db.case_model import Notice, Wake
from styrhjul.db.model import Municipality, OfMunicipality, new_id
from styrhjul.db.prepared import Addition, Change, Reading
from styrhjul.db.session import Database, ForeignMunicipality, NotScoped
from tests.db.test_isolation import READINGS, Two, table_of
from tests.filled import Filled
from tests.one_of_each import OWNED, insert_both, row_like

EVERYBODY = Reading(select(Wake.municipality_id).order_by(Wake.municipality_id))


@pytest.fixture
def two(database: Database, filled: Filled) -> Two:
    return Two(database, *filled(database, insert_both))


def test_whichever_way_a_table_is_read_only_our_own_rows_are_there(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        leaks = [
            f"{owned.__name__} {name}"
            for owned in OWNED
            for name, reading in READINGS.items()
            if {row[0] for row in Reading(reading(owned)).rows(session)} != {two.our_id}
        ]
    assert leaks == []


def test_a_question_kept_for_one_municipality_answers_for_the_next(two: Two) -> None:
    other = aliased(Notice)
    kept = Reading(select(other.municipality_id).where(other.rung == bindparam("rung")))
    for own, rows in ((two.our_id, two.ours), (two.their_id, two.theirs), (two.our_id, two.ours)):
        with two.database.reading(own) as session:
            assert [row[0] for row in kept.rows(session, rung=rows["notice"]["rung"])] == [own]


def test_only_a_system_session_looks_everywhere(two: Two) -> None:
    with two.database.system(read_only=True) as session:
        assert {row[0] for row in EVERYBODY.everywhere(session)} == {two.our_id, two.their_id}
        with pytest.raises(KeyError):
            EVERYBODY.rows(session)
    with two.database.municipality(two.our_id) as session, pytest.raises(NotScoped):
        EVERYBODY.everywhere(session)


def test_what_the_session_has_not_written_yet_is_read(two: Two) -> None:
    named = Reading(select(Municipality.name).where(Municipality.id == bindparam("own_municipality_id")))
    with two.database.municipality(two.our_id) as session:
        session.get_one(Municipality, two.our_id).name = "Nyby"
        assert [row[0] for row in named.rows(session)] == ["Nyby"]


def test_a_change_leaves_the_other_municipality_as_it_was(two: Two) -> None:
    wake = table_of(Wake)
    assert isinstance(wake, Table)
    before = two.their_rows()
    with two.database.municipality(two.our_id) as session:
        Change(update(wake).values(lifecycle="moved")).make(session, {})
        assert [row[0] for row in Reading(select(Wake.lifecycle)).rows(session)] == ["moved"]
        Change(delete(wake)).make(session, {})
        assert [row[0] for row in Reading(select(func.count()).select_from(Wake)).rows(session)] == [0]
    assert two.their_rows() == before


@pytest.mark.parametrize("owned", OWNED)
def test_a_row_of_theirs_is_not_made(two: Two, owned: type[OfMunicipality]) -> None:
    before = two.their_rows()
    foreign = row_like(two.theirs, table_of(owned))
    with two.database.municipality(two.our_id) as session, pytest.raises(ForeignMunicipality):
        Addition(insert(owned)).make(session, [foreign])
    assert two.their_rows() == before


def test_a_statement_that_hides_whose_it_is_cannot_be_built() -> None:
    wake = table_of(Wake)
    hidden: list[Callable[[], object]] = [
        lambda: Reading(select(wake)),
        lambda: Change(update(wake).values(municipality_id="x")),
        lambda: Addition(insert(Wake).values(municipality_id="x")),
        lambda: Addition(insert(Wake).values([{"municipality_id": "x"}])),
        lambda: Addition(insert(wake).from_select(["lifecycle"], select(wake.c.lifecycle))),
    ]
    for build in hidden:
        with pytest.raises(NotScoped):
            build()


def test_rows_are_made_in_one_go(two: Two) -> None:
    own = two.ours["notice"]
    rows = [dict(own, id=new_id(), rung=rung) for rung in ("one", "two")]
    with two.database.municipality(two.our_id) as session:
        made = Addition(insert(Notice).returning(Notice.id)).returned(session, rows)
        assert sorted(made) == sorted(row["id"] for row in rows)
