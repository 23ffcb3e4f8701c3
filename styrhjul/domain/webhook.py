"""Webhooks: what other systems are told of, how it is signed (Standard Webhooks), and when it is tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from styrhjul.domain.decision import DECIDING, decisions_in
from styrhjul.domain.journal import Entry, EntryKind, Value
from styrhjul.domain.lifecycle import Event


class HookEvent(StrEnum):
    """What can be told. Keys are permanent."""

    CASE_OPENED = "case.opened"
    CASE_ANSWERED = "case.answered"
    CASE_ESCALATED = "case.escalated"  # somebody above whoever answers has been told
    CASE_DECIDED = "case.decided"  # by a person: data.decision
    TEST = "webhook.test"  # asked for by whoever set it up; nobody subscribes to it


#: What an endpoint may ask for.
SUBSCRIBED = (HookEvent.CASE_OPENED, HookEvent.CASE_ANSWERED, HookEvent.CASE_ESCALATED, HookEvent.CASE_DECIDED)
#: The kinds of entries that anybody is told of.
TOLD = DECIDING | {EntryKind.CASE_OPENED}

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
#: Minutes between the tries of one message; after the last it is given up.
_WAITS = (1, 5, 30, 120, 300, 600, 840, 1200, 1440)
#: What waits for a paused endpoint is given up at this age.
GIVE_UP_AFTER = timedelta(days=5)
#: An endpoint that has taken nothing for so long is paused until a person lets it go on.
PAUSED_AFTER = timedelta(days=3)
_LONGEST_REST_MINUTES = 30


def told_of(entries: Sequence[Entry]) -> Iterator[tuple[Entry, HookEvent, dict[str, Value]]]:
    """Yield the entries of one transaction that other systems are told of: of what, and what more there is to say.

    Never a reason, a name or a text: those are read where one signs in. What the calendar did is no decision. That a
    case went up no entry says by itself; see `db.journal.Line`.
    """
    decided = {made.number: made for made in decisions_in(entries)}
    for entry in entries:
        if entry.kind is EntryKind.CASE_OPENED:
            yield entry, HookEvent.CASE_OPENED, {}
        elif entry.kind is EntryKind.CASE_MOVED and entry.data["event"] == Event.SUBMIT.value:
            yield entry, HookEvent.CASE_ANSWERED, {"version": entry.data.get("version")}
        elif made := decided.get(entry.number):
            yield entry, HookEvent.CASE_DECIDED, {"decision": made.act.value}


def secret_of(key: bytes) -> str:
    """Return a key as its endpoint keeps it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: HMAC-SHA256 over id, Unix seconds and the very bytes that are sent."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Return when a message is tried again after so many attempts (at least 1), the last of them now; None: never."""
    return None if attempts > len(_WAITS) else now + timedelta(minutes=_WAITS[attempts - 1])


def rest_until(failures: int, now: datetime) -> datetime:
    """Return how long an endpoint rests after so many failures (at least 1) in a row: doubling, to half an hour."""
    return now + timedelta(minutes=min(2 ** min(failures - 1, 10), _LONGEST_REST_MINUTES))
