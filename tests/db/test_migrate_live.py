"""A database is upgraded while people work in it: no lock is waited for long, and an upgrade that stops stands well."""

# ruff: noqa: S608 - names of our own

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool
from structlog.testing import capture_logs

from styrhjul.db import migrate
from styrhjul.db.migrate import METADATA
from styrhjul.db.migrate_live import Patience, UpgradeBlocked, alone
from tests.next_version import COLUMN, INDEX, TABLE, copy_migrations, plant
from tests.servers import OWNERS, PROGRAM

#: Holds out as long as a test may run.
STUBBORN = Patience(lock_seconds=0.05, tries=10_000, pause_seconds=0.05)
SOON_TIRED = Patience(lock_seconds=0.6, tries=4, pause_seconds=0.3)  # so long that who is in the way is seen


@pytest.fixture
def program(postgres_database_url: str) -> str:
    """A database of this version, as the program reaches it."""
    return postgres_database_url


@pytest.fixture
def owner(program: str) -> str:
    return OWNERS[program]


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make this the next version, with the migrations that are named."""
    before = migrate.head()
    folder = copy_migrations(tmp_path)

    def grow(*revisions: str) -> None:
        plant(folder, *revisions)
        monkeypatch.setattr(migrate, "_SCRIPTS", folder)
        assert migrate.known()[len(revisions)] == before

    return grow


@contextmanager
def session(url: str, *statements: str) -> Iterator[Connection]:
    """A transaction of somebody else's, open until the end of the block or until it is rolled back."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        yield connection


def asked(url: str, question: str) -> Any:  # noqa: ANN401 - one cell of any type
    with session(url) as connection:
        return connection.scalar(text(question))


