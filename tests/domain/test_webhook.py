"""What other systems are told, signed as Standard Webhooks says, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from styrhjul.domain.journal import PLANNER, EntryKind
from styrhjul.domain.webhook import GIVE_UP_AFTER, HookEvent, next_try, rest_until, sign, told_of

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
    told = told_of(kind, "Kommundirektören", data)
    assert (told[0] if told else None) is event
    assert not told or {"reason", "note"}.isdisjoint(told[1]), "what people write is read where one signs in"


@pytest.mark.parametrize("data", [{"event": "close"}, {"event": "waive"}])
def test_what_the_calendar_did_is_no_decision(data: dict[str, str]) -> None:
    assert told_of(EntryKind.CASE_MOVED, PLANNER, data) is None


def test_a_message_is_tried_for_days_with_growing_waits_and_then_given_up() -> None:
    waits = [moment - NOW for attempts in range(1, 10) if (moment := next_try(attempts, NOW))]
    assert len(waits) == 9
    assert waits == sorted(waits)
    assert timedelta(days=2) < sum(waits, timedelta()) < GIVE_UP_AFTER
    assert next_try(10, NOW) is None


def test_an_endpoint_rests_longer_for_each_failure_and_never_over_half_an_hour() -> None:
    rests = [rest_until(failures, NOW) - NOW for failures in (1, 2, 3, 5, 6, 500)]
    assert rests == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 16, 30, 30)]
