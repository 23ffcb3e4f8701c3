"""PostgreSQL's own wall between municipalities: a policy on every table, and a user for the program that owns none.

`secure` and `admit` run at the end of every migration, so that no new table can be forgotten. A transaction says whom
it is for in the setting SCOPE; one that says nothing is refused by the database. SQLite has no such wall.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import sql
from sqlalchemy import URL, Connection, text

#: Holds the id of the municipality that a transaction is for, or one of the two words below.
SCOPE = "styrhjul.municipality"
#: A named system session, which reaches ACROSS alone.
SYSTEM = "*"
#: A migration; believed from whoever owns the tables only.
MIGRATION = "migration"

#: Tables with a municipality that system sessions reach; `w`: they write there too.
ACROSS = {
    "answer_link": "r",
    "calendar_link": "r",
    "case": "r",
    "mail": "w",
    "mail_attempt": "w",
    "mail_item": "r",
    "notice": "r",
    "oidc_provider": "r",
    "order": "w",
    "policy_calendar_link": "r",
    "quarantine": "r",
    "signing_key": "r",
    "trial": "r",
    "webhook": "r",
    "webhook_message": "w",
}
#: Days and ids alone, claimed across municipalities by the sweep (decision 0004).
WITHOUT = frozenset({"wake"})
#: What the program adds to and never changes.
ONLY_ADDED_TO = ("journal_entry",)

_CURRENT = f"current_setting('{SCOPE}')::styrhjul_scope"
#: An empty setting is what a finished transaction leaves behind: it is refused as one that was never made.
_DOMAIN = """
DO $$ BEGIN CREATE DOMAIN styrhjul_scope AS text CHECK (VALUE <> '');
EXCEPTION WHEN duplicate_object THEN NULL; END $$
"""
_OWNED_TABLES = text(
    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality_id'"
    " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname"
)
_POLICIES = text("SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = :table")


def secure(connection: Connection) -> None:
    """Give every table of a municipality its policies, anew where it has some already; for the tables' owner."""
    connection.exec_driver_sql(_DOMAIN)
    for table in connection.scalars(_OWNED_TABLES).all():
        if table not in WITHOUT:
            _set(connection, table, _policies(table, ACROSS.get(table)))
    if connection.scalar(text("SELECT to_regclass('municipality')")) is not None:
        _set(connection, "municipality", _OF_MUNICIPALITY)


def admit(connection: Connection, program: URL) -> None:
    """Let the program's user work on the tables, and make the user if there is none; for the tables' owner."""
    user = sql.Identifier(str(program.username))
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": program.username}) is None:
        _make_user(connection, program)
    connection.exec_driver_sql(_text(connection, sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(user)))
    for table in connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all():
        for statement in (
            sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), user),
            sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(_allowed(table)), sql.Identifier(table), user),
        ):
            connection.exec_driver_sql(_text(connection, statement))


def _allowed(table: str) -> str:
    if table == "alembic_version":
        return "SELECT"
    return "SELECT, INSERT" if table in ONLY_ADDED_TO else "SELECT, INSERT, UPDATE, DELETE"


def _make_user(connection: Connection, program: URL) -> None:
    """Make it with the password of its URL, which the server's log never sees."""
    given = program.password
    driver: Any = connection.connection.driver_connection
    sealed = driver.pgconn.encrypt_password(str(given or "").encode(), str(program.username).encode()).decode()
    statement = sql.SQL("CREATE ROLE {} LOGIN {}").format(
        sql.Identifier(str(program.username)),
        sql.SQL("PASSWORD {}").format(sql.Literal(sealed)) if given else sql.SQL(""),
    )
    connection.exec_driver_sql(_text(connection, statement))


def _policies(table: str, across: str | None) -> Iterable[str]:
    yield f'CREATE POLICY own ON "{table}" USING (municipality_id = {_CURRENT})'
    if across:
        verbs = "" if across == "w" else "FOR SELECT "
        yield f"CREATE POLICY across ON \"{table}\" {verbs}USING (current_setting('{SCOPE}') = '{SYSTEM}')"
    yield _MIGRATING.format(table=table)


_MIGRATING = (
    f"CREATE POLICY migration ON \"{{table}}\" TO CURRENT_USER USING (current_setting('{SCOPE}') = '{MIGRATION}')"
)
#: Who there is may be read by all: an address, a link or a mail has to find its municipality.
_OF_MUNICIPALITY = (
    "CREATE POLICY every ON municipality FOR SELECT USING (true)",
    f"CREATE POLICY own ON municipality USING (id = {_CURRENT})",
    _MIGRATING.format(table="municipality"),
)


def _set(connection: Connection, table: str, policies: Iterable[str]) -> None:
    connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    connection.exec_driver_sql(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    for name in connection.scalars(_POLICIES, {"table": table}).all():
        connection.exec_driver_sql(f'DROP POLICY "{name}" ON "{table}"')
    for policy in policies:
        connection.exec_driver_sql(policy)


def _text(connection: Connection, statement: sql.Composed) -> str:
    driver: Any = connection.connection.driver_connection
    return statement.as_string(driver)
