"""Program and database of different versions: an older program goes on, a newer one says what is missing and ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from styrhjul.db import migrate
from tests.cli.conftest import Command

NEWER = "29991201_plant_trees"


@pytest.fixture
def url(styrhjul: Command, tmp_path: Path) -> str:
    assert styrhjul("migrate").code == 0
    return f"sqlite:///{tmp_path / 'var/styrhjul.db'}"


@pytest.fixture
def newer(url: str) -> str:
    """A database that a version after this one has upgraded."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :newer"), {"newer": NEWER})
    engine.dispose()
    return url


@pytest.fixture
def older(url: str) -> str:
    """A database that a version before this one has left."""
    migrate.downgrade(url, migrate.known()[1])
    return url


def test_the_version_before_goes_on_in_a_database_that_has_been_upgraded(styrhjul: Command, newer: str) -> None:
    assert styrhjul("sweep", "--json", database_url=newer).code == 0
    [tables] = [each for each in styrhjul("doctor", "--json").json if each["check"] == "migrations"]
    assert tables["ok"]
    assert NEWER in tables["detail"]
    assert "nyare version än den här" in tables["detail"]


def test_the_version_before_changes_nothing_in_a_database_that_has_been_upgraded(styrhjul: Command, newer: str) -> None:
    outcome = styrhjul("migrate")
    assert outcome.code == 0
    assert "av en nyare version av Styrhjul" in outcome.err
    assert migrate.current(newer) == NEWER


@pytest.mark.parametrize("words", [("worker",), ("web", "--port", "0"), ("sweep",)], ids=lambda words: words[0])
def test_a_version_that_comes_before_its_tables_ends_at_once_and_says_why(
    styrhjul: Command, older: str, words: tuple[str, ...]
) -> None:
    outcome = styrhjul(*words, database_url=older)
    assert outcome.code == 1
    assert f"programmet behöver {migrate.head()}. Kör: styrhjul migrate" in outcome.err
    assert migrate.current(older) != migrate.head()
