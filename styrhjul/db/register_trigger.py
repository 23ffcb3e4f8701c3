"""The triggers that give a municipality's register a new version whenever one of its rows changes."""

from __future__ import annotations

#: The tables of the register; `municipality` itself belongs to it too.
TABLES = (
    *("body", "term_start", "meeting", "post", "person", "appointment"),
    *("policy", "edition", "duty", "duty_body"),
    *("ladder_override", "action_plan"),
)
_OWN = ("slug", "name", "starts_on", "chief_executive_title", "sender_address", "reply_to", "released_at", "is_example")
_WAYS = ("digest_weekday", "rest_months", "office_opens", "office_closes", "first_year_goals", "currency_review")
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


def _on_every_table(statement: str, version: str) -> list[str]:
    return [
        statement.format(table=table, verb=verb, row=row, version=version)
        for table in TABLES
        for verb, row in _ROWS.items()
    ]


_COLUMNS = ", ".join((*_OWN, *_WAYS))

#: Statements per database that renew the version; a migration that builds one of the tables anew runs them again.
RENEWING: dict[str, tuple[str, ...]] = {
    "sqlite": (
        *_on_every_table(_SQLITE, _SQLITE_VERSION),
        _SQLITE_OWN.format(columns=_COLUMNS, version=_SQLITE_VERSION),
    ),
    "postgresql": (
        _POSTGRES_FUNCTION.format(version=_POSTGRES_VERSION),
        _POSTGRES_OWN_FUNCTION.format(version=_POSTGRES_VERSION),
        *_on_every_table(_POSTGRES, _POSTGRES_VERSION),
        _POSTGRES_OWN.format(columns=_COLUMNS),
    ),
}
#: And those that take it away again.
NOT_RENEWING: dict[str, tuple[str, ...]] = {
    "sqlite": (
        *(f"DROP TRIGGER {table}_renews_register_on_{verb}" for table in TABLES for verb in _ROWS),
        "DROP TRIGGER municipality_renews_register",
    ),
    "postgresql": (
        *(f"DROP TRIGGER {table}_renews_register_on_{verb} ON {table}" for table in TABLES for verb in _ROWS),
        "DROP TRIGGER municipality_renews_register ON municipality",
        "DROP FUNCTION renew_register()",
        "DROP FUNCTION renew_own_register()",
    ),
}
