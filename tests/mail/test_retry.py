"""When a mail is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, takewhile

import pytest

from styrhjul.mail.retry import GIVE_UP_AFTER, next_try

NOW = datetime(2027, 3, 10, 8, 0, tzinfo=UTC)


def waits() -> list[timedelta]:
    """The wait after each attempt, until it is given up."""
    tries = takewhile(lambda at: at is not None, (next_try(attempts, NOW) for attempts in count(1)))
    return [at - NOW for at in tries if at]


def test_the_first_waits_are_short_and_then_they_widen() -> None:
    minutes = [wait // timedelta(minutes=1) for wait in waits()]
    assert minutes[:8] == [5, 15, 40, 60, 120, 240, 480, 480]


def test_a_mail_is_tried_for_five_days_and_then_given_up() -> None:
    total = sum(waits(), timedelta())
    assert timedelta(days=4) < total <= GIVE_UP_AFTER
    assert next_try(len(waits()) + 1, NOW) is None


def test_an_uncertain_mail_waits_at_least_a_quarter_of_an_hour() -> None:
    assert next_try(1, NOW, uncertain=True) == NOW + timedelta(minutes=15)
    assert next_try(3, NOW, uncertain=True) == NOW + timedelta(minutes=40)


def test_what_was_not_tried_is_not_tried_again() -> None:
    with pytest.raises(ValueError, match="no attempt"):
        next_try(0, NOW)


def test_what_was_first_tried_five_days_ago_is_given_up_after_another_hour_of_tries() -> None:
    """Offices are closed at night and over holidays: the table alone would go on for weeks."""
    since = NOW - timedelta(days=5)
    assert next_try(3, NOW, since=since) == NOW + timedelta(minutes=40)
    assert next_try(4, NOW, since=since) is None
    assert next_try(4, NOW, since=since + timedelta(minutes=1)) is not None
