"""What a mail server's log says has left: Postfix's own lines, or a list of Message-IDs from any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_ID = re.compile(r"<?([^\s<>@]+@[^\s<>@]+)>?")
_QUEUED = re.compile(r" (?:postfix|postfix-\w+)/\w+\[\d+\]: (\w+): message-id=<([^<>\s]+@[^<>\s]+)>")
_TRIED = re.compile(r" (?:postfix|postfix-\w+)/\w+\[\d+\]: (\w+): to=<([^<>\s]*)>,.* status=(\w+) (.*)")
_QUEUED_AS = re.compile(r"queued as (\w+)")
_SYSLOG_TIME = re.compile(r"([A-Z][a-z]{2}) +(\d+) (\d\d:\d\d:\d\d) ")
#: So far ahead the clock of another zone may be; what is further ahead is of a year that has passed.
_OTHER_ZONE = timedelta(days=1)
#: Between two leap days there are four years as a rule, and eight at most.
_YEARS_BACK = 8


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


class _Try(NamedTuple):
    status: str
    at: datetime | None


@dataclass(eq=False, slots=True)
class _Hop:
    """A mail's stay in one queue. `before` is the hop whose server said that it queued the mail here."""

    message_id: str
    tries: dict[str, _Try] = field(default_factory=dict)
    before: _Hop | None = None

    def whose(self) -> str:
        """Return the id that the mail came with: a content filter may have given it another."""
        hop, passed = self, {self}
        while hop.before is not None and hop.before not in passed:
            hop = hop.before
            passed.add(hop)
        return hop.message_id


def read_relay_log(lines: Iterable[str], now: datetime) -> list[Departure]:
    """Return what has left, in the order of the log; what was deferred, bounced or came in is not in it.

    Of a mail that was queued anew, behind a content filter, the last queue decides. Times without a year are taken for
    the year that ends a day after `now`, in `now`'s zone. Raises NotALog.
    """
    hops: list[_Hop] = []
    queued: dict[str, _Hop] = {}
    listed: list[Departure] = []
    is_postfix = False
    for number, line in enumerate(lines, 1):
        if named := _QUEUED.search(line):
            queued[named[1]] = _Hop(named[2])
            hops.append(queued[named[1]])
            is_postfix = True
        elif tried := _TRIED.search(line):
            is_postfix = True
            _note_try(queued, tried, _time(line, now))
        elif not is_postfix and " postfix" not in line and line.strip():
            alone = _ID.fullmatch(line.strip())
            if alone is None:
                raise NotALog(number)
            listed.append(Departure(message_id=alone[1]))
    return [*listed, *_departed(hops)]


def _note_try(queued: dict[str, _Hop], tried: re.Match[str], at: datetime | None) -> None:
    queue_id, address, status, said = tried.groups()
    hop = queued.get(queue_id)
    if hop is None:
        return
    hop.tries[address] = _Try(status, at)
    onward = _QUEUED_AS.search(said)
    if onward and (after := queued.get(onward[1])) is not None and after is not hop:
        after.before = hop


def _departed(hops: Iterable[_Hop]) -> Iterator[Departure]:
    """Go by the order in which mails were queued: a filter's answer is noted after what it led to."""
    last = {hop.whose(): hop for hop in hops if hop.tries}
    for message_id, hop in last.items():
        for address, (status, at) in hop.tries.items():
            if status == "sent":
                yield Departure(message_id=message_id, address=address, at=at)


def _time(line: str, now: datetime) -> datetime | None:
    """Read the time a line begins with: RFC 3339, or the month, day and time of RFC 3164."""
    if old := _SYSLOG_TIME.match(line):
        return _latest(" ".join(old.groups()), now)
    try:
        at = datetime.fromisoformat(line.split(maxsplit=1)[0])
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _latest(written: str, now: datetime) -> datetime | None:
    """Return the latest moment, but for another zone's clock, that a time without a year may mean; None = no such."""
    for year in range(now.year + 1, now.year - _YEARS_BACK - 1, -1):
        try:
            at = datetime.strptime(f"{year} {written}", "%Y %b %d %H:%M:%S").replace(tzinfo=now.tzinfo)
        except ValueError:  # no leap year
            continue
        if at <= now + _OTHER_ZONE:
            return at
    return None
