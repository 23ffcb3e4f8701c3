"""P7 once more: statements that go past the unit of work see, change and make our own rows only."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from styrhjul.db.model import Policy
from styrhjul.db.prepared import Addition, Change, Reading
from styrhjul.db.session import Database, ForeignMunicipality, NotScoped
from tests.db.test_isolation import READINGS, Two, another, table_of
from tests.one_of_each import OWNED, insert_one_of_each, row_like


@pytest.fixture
def two(database: Database) -> Two:
    return Two(database, insert_one_of_each(database, "ena"), insert_one_of_each(database, "andra"))


def test_whichever_way_a_table_is_read_only_our_own_rows_are_there(two: Two) -> None:
    with two.database.reading(two.our_id) as session:
        leaks = [
            f"{owned.__name__} {name}"
            for owned in OWNED
            for name, reading in READINGS.items()
            if name != "union" and {row[0] for row in Reading(reading(owned)).rows(session)} != {two.our_id}
        ]
    assert leaks == []


def test_every_municipality_is_read_in_no_session_of_one(two: Two) -> None:
    titles = Reading(select(Policy.municipality_id))
    with two.database.system(read_only=True) as session:
        assert {row[0] for row in titles.everywhere(session)} == {two.our_id, two.their_id}
    with pytest.raises(NotScoped), two.database.reading(two.our_id) as session:
        titles.everywhere(session)


def test_what_changes_every_row_changes_only_ours(two: Two) -> None:
    before = two.their_rows()
    for owned in OWNED:
        if table_of(owned).name == "journal_entry":
            continue  # refuses every change, ours too: test_journal.py
        with two.database.municipality(two.our_id) as session:
            Change(update(owned).values(another(owned, two))).make(session, {})
            Change(delete(owned).where(owned.municipality_id == two.their_id)).make(session, {})
    assert two.their_rows() == before


def test_a_change_by_key_meets_no_row_of_theirs(two: Two) -> None:
    theirs = two.theirs["policy"]["id"]
    renamed = Change(update(Policy).where(Policy.id == bindparam("policy")).values(title="Deras"))
    with two.database.municipality(two.our_id) as session:
        assert renamed.counted(session, policy=theirs) == 0
        assert renamed.counted(session, policy=two.ours["policy"]["id"]) == 1


def test_a_row_of_theirs_cannot_be_added(two: Two) -> None:
    before = two.their_rows()
    for owned in OWNED:
        with pytest.raises(ForeignMunicipality), two.database.municipality(two.our_id) as session:
            Addition(insert(owned)).make(session, [row_like(two.theirs, table_of(owned))])
    assert two.their_rows() == before
