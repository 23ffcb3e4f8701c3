"""Reading what strangers have sent: in a process of its own with limits, so that no mail can stop or empty ours."""

from __future__ import annotations

from styrhjul.confined.program import ChildStopped, command_of, run_confined
from styrhjul.domain.inbound import InboundKind
from styrhjul.mail.inbound.classify import READ_AT_MOST
from styrhjul.mail.inbound.reading import Reading, from_json

PATIENCE_SECONDS = 60
_PROGRAM = "styrhjul.mail.inbound.child"
#: A reading is a few lines.
_MOST_ANSWERED = 4 * 1024 * 1024


def read_mail(raw: bytes, *, patience: float = PATIENCE_SECONDS) -> Reading:
    """Return what a mail is, found out by a child process. One that cannot be read in its limits is unknown."""
    try:
        told = run_confined(
            command_of(_PROGRAM), raw[:READ_AT_MOST], patience_seconds=patience, most_answered=_MOST_ANSWERED
        )
        return from_json(told)
    except ChildStopped as stopped:
        return _unread("det tog för lång tid" if stopped.is_late else "läsningen avbröts")
    except (ValueError, KeyError, TypeError):
        return _unread("läsningen avbröts")


def _unread(why: str) -> Reading:
    return Reading(kind=InboundKind.UNKNOWN, reason=f"Det gick inte att läsa: {why}.")
