"""What is remembered of a municipality's register is forgotten the moment anything in the register changes."""

from __future__ import annotations

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from time import sleep

import pytest
from sqlalchemy import Table, delete, event, insert, select, text, update
from sqlalchemy.orm import Session

from styrhjul.db import register_version
from styrhjul.db.model import Base, Body, Municipality, Policy
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.db.register_trigger import TABLES
from styrhjul.db.register_version import recall
from styrhjul.db.session import Database, municipality_of
from tests.db.test_isolation import Two
from tests.one_of_each import insert_one_of_each, row_like
from tests.servers import past_every_session
from workflows import LIFECYCLES

TODAY = date(2026, 11, 23)
REGISTER = {*TABLES, "municipality"}


@pytest.fixture
def two(database: Database) -> Two:
    two = Two(database, insert_one_of_each(database, "ena"), insert_one_of_each(database, "andra"))
    with past_every_session(database) as connection:  # an office that never opens is refused when it is read
        connection.execute(update(Base.metadata.tables["municipality"]).values(office_closes=time(17)))
    return two


def version(two: Two, municipality_id: str) -> str:
    with two.database.system(read_only=True) as session:
        return session.scalars(select(Municipality.register_version).where(Municipality.id == municipality_id)).one()


def sql(two: Two, statement: str, **values: object) -> None:
    with past_every_session(two.database) as connection:
        connection.execute(text(statement), values)


def another(two: Two, table: Table) -> dict[str, object]:
    """Return one more row, a day or a year later where its days are what tells rows apart."""
    row = row_like(two.ours, table)
    later = {name: value + timedelta(days=400) for name, value in row.items() if isinstance(value, date)}
    if table.name == "duty_body":  # told apart by its duty and its body alone
        sql(two, "DELETE FROM duty_body WHERE municipality_id = :own", own=two.our_id)
    return row | later


def versions(two: Two) -> tuple[str, str]:
    """Return our version and theirs."""
    return version(two, two.our_id), version(two, two.their_id)


def only_ours_is_renewed(two: Two, before: tuple[str, str]) -> bool:
    ours, theirs = versions(two)
    return ours != before[0] and theirs == before[1]


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_row_renews_the_version(two: Two, table: str) -> None:
    before, mapped = versions(two), Base.metadata.tables[table]
    with past_every_session(two.database) as connection:
        connection.execute(update(mapped).where(mapped.c.municipality_id == two.our_id).values(id=mapped.c.id))
    assert only_ours_is_renewed(two, before)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_comes_or_goes_renews_the_version(two: Two, table: str) -> None:
    mapped = Base.metadata.tables[table]
    row = another(two, mapped)
    added = insert(mapped).values(row)
    removed = delete(mapped).where(mapped.c.municipality_id == two.our_id, mapped.c.id == row["id"])
    for statement in (added, removed):
        before = versions(two)
        with past_every_session(two.database) as connection:
            connection.execute(statement)
        assert only_ours_is_renewed(two, before)


@pytest.mark.parametrize(
    "column", sorted({column.name for column in Municipality.__table__.columns} - {"id", "register_version"})
)
def test_every_setting_of_the_municipality_itself_renews_it(two: Two, column: str) -> None:
    before, own = versions(two), Base.metadata.tables["municipality"]
    with past_every_session(two.database) as connection:
        connection.execute(update(own).where(own.c.id == two.our_id).values({column: own.c[column]}))
    assert only_ours_is_renewed(two, before)


def test_what_is_kept_is_read_from_the_register_alone(two: Two) -> None:
    cold, warm = questions(two), questions(two)
    assert warm["case"], "what the cases say is asked every time"
    remembered = set(cold - warm)
    assert remembered
    assert remembered <= REGISTER


def questions(two: Two) -> Counter[str]:
    """Return how often each table is asked while the organisation and its policies are loaded."""
    found: Counter[str] = Counter()

    def note(*given: object) -> None:
        found.update(re.findall(r'(?:FROM|JOIN) "?(\w+)"?', str(given[2])))

    event.listen(two.database.engine, "before_cursor_execute", note)
    with two.database.municipality(two.our_id) as session:
        everything(session, two)
    event.remove(two.database.engine, "before_cursor_execute", note)
    return found


def everything(session: Session, two: Two) -> object:
    organisation = load_organisation(session)
    ids = [two.our_id, *session.scalars(select(Policy.id))]
    return organisation, [
        load_policy_facts(session, organisation, lifecycle, ids, TODAY) for lifecycle in LIFECYCLES.values()
    ]


def test_a_change_is_seen_at_once_by_whoever_made_it_and_by_the_next(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        before = load_organisation(session)
        assert load_organisation(session) is before
        session.execute(update(Body).values(kind="company"))
        assert {body.kind.value for body in load_organisation(session).bodies} == {"company"}
    with two.database.reading(two.our_id) as session:
        assert {body.kind.value for body in load_organisation(session).bodies} == {"company"}


def test_a_session_that_only_reads_sees_one_register_throughout(two: Two) -> None:
    with two.database.reading(two.our_id) as session:
        before = load_organisation(session)
        with two.database.municipality(two.our_id) as other:
            other.execute(update(Body).values(kind="company"))
        assert load_organisation(session) is before
    with two.database.reading(two.our_id) as session:
        assert {body.kind.value for body in load_organisation(session).bodies} == {"company"}


def test_what_was_undone_is_not_remembered(two: Two) -> None:
    with two.database.municipality(two.our_id) as session:
        before = load_organisation(session)
        session.execute(update(Body).values(kind="company"))
        assert load_organisation(session) != before
        session.rollback()
    with two.database.reading(two.our_id) as session:
        assert load_organisation(session) == before


def test_one_municipality_is_not_shown_anothers_register(two: Two) -> None:
    shown = {}
    for own in (two.our_id, two.their_id, two.our_id):
        with two.database.reading(own) as session:
            shown[own] = {body.body_id for body in load_organisation(session).bodies}
    assert shown[two.our_id].isdisjoint(shown[two.their_id])


def test_whoever_changes_the_register_is_alone(two: Two) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with two.database.register(two.our_id):
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with two.database.register(two.our_id):
            inside.set()
            sleep(0.5)  # long enough to come in, if anything let it
            order.append("first")
        waiting.result()
    assert order == ["first", "second"]


@pytest.mark.parametrize(("most", "asked"), [(20, 2), (19, 3)])
def test_registers_are_remembered_by_what_they_weigh(
    two: Two, monkeypatch: pytest.MonkeyPatch, most: int, asked: int
) -> None:
    """Two of ten lines each: where there is room for both none is read twice, else the older one is forgotten."""
    monkeypatch.setattr(register_version, "_remembered", {})
    monkeypatch.setattr(register_version, "_MOST_LINES", most)
    read = list[str]()

    def ten_lines(session: Session) -> str:
        read.append(municipality_of(session))
        return "ten"

    for municipality_id in (two.our_id, two.their_id, two.our_id):
        with two.database.reading(municipality_id) as session:
            assert recall(session, "test", ten_lines, lambda _: 10) == "ten"
    assert len(read) == asked
