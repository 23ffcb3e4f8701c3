"""P7 in PostgreSQL itself: whatever a statement says, the database shows the program one municipality's rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from config.clock import wall_time
from config.settings import load_settings
from styrhjul.db import migrate
from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Body
from styrhjul.db.role_check import Freedom, freedoms
from styrhjul.db.row_security import ACROSS, SCOPE, SYSTEM, WITHOUT, secure
from styrhjul.db.session import Database
from styrhjul.services.foundation.installation import Installation, NothingHoldsApart, OneUserForAll
from styrhjul.services.operations.doctor import examine
from tests.db.test_isolation import Two
from tests.filled import Filled
from tests.one_of_each import OWNED, insert_both
from tests.servers import OWNERS, PostgresServer, clone_database, drop_database

TABLES = sorted(str(METADATA.tables[owned.__tablename__].name) for owned in OWNED)  # type: ignore[attr-defined]
GUARDED = [table for table in TABLES if table not in WITHOUT]


#: Once more what a session across municipalities may do, so that nobody widens it unnoticed: each line has a reason in
#: docs/architecture.md. Whatever is not here it neither reads nor writes.
SYSTEM_MAY = {
    "answer_link": "reads",
    "calendar_link": "reads",
    "case": "reads",
    "mail": "reads and writes",
    "mail_attempt": "reads and writes",
    "mail_item": "reads",
    "notice": "reads",
    "oidc_provider": "reads",
    "order": "reads and writes",
    "policy_calendar_link": "reads",
    "quarantine": "reads",
    "signing_key": "reads",
    "trial": "reads",
    "webhook": "reads",
    "webhook_message": "reads and writes",
}


@pytest.fixture
def two(postgres_database_url: str, filled: Filled) -> Iterator[Two]:
    database = Database(postgres_database_url)
    yield Two(database, *filled(database, insert_both))
    database.dispose()


def plain(two: Two) -> psycopg.Connection[Any]:
    """A connection of the program's user past every layer of ours, as an injected statement would have it."""
    url = two.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True)


def owners_seen(connection: psycopg.Connection[Any], table: str) -> set[str]:
    found = connection.execute(f'SELECT municipality_id FROM "{table}"'.encode()).fetchall()  # noqa: S608 - a table of ours
    return {row[0] for row in found}


def speaking_for(connection: psycopg.Connection[Any], scope: str) -> None:
    connection.execute("BEGIN")
    connection.execute("SELECT set_config(%s, %s, true)", (SCOPE, scope))


@pytest.mark.parametrize("statement", ["SELECT * FROM {}", "UPDATE {} SET municipality_id = 'x'", "DELETE FROM {}"])
def test_a_transaction_that_says_nothing_is_refused(two: Two, statement: str) -> None:
    """Fail closed: an error, not an empty answer; journal lines cannot even be asked to change."""
    with plain(two) as connection:
        for table in GUARDED:
            with pytest.raises((psycopg.errors.UndefinedObject, psycopg.errors.InsufficientPrivilege)):
                connection.execute(statement.format(f'"{table}"').encode())


def test_what_the_transaction_before_said_is_forgotten(two: Two) -> None:
    with plain(two) as connection:
        speaking_for(connection, two.our_id)
        assert owners_seen(connection, "body") == {two.our_id}
        connection.execute("COMMIT")
        with pytest.raises(psycopg.errors.CheckViolation):
            owners_seen(connection, "body")


def test_a_transaction_sees_the_rows_of_the_municipality_it_speaks_for(two: Two) -> None:
    with plain(two) as connection:
        speaking_for(connection, two.our_id)
        assert {table: owners_seen(connection, table) for table in GUARDED} == {
            table: {two.our_id} for table in GUARDED
        }


def test_a_system_session_reaches_what_is_listed_and_no_more(two: Two) -> None:
    with plain(two) as connection:
        speaking_for(connection, SYSTEM)
        reached = {table for table in GUARDED if len(owners_seen(connection, table)) == 2}
        seen = {table for table in GUARDED if owners_seen(connection, table)}
    assert reached == seen == set(SYSTEM_MAY)


