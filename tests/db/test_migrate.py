"""Migrations: one head, there and back, and afterwards exactly the tables of the models."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from styrhjul.db import migrate
from styrhjul.db.migrate import METADATA

MUNICIPALITY = """
INSERT INTO municipality
(id, slug, name, starts_on, chief_executive_title, sender_address, reply_to, is_example)
VALUES ('m', 'm', 'M', '2026-10-15', 'kommunchef', 'a@example.org', 'b@example.org', false)
"""
ENTRY = """
INSERT INTO journal_entry (id, municipality_id, number, at, kind, by, data, seal)
VALUES ('e', 'm', 1, '2026-10-15', 'user_added', 'x', '{}', 's')
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'styrhjul.db'}"
    return str(request.getfixturevalue("postgres_owner_url"))


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(Path(migrate.__file__).parent / "migrations")).get_heads()) == 1


def test_every_migration_is_named_after_its_day_and_what_it_does() -> None:
    names = [path.stem for path in (Path(migrate.__file__).parent / "migrations/versions").glob("*.py")]
    assert names
    assert all(name[:8].isdigit() and name.count("_") >= 2 for name in names)


def test_a_migrated_database_has_exactly_the_tables_of_the_models(url: str) -> None:
    migrate.upgrade(url)
    assert migrate.current(url) == migrate.head()
    assert migrate.differences(url) == []


def test_up_down_and_up_again(url: str) -> None:
    migrate.upgrade(url)
    migrate.downgrade(url, "base")
    assert tables(url) == set()
    migrate.upgrade(url)
    assert tables(url) == set(METADATA.tables)


def test_migrating_again_changes_nothing(url: str) -> None:
    migrate.upgrade(url)
    migrate.upgrade(url)
    assert migrate.current(url) == migrate.head()


@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET number = 2", "DELETE FROM journal_entry"])
def test_the_migrated_journal_is_append_only(url: str, statement: str) -> None:
    migrate.upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(MUNICIPALITY))
        connection.execute(text(ENTRY))
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
