"""PostgreSQL's own wall between municipalities: a policy on every table, and a user for the program that owns none.

`secure` and `admit` run with every migration, so that no new table can be forgotten, and leave alone what is in order:
an upgrade goes on while people work. A transaction says whom it is for in the setting SCOPE; one that says nothing is
refused by the database. SQLite has no such wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
DO $$ BEGIN IF to_regtype('styrhjul_scope') IS NULL THEN
CREATE DOMAIN styrhjul_scope AS text CHECK (VALUE <> ''); END IF; END $$
"""
_TABLES = text(
    "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_forced FROM pg_class c"
    " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND (c.relname = 'municipality' OR"
    " EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'municipality_id'))"
    " ORDER BY c.relname"
)
_POLICIES = text(
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    " WHERE schemaname = current_schema()"
)
#: What a user may do with a table or with one of its columns, as it was granted; `*`: and may grant it on.
_GRANTED = text(
    "SELECT c.relname, acl.privilege_type || CASE WHEN acl.is_grantable THEN '*' ELSE '' END"
    " || CASE WHEN source.is_column THEN ' of a column' ELSE '' END"
    " FROM pg_class c CROSS JOIN LATERAL (SELECT c.relacl AS acl, false AS is_column UNION ALL"
    " SELECT a.attacl, true FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL) AS source"
    " CROSS JOIN LATERAL aclexplode(source.acl) AS acl"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
    " AND acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = :name)"
)


def secure(connection: Connection, *, only_new: bool = False) -> None:
    """Give every table of a municipality its policies; touch no table that has them. For the tables' owner."""
    for statements in breaches(connection, only_new=only_new).values():
        run_each(connection, statements)


def breaches(connection: Connection, *, only_new: bool = False) -> dict[str, list[str]]:
    """Return what would have to be said for each table whose policies are not what they should be, and say none of it.

    `only_new`: for tables without any policy. Takes no lock on a table that a reader would not take.
    """
    found = _written(connection)
    tables = [
        (name, is_forced)
        for name, is_forced in connection.execute(_TABLES)
        if name not in WITHOUT and not (only_new and name in found)
    ]
    if not tables:
        return {}
    connection.exec_driver_sql(_DOMAIN)
    wanted, unlike = _as_postgresql_writes_them(connection), dict[str, list[str]]()
    for table, is_forced in tables:
        if not (is_forced and found.get(table) == wanted[_kind(table)]):
            drops = [f'DROP POLICY "{name}" ON "{table}"' for name, *_ in found.get(table, ())]
            unlike[table] = [*_enabled(table), *drops, *_policies(table, _kind(table))]
    return unlike


def run_each(connection: Connection, statements: Iterable[str]) -> None:
    """Say one after the other, in the caller's transaction."""
    for statement in statements:
        connection.exec_driver_sql(statement)


def admit(connection: Connection, program: URL) -> None:
    """Let the program's user work on the tables, and make the user if there is none; for the tables' owner.

    What the user may do already is not granted anew.
    """
    name = str(program.username)
    user = sql.Identifier(name)
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}) is None:
        _make_user(connection, program)
    if not connection.scalar(text("SELECT has_schema_privilege(:name, 'public', 'USAGE')"), {"name": name}):
        connection.exec_driver_sql(_text(connection, sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(user)))
    granted = dict[str, set[str]]()
    for table, privilege in connection.execute(_GRANTED, {"name": name}):
        granted.setdefault(table, set()).add(privilege)
    for table in connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all():
        if granted.get(table) == set(_allowed(table).split(", ")):
            continue
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


#: How far a table is opened: `r` and `w` as in ACROSS, neither, or as the municipalities themselves.
_KINDS = ("", "r", "w", "municipality")


def _kind(table: str) -> str:
    return table if table == "municipality" else ACROSS.get(table, "")


def _policies(table: str, kind: str) -> Iterator[str]:
    if kind == "municipality":
        # Who there is may be read by all: an address, a link or a mail has to find its municipality.
        yield f'CREATE POLICY every ON "{table}" FOR SELECT USING (true)'
    column = "id" if kind == "municipality" else "municipality_id"
    yield f'CREATE POLICY own ON "{table}" USING ({column} = {_CURRENT})'
    if kind in ("r", "w"):
        verbs = "" if kind == "w" else "FOR SELECT "
        yield f"CREATE POLICY across ON \"{table}\" {verbs}USING (current_setting('{SCOPE}') = '{SYSTEM}')"
    yield f"CREATE POLICY migration ON \"{table}\" TO CURRENT_USER USING (current_setting('{SCOPE}') = '{MIGRATION}')"


def _enabled(table: str) -> tuple[str, str]:
    return (f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY', f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def _written(connection: Connection) -> dict[str, set[tuple[Any, ...]]]:
    """Return every table's policies, in PostgreSQL's own words."""
    found = dict[str, set[tuple[Any, ...]]]()
    for table, *policy in connection.execute(_POLICIES):
        found.setdefault(table, set()).add(tuple(policy))
    return found


def _as_postgresql_writes_them(connection: Connection) -> dict[str, set[tuple[Any, ...]]]:
    """Return, by kind, how PostgreSQL would write the policies: it does not keep our words.

    They are made on tables that nobody ever sees.
    """
    with connection.begin_nested() as unseen:
        for kind in _KINDS:
            table = f"styrhjul_wall_{kind}"
            connection.exec_driver_sql(f'CREATE TABLE "{table}" (id VARCHAR(32), municipality_id VARCHAR(32))')
            run_each(connection, _policies(table, kind))
        written = _written(connection)
        unseen.rollback()
    return {kind: written[f"styrhjul_wall_{kind}"] for kind in _KINDS}


def _text(connection: Connection, statement: sql.Composed) -> str:
    driver: Any = connection.connection.driver_connection
    return statement.as_string(driver)
