"""The play: real policies, real services, day by day; killed, repeated and turned on without a mail too many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.clock import at_nine, today
from config.settings import load_settings
from styrhjul.mail.catch import Catcher
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.play import FIRST_DAY, TooEarly, next_event, play, turn
from workflows import LIFECYCLES

FIFTH_DAY = FIRST_DAY + timedelta(days=4)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation.open(load_settings(data_dir=tmp_path / "demo"))
    installation.migrate()
    yield installation
    installation.close()


class Killed(BaseException):
    """The play is torn down between two days."""


def test_the_revision_of_the_new_term_is_opened_on_the_first_day(stage: Installation) -> None:
    report = play(stage, FIRST_DAY)
    assert report.policies == 3
    opened = {key: count.cases for key, count in report.by_lifecycle.items() if count.cases}
    assert opened == {"revision": 1, "action_planning": 4}
    assert set(report.by_lifecycle) == set(LIFECYCLES)
    assert report.sent_now == report.mails > 0


def test_every_mail_is_in_the_catcher(stage: Installation) -> None:
    report = play(stage, FIRST_DAY)
    assert len(list(Catcher(stage.settings.data_dir / "mail").messages())) == report.mails


def test_playing_again_sends_nothing_and_counts_the_same(stage: Installation) -> None:
    first = play(stage, FIFTH_DAY)
    second = play(stage, FIFTH_DAY)
    assert second.sent_now == 0
    assert (second.cases, second.mails, second.by_lifecycle) == (first.cases, first.mails, first.by_lifecycle)


def test_a_play_in_two_parts_is_the_play_in_one(stage: Installation, tmp_path: Path) -> None:
    play(stage, FIRST_DAY)
    in_two = play(stage, FIFTH_DAY)
    other = Installation.open(load_settings(data_dir=tmp_path / "other"))
    other.migrate()
    in_one = play(other, FIFTH_DAY)
    other.close()
    assert (in_two.cases, in_two.mails) == (in_one.cases, in_one.mails)


def test_a_killed_play_goes_on_where_it_stopped(stage: Installation) -> None:
    def die_on_the_third(day: date, done: int, total: int) -> None:
        if done == 3:
            raise Killed

    with pytest.raises(Killed):
        play(stage, FIFTH_DAY, die_on_the_third)
    days: list[date] = []
    play(stage, FIFTH_DAY, lambda day, done, total: days.append(day))
    assert days == [FIRST_DAY + timedelta(days=n) for n in (2, 3, 4)]


def test_the_clock_goes_on_from_the_day_it_was_played_to(stage: Installation) -> None:
    play(stage, FIFTH_DAY)
    assert not stage.clock.is_wall
    assert timedelta(0) <= stage.clock.now() - at_nine(FIFTH_DAY) < timedelta(minutes=2)


def test_it_does_not_turn_back(stage: Installation) -> None:
    play(stage, FIFTH_DAY)
    with pytest.raises(TooEarly, match=str(FIFTH_DAY)):
        play(stage, FIRST_DAY)
    assert today(stage.clock.now()) == FIFTH_DAY


def test_it_does_not_begin_before_its_first_day(stage: Installation) -> None:
    with pytest.raises(TooEarly):
        play(stage, FIRST_DAY - timedelta(days=1))


def test_the_next_event_is_the_day_the_next_reminder_leaves(stage: Installation) -> None:
    play(stage, FIRST_DAY)
    coming = next_event(stage)
    assert coming == date(2026, 11, 16)
    assert turn(stage, coming).sent == 4
