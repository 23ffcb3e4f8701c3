"""What a mail server's log says has left: Postfix's own lines, or a list of Message-IDs from any other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_ID = re.compile(r"<?([^\s<>@]+@[^\s<>@]+)>?")
_QUEUED = re.compile(r" (?:postfix|postfix-\w+)/\w+\[\d+\]: (\w+): message-id=<([^<>\s]+@[^<>\s]+)>")
_SENT = re.compile(r" (?:postfix|postfix-\w+)/\w+\[\d+\]: (\w+): to=<([^<>\s]*)>,.* status=sent ")
_SYSLOG_TIME = re.compile(r"([A-Z][a-z]{2}) +(\d+) (\d\d:\d\d:\d\d) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A mail that a server says it has passed on. `address` and `at` are None where the log does not say."""

    message_id: str
    address: str | None = None
    at: datetime | None = None


class NotALog(ValueError):
    """A line is neither Postfix's nor a Message-ID alone."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Rad {number} går inte att läsa. Ge Postfix logg som den är, eller en lista med ett Message-ID per rad "
            "(från meddelandespårningen i Microsoft 365: kolumnen MessageId för det som har status Delivered)."
        )


def read_relay_log(lines: Iterable[str], now: datetime) -> list[Departure]:
    """Return what has left, in the order of the log; what was deferred, bounced or came in is not in it.

    Times without a year are taken for the year that ends `now`, in `now`'s zone. Raises NotALog.
    """
    queued: dict[str, str] = {}
    found: list[Departure] = []
    is_postfix = False
    for number, line in enumerate(lines, 1):
        if named := _QUEUED.search(line):
            queued[named[1]] = named[2]
            is_postfix = True
        elif sent := _SENT.search(line):
            is_postfix = True
            if message_id := queued.get(sent[1]):
                found.append(Departure(message_id=message_id, address=sent[2], at=_time(line, now)))
        elif not is_postfix and " postfix" not in line and line.strip():
            alone = _ID.fullmatch(line.strip())
            if alone is None:
                raise NotALog(number)
            found.append(Departure(message_id=alone[1]))
    return found


def _time(line: str, now: datetime) -> datetime | None:
    """Read the time a line begins with: RFC 3339, or the month, day and time of RFC 3164."""
    if old := _SYSLOG_TIME.match(line):
        at = datetime.strptime(f"{now.year} {old[1]} {old[2]} {old[3]}", "%Y %b %d %H:%M:%S").replace(tzinfo=now.tzinfo)
        return at if at <= now else at.replace(year=now.year - 1)
    try:
        at = datetime.fromisoformat(line.split(maxsplit=1)[0])
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