def test_a_system_session_writes_what_is_listed_and_no_more(two: Two) -> None:
    written = set()
    with plain(two) as connection:
        speaking_for(connection, SYSTEM)
        for table in set(GUARDED) - {"journal_entry"}:
            changed = connection.execute(f'UPDATE "{table}" SET municipality_id = municipality_id'.encode())  # noqa: S608 - ours
            written |= {table} if changed.rowcount else set()
    assert written == {table for table, how in SYSTEM_MAY.items() if how == "reads and writes"}


def test_what_is_listed_is_what_was_meant() -> None:
    assert {table: {"r": "reads", "w": "reads and writes"}[how] for table, how in ACROSS.items()} == SYSTEM_MAY


def test_the_programs_user_may_do_with_each_table_what_was_meant(two: Two) -> None:
    asked = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = current_user"
    with plain(two) as connection:
        may: dict[str, set[str]] = {}
        for table, right in connection.execute(asked).fetchall():
            may.setdefault(table, set()).add(right)
    everywhere = {table: {"SELECT", "INSERT", "UPDATE", "DELETE"} for table in METADATA.tables}
    assert may == everywhere | {"journal_entry": {"SELECT", "INSERT"}, "alembic_version": {"SELECT"}}


@pytest.mark.parametrize(
    "way",
    [
        "UPDATE body SET municipality_id = %s",
        "INSERT INTO body (municipality_id, id, slug, name, kind) VALUES (%s, 'b', 'b', 'b', 'committee')",
    ],
)
def test_a_row_cannot_be_put_into_another_municipality(two: Two, way: str) -> None:
    with plain(two) as connection:
        speaking_for(connection, two.our_id)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(way.encode(), (two.their_id,))


def test_another_municipality_is_known_and_cannot_be_changed(two: Two) -> None:
    with plain(two) as connection:
        speaking_for(connection, two.our_id)
        changed = connection.execute("UPDATE municipality SET name = 'x' WHERE id = %s", (two.their_id,))
        assert changed.rowcount == 0


def test_a_migration_is_believed_from_the_owner_alone(two: Two) -> None:
    with plain(two) as connection:
        speaking_for(connection, "migration")
        assert not any(owners_seen(connection, table) for table in GUARDED)


def test_a_pooled_connection_speaks_for_whoever_holds_it(two: Two) -> None:
    for municipality_id in (two.our_id, two.their_id) * 3:
        with two.database.reading(municipality_id) as session:
            assert session.connection().scalars(select(Body.__table__.c.municipality_id)).all() == [municipality_id]
    with two.database.engine.connect() as connection, pytest.raises(DatabaseError, match="styrhjul"):
        connection.execute(select(Body.__table__.c.municipality_id))


def test_a_session_goes_on_speaking_for_its_municipality_after_a_rollback(two: Two) -> None:
    with two.database.reading(two.our_id) as session:
        for _ in range(2):
            assert session.scalars(select(Body.municipality_id)).all() == [two.our_id]
            session.rollback()


def test_there_is_no_view_that_would_see_past_the_policies(two: Two) -> None:
    with plain(two) as connection:
        assert connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'").fetchall() == []


# -- who the program is ------------------------------------------------------------------------------------------------


def test_the_user_of_the_tests_is_one_that_the_policies_hold_for(two: Two) -> None:
    with two.database.system(read_only=True) as session:
        assert freedoms(session) == set()


