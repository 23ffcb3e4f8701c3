"""A database that was in use before whole terms were followed keeps its cases, and gives each an end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from styrhjul.db import migrate

BEFORE = "20261122_create_tables"
ROWS = (Path(__file__).parent / "before_whole_terms.sql").read_text(encoding="utf-8")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as it was, with a case of each sort, brought up to now."""
    sqlite = f"sqlite:///{tmp_path / 'styrhjul.db'}"
    url = sqlite if request.param == "sqlite" else str(request.getfixturevalue("postgres_owner_url"))
    migrate.upgrade(url)
    migrate.downgrade(url, BEFORE)
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in ROWS.split(";")[:-1]:
            connection.execute(text(statement))
    migrate.upgrade(url)
    yield engine
    engine.dispose()


def ask(engine: Engine, query: str) -> dict[str, str]:
    with engine.connect() as connection:
        return {row[0]: str(row[1]) for row in connection.execute(text(query))}


def test_every_case_gets_the_day_on_which_it_ends(engine: Engine) -> None:
    assert set(ask(engine, 'SELECT id, lapses_on FROM "case"').values()) == {"2028-03-30"}


def test_every_case_aims_from_its_opening_day(engine: Engine) -> None:
    assert set(ask(engine, 'SELECT id, aimed_from_on FROM "case"').values()) == {"2027-01-07"}


def test_a_case_that_slept_until_somebody_came_wakes_when_it_ends(engine: Engine) -> None:
    woken = ask(engine, "SELECT subject_id, wake_on FROM wake WHERE subject_kind = 'case'")
    assert woken == {"asleep": "2028-03-30", "awake": "2027-03-17"}


def test_duties_are_followed_as_before(engine: Engine) -> None:
    assert ask(engine, "SELECT id, lifecycle FROM duty") == {"d": "goal_setting"}


def test_what_was_released_stays_released(engine: Engine) -> None:
    assert ask(engine, "SELECT id, released_at FROM policy")["p"].startswith("2026-10-15 07:00:00")


def test_the_new_lifecycles_look_at_once(engine: Engine) -> None:
    looking = ask(engine, "SELECT lifecycle, subject_id FROM wake WHERE subject_kind = 'policy'")
    assert looking == {
        **dict.fromkeys(("action_planning", "project_follow_up", "annual_report", "referral", "currency_review"), "p"),
        "handover": "m",
    }


def test_the_days_that_an_older_mail_names_are_not_known(engine: Engine) -> None:
    assert ask(engine, "SELECT id, named_days FROM mail_item") == {"written": "None"}
