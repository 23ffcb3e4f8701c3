"""The pulse: its record, its age, and the clocks it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from config.clock import wall_time
from styrhjul.db.session import Database
from styrhjul.services.delivery.compose import ComposeReport
from styrhjul.services.operations.clock_guard import ClockBehind, forget_later_pulses, guard_clock
from styrhjul.services.operations.pulse_record import last_pulse, newest_pulse, record_pulse, stale
from styrhjul.services.operations.step_request import ask_for, begins

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOTHING = ComposeReport()


@pytest.fixture
def on_postgres(postgres_database_url: str) -> Iterator[Database]:
    database = Database(postgres_database_url)
    yield database
    database.dispose()


def test_a_later_pulse_of_the_same_name_replaces_the_earlier(database: Database) -> None:
    record_pulse(database, "mail.compose", NOW, NOTHING)
    record_pulse(database, "mail.compose", NOW + timedelta(seconds=30), ComposeReport(composed=2))
    with database.system(read_only=True) as session:
        rows = session.execute(text("SELECT report FROM pulse")).scalars().all()
    assert [json.loads(row)["composed"] for row in rows] == [2]
    assert newest_pulse(database) == NOW + timedelta(seconds=30)


def test_a_host_whose_clock_is_behind_moves_no_pulse_back(database: Database) -> None:
    """Its work counts all the same; the host that is ahead would else take the database for one put back."""
    record_pulse(database, "mail.compose", NOW, NOTHING)
    record_pulse(database, "mail.compose", NOW - timedelta(minutes=2), ComposeReport(composed=2))
    assert newest_pulse(database) == NOW
    assert last_pulse(database, "mail.compose") == (NOW, asdict(ComposeReport(composed=2)))


def test_a_step_is_sent_for_once_until_it_begins_or_the_message_is_void(database: Database) -> None:
    def is_sent_for(after: int) -> bool:
        return ask_for(database, "mail.compose", NOW + timedelta(seconds=after), keeps=timedelta(seconds=25))

    assert [is_sent_for(0), is_sent_for(0), is_sent_for(24), is_sent_for(25), is_sent_for(26)] == [
        *(True, False, False, True, False)
    ]
    begins(database, "mail.compose")
    assert is_sent_for(27)


def test_no_pulse_at_all_is_stale(database: Database) -> None:
    assert stale(database, NOW, 90)


@pytest.mark.parametrize(("age", "expected"), [(0, False), (90, False), (91, True)])
def test_a_pulse_is_stale_after_ninety_seconds(database: Database, age: int, expected: bool) -> None:
    record_pulse(database, "mail.compose", NOW - timedelta(seconds=age), NOTHING)
    assert stale(database, NOW, 90) is expected


def test_the_youngest_pulse_counts(database: Database) -> None:
    record_pulse(database, "mail.compose", NOW - timedelta(hours=1), NOTHING)
    record_pulse(database, "mail.deliver", NOW, NOTHING)
    assert not stale(database, NOW, 90)


def test_a_clock_that_went_back_is_refused(database: Database) -> None:
    record_pulse(database, "mail.compose", NOW, NOTHING)
    guard_clock(database, NOW - timedelta(minutes=5), is_wall=False)
    with pytest.raises(ClockBehind):
        guard_clock(database, NOW - timedelta(minutes=5, seconds=1), is_wall=False)


def test_a_clock_that_was_set_right_is_believed_when_a_person_says_so(database: Database) -> None:
    record_pulse(database, "mail.compose", NOW + timedelta(days=365), NOTHING)
    record_pulse(database, "mail.deliver", NOW, NOTHING)
    assert forget_later_pulses(database, NOW) == 1
    guard_clock(database, NOW, is_wall=False)
    assert newest_pulse(database) == NOW


@pytest.mark.parametrize("wrong", [timedelta(minutes=6), timedelta(days=-1)])
def test_a_wall_clock_must_agree_with_the_database(on_postgres: Database, wrong: timedelta) -> None:
    """Too far ahead as well: it would become the mark that the right time then lies behind."""
    guard_clock(on_postgres, wall_time(), is_wall=True)
    with pytest.raises(ClockBehind):
        guard_clock(on_postgres, wall_time() + wrong, is_wall=True)


def test_a_demo_clock_need_not_agree_with_the_database(on_postgres: Database) -> None:
    guard_clock(on_postgres, NOW + timedelta(days=100), is_wall=False)
    assert newest_pulse(on_postgres) is None