@pytest.mark.parametrize(
    ("statement", "freedom"),
    [
        ("ALTER TABLE body OWNER TO styrhjul_program", Freedom.OWNS),
        ("ALTER TABLE body DISABLE ROW LEVEL SECURITY", Freedom.UNGUARDED),
        ("ALTER TABLE body NO FORCE ROW LEVEL SECURITY", Freedom.UNGUARDED),
    ],
)
def test_the_program_does_not_start_where_the_policies_would_not_hold(
    postgres_database_url: str, statement: str, freedom: Freedom
) -> None:
    engine = create_engine(OWNERS[postgres_database_url], poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))
    installation = Installation.open(load_settings(database_url=postgres_database_url))
    with installation.database.system(read_only=True) as session:
        assert freedoms(session) == {freedom}
    with pytest.raises(NothingHoldsApart):
        installation.prepare()
    installation.close()


def test_the_program_does_not_start_as_a_superuser(postgres_owner_url: str) -> None:
    installation = Installation.open(load_settings(database_url=postgres_owner_url))
    with pytest.raises(NothingHoldsApart, match="är superanvändare"):
        installation.prepare()
    with pytest.raises(OneUserForAll):
        installation.migrate()
    installation.close()


def test_what_serves_starts_without_the_owners_url_once_the_tables_are_there(postgres_database_url: str) -> None:
    installation = Installation.open(load_settings(database_url=postgres_database_url))
    installation.make_ready()
    owner = OWNERS[postgres_database_url]
    knows = Installation.open(load_settings(database_url=postgres_database_url, migrate_database_url=owner))
    found = {
        each is knows: next(check for check in examine(each, wall_time()) if check.check == "isolation")
        for each in (installation, knows)
    }
    assert "databasen håller kommunerna isär" in found[False].detail
    assert found[True].detail.startswith("varning: STYRHJUL_MIGRATE_DATABASE_URL")
    installation.close()
    knows.close()


# -- an owner with no more rights than it needs ------------------------------------------------------------------------


@pytest.fixture
def modest(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database whose owner is no superuser."""
    name, owner = f"styrhjul_modest_{os.getpid()}", f"styrhjul_owner_{os.getpid()}"
    drop_database(postgres_server, name)
    postgres_server.execute(f"DROP ROLE IF EXISTS {owner}", f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD '{owner}'")
    clone_database(postgres_server, "template1", name)
    postgres_server.execute(f"ALTER DATABASE {name} OWNER TO {owner}")
    url = make_url(postgres_server.database_url(name)).set(username=owner, password=owner)
    yield url.render_as_string(hide_password=False)
    drop_database(postgres_server, name)
    postgres_server.execute(f"DROP ROLE IF EXISTS {owner}_program", f"DROP ROLE {owner}")


def test_an_owner_without_rights_of_its_own_migrates_there_and_back_and_makes_the_program_its_user(modest: str) -> None:
    program = make_url(modest).set(username=f"styrhjul_owner_{os.getpid()}_program", password="it's a secret")
    as_program = program.render_as_string(hide_password=False)
    migrate.upgrade(modest, program=as_program)
    migrate.downgrade(modest, "20261122_create_tables")
    migrate.upgrade(modest, program=as_program)
    database = Database(as_program)
    with database.system(read_only=True) as session:
        assert freedoms(session) == set()
    assert migrate.current(as_program) == migrate.head()
    database.dispose()


def test_an_owner_that_is_no_superuser_is_kept_within_too(modest: str) -> None:
    """FORCE: without it the owner would see every row."""
    migrate.upgrade(modest)
    engine = create_engine(modest, poolclass=NullPool)
    with Session(engine) as session, pytest.raises(DatabaseError, match="styrhjul"):
        session.scalars(select(Body)).all()


def test_securing_again_changes_nothing(postgres_owner_url: str) -> None:
    engine = create_engine(postgres_owner_url, poolclass=NullPool)
    policies = text("SELECT tablename, policyname, roles::text, cmd, qual FROM pg_policies ORDER BY 1, 2")
    with engine.begin() as connection:
        before = connection.execute(policies).all()
        secure(connection)
        assert connection.execute(policies).all() == before
    assert len(before) == 2 * len(GUARDED) + len(ACROSS) + 3