def eventually(happens: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not (happened := happens()) and time.monotonic() < until:
        time.sleep(0.02)
    return happened


def says(lines: list[Any], event: str) -> Callable[[], bool]:
    return lambda: any(line["event"] == event for line in lines)


@contextmanager
def upgrading(*calls: Callable[[], Any], held_up_by: Connection | None = None) -> Iterator[list[Future[Any]]]:
    """Upgrades beside the test; whoever is in their way lets go at its end, whatever becomes of it."""
    with ThreadPoolExecutor(len(calls)) as beside:
        try:
            yield [beside.submit(call) for call in calls]
        finally:
            if held_up_by is not None:
                held_up_by.rollback()


# -- looks first -------------------------------------------------------------------------------------------------------


def test_an_upgrade_with_nothing_to_change_takes_no_lock_that_a_writer_would_notice(owner: str, program: str) -> None:
    """EXCLUSIVE lets a reader by and nobody else; whoever changed a policy or a right would be stopped."""
    tables = ", ".join(f'"{name}"' for name in [*METADATA.tables, "alembic_version"])
    with session(owner, f"LOCK TABLE {tables} IN EXCLUSIVE MODE"):
        assert migrate.upgrade(owner, program=program, patience=SOON_TIRED) == migrate.head()


POLICIES = "SELECT string_agg(p::text, ' ' ORDER BY p::text) FROM pg_policies AS p"
FORCED = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
RIGHTS = (
    "SELECT string_agg(relname || relacl::text || coalesce(attacl::text, ''), ' ' ORDER BY relname, attname)"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


@pytest.mark.parametrize(
    "harm",
    [
        "DROP POLICY own ON body",
        "ALTER POLICY own ON body USING (true)",
        "ALTER POLICY own ON body WITH CHECK (true)",
        "ALTER POLICY migration ON body TO PUBLIC",
        "CREATE POLICY hole ON body USING (true)",
        "ALTER TABLE body DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE body NO FORCE ROW LEVEL SECURITY",
        'ALTER POLICY across ON "case" USING (true)',
        "DROP POLICY across ON mail",
        "DROP POLICY every ON municipality",
        f"REVOKE SELECT ON body FROM {PROGRAM}",
        f"GRANT UPDATE ON journal_entry TO {PROGRAM}",
        f"GRANT UPDATE (seal) ON journal_entry TO {PROGRAM}",
        f"GRANT SELECT ON body TO {PROGRAM} WITH GRANT OPTION",
    ],
)
def test_what_differs_is_put_right_and_no_other_table_is_touched(owner: str, program: str, harm: str) -> None:
    before = [asked(owner, question) for question in (POLICIES, FORCED, RIGHTS)]
    with session(owner, harm) as somebody:
        somebody.commit()
    assert [asked(owner, question) for question in (POLICIES, FORCED, RIGHTS)] != before
    others = ", ".join(f'"{name}"' for name in METADATA.tables if f" {name}" not in harm.replace('"', ""))
    with session(owner, f"LOCK TABLE {others} IN EXCLUSIVE MODE"):
        migrate.upgrade(owner, program=program, patience=SOON_TIRED)
    assert [asked(owner, question) for question in (POLICIES, FORCED, RIGHTS)] == before


# -- somebody is in the way --------------------------------------------------------------------------------------------


def test_an_upgrade_comes_through_when_whoever_was_in_the_way_lets_go(
    owner: str, program: str, planted: Callable[..., None]
) -> None:
    planted(COLUMN)
    with capture_logs() as lines, session(owner, "SELECT * FROM body") as reader:
        with upgrading(lambda: migrate.upgrade(owner, program=program, patience=STUBBORN), held_up_by=reader) as [
            upgrade
        ]:
            assert eventually(says(lines, "table_is_held"))
            assert not upgrade.done()
            reader.rollback()
        assert upgrade.result() == COLUMN


def test_while_an_upgrade_tries_others_get_by(owner: str, program: str, planted: Callable[..., None]) -> None:
    """A reader that never ends is before us; who comes after waits for us no longer than we wait for it."""
    planted(COLUMN)
    with capture_logs() as lines, session(owner, "SELECT * FROM body") as reader:
        with upgrading(lambda: migrate.upgrade(owner, program=program, patience=STUBBORN), held_up_by=reader) as [
            upgrade
        ]:
            assert eventually(says(lines, "table_is_held"))
            for _ in range(10):
                with session(owner, "SET LOCAL statement_timeout = '20s'", "SELECT * FROM body FOR UPDATE"):
                    assert not upgrade.done()
            reader.rollback()
        assert upgrade.result() == COLUMN


def test_an_upgrade_gives_up_says_who_was_in_the_way_and_leaves_nothing_half_done(
    owner: str, program: str, planted: Callable[..., None]
) -> None:
    before = migrate.head()
    planted(COLUMN)
    with session(owner, "SET application_name = 'psql'", "SELECT * FROM body") as reader:
        pid = reader.scalar(text("SELECT pg_backend_pid()"))
        with pytest.raises(UpgradeBlocked, match=rf"process {pid} \(användaren postgres i psql, gör inget") as refused:
            migrate.upgrade(owner, program=program, patience=SOON_TIRED)
    assert f"uppdaterad till {before}" in str(refused.value)
    assert "styrhjul migrate" in str(refused.value)
    assert migrate.current(owner) == before
    with session(owner) as connection:
        assert "planted" not in {column["name"] for column in inspect(connection).get_columns("body")}


def test_an_upgrade_that_stops_stands_at_a_known_revision_and_goes_on_when_repeated(
    owner: str, program: str, planted: Callable[..., None]
) -> None:
    """What was reached is walled in and open to the program: that version may be restarted meanwhile."""
    planted(TABLE, COLUMN, INDEX)
    with session(owner, "SELECT * FROM body"), pytest.raises(UpgradeBlocked):
        migrate.upgrade(owner, program=program, patience=SOON_TIRED)
    assert migrate.current(owner) == TABLE
    assert " planted_tree" in asked(owner, FORCED)
    assert asked(owner, f"SELECT has_table_privilege('{PROGRAM}', 'planted_tree', 'INSERT')")
    assert migrate.upgrade(owner, program=program) == INDEX


def test_an_error_that_is_no_lock_is_not_tried_again(owner: str, program: str, planted: Callable[..., None]) -> None:
    planted(COLUMN)
    with session(owner, "ALTER TABLE body ADD COLUMN planted INTEGER") as somebody:
        somebody.commit()
    with capture_logs() as lines, pytest.raises(Exception, match="already exists"):
        migrate.upgrade(owner, program=program, patience=STUBBORN)
    assert not says(lines, "table_is_held")()


# -- one at a time -----------------------------------------------------------------------------------------------------


def test_another_upgrade_waits_though_the_first_is_between_two_transactions(
    owner: str, program: str, planted: Callable[..., None]
) -> None:
    planted(TABLE, COLUMN)

    def upgrade() -> str | None:
        return migrate.upgrade(owner, program=program, patience=STUBBORN)

    with capture_logs() as lines, session(owner, "SELECT * FROM body") as reader:
        with upgrading(upgrade, held_up_by=reader) as [first]:
            assert eventually(says(lines, "table_is_held"))
            with upgrading(upgrade) as [second]:
                waits = eventually(says(lines, "another_program_migrates"), 20)
                reader.rollback()
        assert (waits, first.result(), second.result()) == (True, COLUMN, COLUMN)


def test_an_index_that_is_made_beside_the_traffic_does_not_wait_for_an_upgrade_that_waits(
    owner: str, program: str, planted: Callable[..., None]
) -> None:
    """An index waits for every statement that runs; one that waited in the database for the lock would be one."""
    planted(INDEX)

    def upgrade() -> str | None:
        return migrate.upgrade(owner, program=program, patience=STUBBORN)

    with capture_logs() as lines, session(owner, "LOCK TABLE mail IN ROW EXCLUSIVE MODE") as writer:
        with upgrading(upgrade, held_up_by=writer) as [first]:
            assert eventually(lambda: bool(asked(owner, INDEXING)))
            with upgrading(upgrade) as [second]:
                assert eventually(says(lines, "another_program_migrates"))
                writer.rollback()
        assert (first.result(), second.result()) == (INDEX, INDEX)
    assert not says(lines, "table_is_held")()


INDEXING = "SELECT count(*) FROM pg_stat_progress_create_index"


def test_an_upgrade_that_was_killed_lets_the_next_one_in(owner: str, program: str) -> None:
    with alone(owner) as killed:
        pid = killed.scalar(text("SELECT pg_backend_pid()"))
        with session(owner, f"SELECT pg_terminate_backend({pid})"):
            assert migrate.upgrade(owner, program=program) == migrate.head()
        killed.invalidate()


def test_who_asks_for_the_revision_waits_for_no_upgrade(owner: str, sqlite_database_url: str) -> None:
    with alone(owner), upgrading(lambda: migrate.current(owner)) as [question]:
        assert question.result(20) == migrate.head()
    with session(sqlite_database_url, "BEGIN IMMEDIATE"):
        assert migrate.current(sqlite_database_url) == migrate.head()


# -- indexes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_index_is_made_beside_the_traffic_and_anew_when_it_was_left_unfinished(
    request: pytest.FixtureRequest, planted: Callable[..., None], kind: str
) -> None:
    url = str(request.getfixturevalue("sqlite_database_url" if kind == "sqlite" else "postgres_owner_url"))
    planted(INDEX)
    if kind == "postgres":
        with session(
            url,
            "CREATE INDEX ix_planted_mail_address ON mail (id)",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_planted_mail_address'::regclass",
        ) as stopped:
            stopped.commit()
    assert migrate.upgrade(url) == INDEX
    with session(url) as connection:
        [index] = [
            each for each in inspect(connection).get_indexes("mail") if each["name"] == "ix_planted_mail_address"
        ]
    assert index["column_names"] == ["municipality_id", "address"]
    if kind == "postgres":
        assert asked(url, "SELECT bool_and(indisvalid) FROM pg_index")


# -- SQLite ------------------------------------------------------------------------------------------------------------


def test_sqlite_is_upgraded_all_at_once_or_not_at_all(sqlite_database_url: str, planted: Callable[..., None]) -> None:
    before = migrate.head()
    planted(TABLE, COLUMN)
    with session(sqlite_database_url, "ALTER TABLE body ADD COLUMN planted INTEGER") as somebody:
        somebody.commit()
    with pytest.raises(Exception, match="duplicate column"):
        migrate.upgrade(sqlite_database_url)
    assert migrate.current(sqlite_database_url) == before
    with session(sqlite_database_url) as connection:
        assert "planted_tree" not in inspect(connection).get_table_names()
