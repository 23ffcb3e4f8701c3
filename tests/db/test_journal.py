"""The journal on both databases: nobody edits it, who does so is found out, and nothing is done unwritten."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import structlog.testing
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry, JournalHead
from styrhjul.db.journal import Line, entries, write_down
from styrhjul.db.model import User, UserRole
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.services.municipality.directory import NewUser, add_user
from styrhjul.services.records.journal import verify_journals
from tests.servers import past_every_session
from tests.town import build_town

OPENING = date(2027, 1, 7)
AT = datetime(2027, 1, 7, 8, tzinfo=UTC)
DROP = {
    "sqlite": ("DROP TRIGGER journal_entry_no_update", "DROP TRIGGER journal_entry_no_delete"),
    "postgresql": ("DROP TRIGGER journal_entry_append_only ON journal_entry",),
}


def line(words: str) -> Line:
    return Line(kind=EntryKind.USER_ADDED, by="test", data={"words": words})


@pytest.fixture
def municipality_id(database: Database) -> str:
    """A municipality whose journal has five lines."""
    town = build_town(database)
    for number in range(5):
        with database.municipality(town.municipality_id) as session:
            write_down(session, [line(f"rad {number}")], AT)
    return town.municipality_id


def write_in_vain(database: Database, municipality_id: str) -> None:
    """Write down a line, and fail afterwards."""
    with database.municipality(municipality_id) as session:
        write_down(session, [line("undone")], AT)
        raise ZeroDivisionError


def words(database: Database, municipality_id: str) -> list[object]:
    with database.reading(municipality_id) as session:
        return [entry.data["words"] for entry, _ in entries(session)]


# -- append-only -------------------------------------------------------------------------------------------------------


#: By the trigger, or before it: on PostgreSQL the program's user may only add lines.
REFUSED = r"append-only|permission denied"


@pytest.mark.parametrize("statement", [update(JournalEntry).values(by="x"), delete(JournalEntry)])
def test_the_database_itself_refuses_to_change_a_line(
    database: Database, municipality_id: str, statement: object
) -> None:
    with pytest.raises(DatabaseError, match=REFUSED), database.system() as session:
        session.execute(statement)  # type: ignore[call-overload]
    assert verify_journals(database).entries == 5


def test_no_session_of_ours_gets_round_it_row_by_row(database: Database, municipality_id: str) -> None:
    with (
        pytest.raises(DatabaseError, match=REFUSED),
        database.municipality(municipality_id) as session,
    ):
        session.scalars(select(JournalEntry).limit(1)).one().by = "x"
    with (
        pytest.raises(DatabaseError, match=REFUSED),
        database.municipality(municipality_id) as session,
    ):
        session.delete(session.scalars(select(JournalEntry).limit(1)).one())


# -- found out (P10) ---------------------------------------------------------------------------------------------------

EDITS = {
    "an edit": ["UPDATE journal_entry SET by = 'someone else' WHERE number = 3"],
    "an edit of what was said": ["""UPDATE journal_entry SET data = '{"words": "annat"}' WHERE number = 2"""],
    "a moved moment": ["UPDATE journal_entry SET at = '2027-01-08 08:00:00' WHERE number = 4"],
    "a deletion": ["DELETE FROM journal_entry WHERE number = 3"],
    "a deletion closed up": [
        "DELETE FROM journal_entry WHERE number = 3",
        "UPDATE journal_entry SET number = 3 WHERE number = 4",
        "UPDATE journal_entry SET number = 4 WHERE number = 5",
        "UPDATE journal_head SET number = 4",
    ],
    "a swap": [
        "UPDATE journal_entry SET number = 99 WHERE number = 2",
        "UPDATE journal_entry SET number = 2 WHERE number = 3",
        "UPDATE journal_entry SET number = 3 WHERE number = 99",
    ],
    "a cut tail": ["DELETE FROM journal_entry WHERE number = 5"],
    "a cut tail with a lowered head": [
        "DELETE FROM journal_entry WHERE number = 5",
        "UPDATE journal_head SET number = 4",
    ],
    "a lost head": ["DELETE FROM journal_head"],
    "everything gone but the head": ["DELETE FROM journal_entry"],
}


def behind_our_back(database: Database, statements: list[str]) -> None:
    with past_every_session(database) as connection:
        for statement in (*DROP[database.engine.dialect.name], *statements):
            connection.execute(text(statement))


def test_an_untouched_journal_verifies(database: Database, municipality_id: str) -> None:
    report = verify_journals(database)
    assert (report.entries, report.broken) == (5, ())


@pytest.mark.parametrize("statements", EDITS.values(), ids=EDITS.keys())
def test_what_is_done_behind_our_back_is_found(database: Database, municipality_id: str, statements: list[str]) -> None:
    behind_our_back(database, statements)
    assert [found.municipality_id for found in verify_journals(database).broken][:1] == [municipality_id]


def test_another_municipalitys_chain_is_not_suspected(database: Database, municipality_id: str) -> None:
    other = build_town(database, "storby")
    with database.municipality(other.municipality_id) as session:
        write_down(session, [line("deras")], AT)
    behind_our_back(database, ["UPDATE journal_entry SET by = 'x' WHERE number > 1"])
    assert {found.municipality_id for found in verify_journals(database).broken} == {municipality_id}


# -- one chain ---------------------------------------------------------------------------------------------------------


def test_two_who_write_at_once_keep_one_chain(database: Database) -> None:
    """The first line of all included: neither finds a head yet."""
    municipality_id = build_town(database).municipality_id
    together = threading.Barrier(4)

    def write(name: str) -> None:
        together.wait(60)
        for number in range(5):
            with database.municipality(municipality_id) as session:
                write_down(session, [line(f"{name}{number}"), line(f"{name}{number}+")], AT)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, name) for name in "abcd"]:
            done.result(60)
    assert (verify_journals(database).entries, verify_journals(database).broken) == (40, ())
    assert len(set(words(database, municipality_id))) == 40


def test_lines_stand_in_the_order_they_were_written_down(database: Database, municipality_id: str) -> None:
    with database.municipality(municipality_id) as session:
        write_down(session, [line("a"), line("b")], AT)
        write_down(session, [line("c")], AT)
    assert words(database, municipality_id)[5:] == ["a", "b", "c"]


def test_what_a_savepoint_undoes_is_not_written(database: Database, municipality_id: str) -> None:
    with database.municipality(municipality_id) as session:
        write_down(session, [line("before")], AT)
        with session.begin_nested() as savepoint:
            write_down(session, [line("undone")], AT)
            savepoint.rollback()
        with session.begin_nested():
            write_down(session, [line("kept")], AT)
    assert words(database, municipality_id)[5:] == ["before", "kept"]
    assert verify_journals(database).broken == ()


def write_and_fail_to_flush(session: Session) -> None:
    write_down(session, [line("undone")], AT)
    session.add(User(address=None, name="Anna"))
    session.flush()


def test_a_flush_that_fails_undoes_the_lines_of_its_savepoint_alone(database: Database, municipality_id: str) -> None:
    with database.municipality(municipality_id) as session:
        write_down(session, [line("before")], AT)
        with session.begin_nested():
            write_down(session, [line("kept")], AT)
        with pytest.raises(IntegrityError), session.begin_nested():
            write_and_fail_to_flush(session)
    assert words(database, municipality_id)[5:] == ["before", "kept"]
    assert verify_journals(database).broken == ()


def test_what_stands_in_a_savepoint_within_one_that_is_undone_is_not_written(
    database: Database, municipality_id: str
) -> None:
    with database.municipality(municipality_id) as session:
        write_down(session, [line("before")], AT)
        with session.begin_nested() as savepoint:
            with session.begin_nested():
                write_down(session, [line("undone")], AT)
            savepoint.rollback()
    assert words(database, municipality_id)[5:] == ["before"]


def test_what_is_rolled_back_is_not_written(database: Database, municipality_id: str) -> None:
    with pytest.raises(ZeroDivisionError):
        write_in_vain(database, municipality_id)
    assert verify_journals(database).entries == 5


# -- nothing is done unwritten (F-52) ----------------------------------------------------------------------------------


def test_when_the_journal_cannot_be_written_nothing_is_done(database: Database, municipality_id: str) -> None:
    behind_our_back(database, ["ALTER TABLE journal_entry RENAME TO journal_entry_away"])
    with pytest.raises(DatabaseError):
        add_user(
            database,
            municipality_id,
            NewUser(address="anna@example.org", name="Anna", roles=frozenset({UserRole.AUDITOR})),
            AT,
        )
    with database.reading(municipality_id) as session:
        assert session.scalars(select(User)).all() == []
        assert session.scalars(select(JournalHead.number)).one() == 5


def test_a_sweep_whose_journal_cannot_be_written_opens_no_case(database: Database) -> None:
    town = build_town(database)
    behind_our_back(database, ["ALTER TABLE journal_entry RENAME TO journal_entry_away"])
    with structlog.testing.capture_logs() as logged:
        assert town.sweep(OPENING).stuck == 1
    assert [event["event"] for event in logged] == ["municipality_stuck"]
    assert (town.cases(), town.notices()) == ([], [])
    with past_every_session(database) as connection:
        connection.execute(text("ALTER TABLE journal_entry_away RENAME TO journal_entry"))
    assert town.sweep(OPENING).opened == 2
