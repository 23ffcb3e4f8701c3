"""The days a mail names, read from its own words: none that has passed may stand there as if it were ahead."""

from __future__ import annotations

import re
from binascii import a2b_qp
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header

from styrhjul.mail.swedish import MONTHS

_DAY = rf"(?:\w+dag )?(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?"
_LAST_DAY = re.compile(rf"(?:senast|sista dag är) {_DAY}", re.IGNORECASE)
#: A mail as ours are written: its subject, which may go on on lines that begin with a space, and its text.
_WRITTEN = re.compile(
    rb"\r\nSubject: (.*?)\r\n(?! ).*?\r\nContent-Type: text/plain; charset=utf-8\r\n"
    rb"Content-Transfer-Encoding: quoted-printable\r\n\r\n(.*?)\r\n--",
    re.DOTALL,
)
_GOES_UP = re.compile(rf"Utan svar går ärendet till [^.]*?{_DAY}(?: och till [^.]*?{_DAY})?\.")


def words_of(raw: bytes) -> str:
    """Return subject and text part of a mail in one line."""
    if written := _WRITTEN.search(raw):  # a mail read as any other costs ten times as much, and is mostly HTML
        subject, text = written[1].decode(), a2b_qp(written[2])
    else:
        message = message_from_bytes(raw)
        payload = message.get_payload(decode=True)
        subject, text = message["subject"] or "", payload if isinstance(payload, bytes) else b""
    return " ".join(f"{make_header(decode_header(subject))}. {text.decode()}".split())


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
