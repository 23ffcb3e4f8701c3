"""The days a mail names, read from its own words: none that has passed may stand there as if it were ahead."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser

from styrhjul.mail.swedish import MONTHS

_DAY = rf"(?:\w+dag )?(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?"
_LAST_DAY = re.compile(rf"(?:senast|sista dag är) {_DAY}", re.IGNORECASE)
_PLAIN = b"\r\nContent-Type: text/plain"
_GOES_UP = re.compile(rf"Utan svar går ärendet till [^.]*?{_DAY}(?: och till [^.]*?{_DAY})?\.")


def words_of(raw: bytes) -> str:
    """Return subject and text part of a mail in one line."""
    head, part = raw, raw
    if (start := raw.find(_PLAIN)) >= 0:  # read by itself: a whole mail costs five times as much, and is mostly HTML
        head, part = raw[: raw.index(b"\r\n\r\n") + 4], raw[start + 2 :].partition(b"\r\n--")[0]
    message = message_from_bytes(part)  # the older policy reads no more headers than it is asked for
    subject = make_header(decode_header(BytesHeaderParser().parsebytes(head)["subject"] or ""))
    text = message.get_payload(decode=True)
    return " ".join(f"{subject}. {text.decode() if isinstance(text, bytes) else ''}".split())


def last_days(words: str, today: date) -> set[date]:
    """Return the days by which something is asked."""
    return {day for found in _LAST_DAY.finditer(words) for day in _days(found.groups(), today)}


def days_it_goes_up(words: str, today: date) -> set[date]:
    """Return the days on which a matter is said to go up."""
    return {day for found in _GOES_UP.finditer(words) for day in _days(found.groups(), today)}


def _days(found: tuple[str | None, ...], today: date) -> Iterator[date]:
    """A day without a year is the one of that name nearest to today; 29 February has none in most years."""
    for number, month, year in zip(found[::3], found[1::3], found[2::3], strict=True):
        if number and month:
            years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
            named = [(each, MONTHS.index(month.lower()) + 1, int(number)) for each in years]
            days = [date(*each) for each in named if each[2] <= monthrange(*each[:2])[1]]
            yield min(days, key=lambda day: abs(day - today))
