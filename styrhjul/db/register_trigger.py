"""The triggers that give a municipality's register a new version whenever one of its rows changes."""

from __future__ import annotations

from collections.abc import Iterable

#: The tables of the register today; `municipality` itself belongs to it too.
TABLES = (
    *("body", "term_start", "meeting", "post", "person", "appointment"),
    *("policy", "edition", "duty", "duty_body"),
    *("ladder_override", "action_plan"),
)
#: What of a municipality's own row belongs to it today.
COLUMNS = (
    *("slug", "name", "starts_on", "chief_executive_title", "sender_address", "reply_to", "phone"),
    *("released_at", "is_example"),
    *("digest_weekday", "rest_months", "office_opens", "office_closes", "first_year_goals", "currency_review"),
    "free_days",
)
_SQLITE_VERSION = "lower(hex(randomblob(16)))"
_POSTGRES_VERSION = "replace(gen_random_uuid()::text, '-', '')"

_SQLITE = """
CREATE TRIGGER {table}_renews_register_on_{verb} AFTER {verb} ON {table}
BEGIN UPDATE municipality SET register_version = {version} WHERE id = {row}.municipality_id; END
"""
_SQLITE_OWN = """
CREATE TRIGGER municipality_renews_register AFTER UPDATE OF {columns} ON municipality
BEGIN UPDATE municipality SET register_version = {version} WHERE id = NEW.id; END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION renew_register() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
UPDATE municipality SET register_version = {version} WHERE id IN (SELECT municipality_id FROM changed);
RETURN NULL; END $$
"""
_POSTGRES = """
CREATE TRIGGER {table}_renews_register_on_{verb} AFTER {verb} ON {table}
REFERENCING {row} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_register()
"""
_POSTGRES_OWN_FUNCTION = """
CREATE OR REPLACE FUNCTION renew_own_register() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
NEW.register_version = {version}; RETURN NEW; END $$
"""
_POSTGRES_OWN = """
CREATE TRIGGER municipality_renews_register BEFORE UPDATE OF {columns} ON municipality
FOR EACH ROW EXECUTE FUNCTION renew_own_register()
"""
_ROWS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def renewing(dialect: str, *, tables: Iterable[str] = TABLES, columns: Iterable[str] = COLUMNS) -> tuple[str, ...]:
    """Return the statements that renew the version; a migration that builds one of the tables anew runs them again.

    A migration names the tables and columns of its own time.
    """
    if dialect == "sqlite":
        return (*_on_every_table(_SQLITE, tables, _SQLITE_VERSION), *renewing_own(dialect, columns))
    return (
        _POSTGRES_FUNCTION.format(version=_POSTGRES_VERSION),
        _POSTGRES_OWN_FUNCTION.format(version=_POSTGRES_VERSION),
        *_on_every_table(_POSTGRES, tables, _POSTGRES_VERSION),
        *renewing_own(dialect, columns),
    )


def renewing_own(dialect: str, columns: Iterable[str] = COLUMNS) -> tuple[str, ...]:
    """Return those of them that a new column of the municipality's own row asks for: the trigger, made anew."""
    listed = ", ".join(columns)
    if dialect == "sqlite":
        own = _SQLITE_OWN.format(columns=listed, version=_SQLITE_VERSION)
        return ("DROP TRIGGER IF EXISTS municipality_renews_register", own)
    drop = "DROP TRIGGER IF EXISTS municipality_renews_register ON municipality"
    return (drop, _POSTGRES_OWN.format(columns=listed))


def not_renewing(dialect: str, *, tables: Iterable[str] = TABLES) -> tuple[str, ...]:
    """Return the statements that take it away again."""
    if dialect == "sqlite":
        return (
            *(f"DROP TRIGGER {table}_renews_register_on_{verb}" for table in tables for verb in _ROWS),
            "DROP TRIGGER municipality_renews_register",
        )
    return (
        *(f"DROP TRIGGER {table}_renews_register_on_{verb} ON {table}" for table in tables for verb in _ROWS),
        "DROP TRIGGER municipality_renews_register ON municipality",
        "DROP FUNCTION renew_register()",
        "DROP FUNCTION renew_own_register()",
    )


def _on_every_table(statement: str, tables: Iterable[str], version: str) -> list[str]:
    return [
        statement.format(table=table, verb=verb, row=row, version=version)
        for table in tables
        for verb, row in _ROWS.items()
    ]
