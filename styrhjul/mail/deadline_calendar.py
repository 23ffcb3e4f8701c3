"""Deadlines as a calendar (RFC 5545, 5546): whole days, put together by hand. Two libraries judge the bytes in tests.

Nothing secret stands here: calendars are shared, so the personal link stays in the mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

from styrhjul.mail.message import ascii_address

_LINE_BYTES = 75
_DAY = timedelta(days=1)
#: RFC 5545, 3.3.11; what no calendar may hold becomes a space.
_IN_TEXT = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029), " ") | {
    ord("\\"): "\\\\",
    ord(";"): "\\;",
    ord(","): "\\,",
    ord("\n"): "\\n",
}
_IN_NAME = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029), " ") | {ord('"'): "'", ord("^"): " "}


class Method(StrEnum):
    """What a calendar in a mail is for. Never REQUEST: nobody is to accept or decline a deadline."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDay:
    """A day to keep in mind. The same `uid` with a higher `sequence` takes the place of what was sent before."""

    uid: str
    sequence: int
    on: date
    summary: str
    description: str
    #: An address anybody may see.
    url: str | None = None
    is_cancelled: bool = False
    #: When it last became what it is; None where that is not known.
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who says so: the municipality, as its mails present it."""

    name: str
    address: str


def calendar_of(
    days: Iterable[WholeDay],
    publisher: Publisher,
    now: datetime,
    *,
    method: Method = Method.PUBLISH,
    title: str | None = None,
) -> bytes:
    """Return the calendar, UTF-8 with CRLF, no line above 75 bytes; the same for the same arguments.

    `title` names a calendar that is subscribed to. Raises MessageRefused for an address outside ASCII.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Styrhjul//deadlines//SV", "CALSCALE:GREGORIAN"]
    lines.append(f"METHOD:{method}")
    if title is not None:
        named = _text(title)
        lines += [f"NAME:{named}", f"X-WR-CALNAME:{named}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H"]
        lines.append("X-PUBLISHED-TTL:PT12H")
    events = [_event(day, publisher, now) for day in days]
    return b"\r\n".join((*map(_folded, lines), *events, b"END:VCALENDAR\r\n"))


def _event(day: WholeDay, publisher: Publisher, now: datetime) -> bytes:
    uid = _folded(f"UID:{_text(day.uid)}")
    return b"\r\n".join((b"BEGIN:VEVENT", uid, _said_of(replace(day, uid=""), publisher, now)))


@lru_cache(maxsize=512)
def _said_of(day: WholeDay, publisher: Publisher, now: datetime) -> bytes:
    """Return the lines of a day after its UID: a case's day has one for each reader, and else is the same for all."""
    address = quote(ascii_address(publisher.address), safe="@+")
    lines = [
        f"DTSTAMP:{_moment(now)}",
        f'ORGANIZER;CN="{publisher.name.translate(_IN_NAME)}":mailto:{address}',
        f"SEQUENCE:{day.sequence}",
        f"DTSTART;VALUE=DATE:{_day(day.on)}",
        f"DTEND;VALUE=DATE:{_day(day.on + _DAY)}",
        f"SUMMARY:{_text(day.summary)}",
        f"DESCRIPTION:{_text(day.description)}",
        f"STATUS:{'CANCELLED' if day.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",  # it keeps nobody from booking a meeting
    ]
    if day.modified_at is not None:
        lines.append(f"LAST-MODIFIED:{_moment(day.modified_at)}")
    if day.url is not None:
        lines.append(f"URL:{quote(day.url, safe=_IN_ADDRESS)}")
    lines.append("END:VEVENT")
    return b"\r\n".join(map(_folded, lines))


#: What an address may hold as it is (RFC 3986).
_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%-._~"


def _day(on: date) -> str:
    return on.isoformat().replace("-", "")  # a third of what strftime takes


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").translate(_IN_TEXT)


def _folded(line: str) -> bytes:
    """Return the line in UTF-8, cut between letters where it is longer than 75 bytes (RFC 5545, 3.1)."""
    raw = line.encode("utf-8", "replace")
    if len(raw) <= _LINE_BYTES:
        return raw
    pieces, start, room = [], 0, _LINE_BYTES
    while len(raw) - start > room:
        end = start + room
        while raw[end] & 0xC0 == 0x80:  # the middle of a letter
            end -= 1
        pieces.append(raw[start:end])
        start, room = end, _LINE_BYTES - 1  # the space that marks a folded line counts
    return b"\r\n ".join([*pieces, raw[start:]])
