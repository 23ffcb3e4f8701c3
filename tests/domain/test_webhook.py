"""What other systems are told, signed as Standard Webhooks says, and when it is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from styrhjul.domain.journal import PLANNER, Entry, EntryKind, Value
from styrhjul.domain.webhook import GIVE_UP_AFTER, HookEvent, next_try, rest_until, sign, told_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BY = "Kommundirektören"
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


def test_the_signature_is_that_of_the_specification_s_own_example() -> None:
    """github.com/standard-webhooks/standard-webhooks, the vector that its libraries are tested with."""
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def line(kind: EntryKind, data: Mapping[str, Value]) -> Entry:
    return Entry(municipality_id="m", number=1, at=NOW, kind=kind, by=BY, case_id="c", data=data)


@pytest.mark.parametrize(
    ("kind", "data", "event"),
    [
        (EntryKind.CASE_OPENED, {}, HookEvent.CASE_OPENED),
        (EntryKind.CASE_NOT_FOLLOWED, {}, None),
        (EntryKind.CASE_MOVED, {"event": "submit", "version": 2}, HookEvent.CASE_ANSWERED),
        (EntryKind.CASE_MOVED, {"event": "approve"}, HookEvent.CASE_DECIDED),
        (EntryKind.CASE_MOVED, {"event": "begin"}, None),
        (EntryKind.DUE_MOVED, {"reason": "x"}, HookEvent.CASE_DECIDED),
        (EntryKind.CASE_NOTED, {"note": "x"}, HookEvent.CASE_DECIDED),
        (EntryKind.CASE_REASSIGNED, {"reason": "x"}, HookEvent.CASE_DECIDED),
        (EntryKind.USER_ADDED, {}, None),
    ],
)
def test_a_line_of_the_journal_tells_of_one_event_or_none(
    kind: EntryKind, data: dict[str, str | int], event: HookEvent | None
) -> None:
    told = list(told_of([line(kind, data)]))
    assert [each for _, each, _ in told] == ([event] if event else [])
    assert all({"reason", "note"}.isdisjoint(more) for *_, more in told), "what people write is read by who signs in"


@pytest.mark.parametrize("data", [{"event": "close"}, {"event": "waive"}])
def test_what_the_calendar_did_is_no_decision(data: dict[str, str]) -> None:
    assert list(told_of([replace(line(EntryKind.CASE_MOVED, data), by=PLANNER)])) == []


def test_an_answer_that_is_sent_back_is_told_of_once_and_its_new_day_is_no_more_time() -> None:
    returned = line(EntryKind.CASE_MOVED, {"event": "return", "reason": "x"})
    moved = replace(line(EntryKind.DUE_MOVED, {"due_on": "2027-05-31", "reason": "x"}), number=2)
    assert [more for *_, more in told_of([returned, moved])] == [{"decision": "return"}]


def test_a_message_is_tried_for_days_with_growing_waits_and_then_given_up() -> None:
    waits = [moment - NOW for attempts in range(1, 10) if (moment := next_try(attempts, NOW))]
    assert len(waits) == 9
    assert waits == sorted(waits)
    assert timedelta(days=2) < sum(waits, timedelta()) < GIVE_UP_AFTER
    assert next_try(10, NOW) is None


def test_an_endpoint_rests_longer_for_each_failure_and_never_over_half_an_hour() -> None:
    rests = [rest_until(failures, NOW) - NOW for failures in (1, 2, 3, 5, 6, 500)]
    assert rests == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 16, 30, 30)]
