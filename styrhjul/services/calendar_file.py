"""A forecast as a calendar (RFC 5545): one whole-day event for each day with mails and for each due day.

The same forecast gives the same events: their UIDs come from what they are about, so a calendar that is read in again
replaces its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from styrhjul.domain.vocabulary import DueBasis
from styrhjul.services.forecast import ForecastLine
from styrhjul.services.ladder_words import BASIS_WORDS
from styrhjul.services.words import round_name, rung_word

#: RFC 5545, 3.1: a line is at most 75 octets, and goes on after a line break and a space.
_LINE_OCTETS = 75


def calendar_file(lines: Iterable[ForecastLine], now: datetime) -> bytes:
    """Return the calendar's bytes, UTF-8 with CRLF. `now` stands in every event as the moment it was made."""
    every = sorted(lines, key=lambda line: (line.on, line.municipality, line.policy, line.body, line.recipient))
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    content = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Styrhjul//forecast//SV", "CALSCALE:GREGORIAN"]
    for event in (*_mail_days(every), *_due_days(every)):
        content += ["BEGIN:VEVENT", f"DTSTAMP:{stamp}", "SEQUENCE:0", "TRANSP:TRANSPARENT", *event, "END:VEVENT"]
    content.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in content).encode()


def _mail_days(lines: list[ForecastLine]) -> Iterator[list[str]]:
    for (on, municipality), of_day in groupby(lines, key=lambda line: (line.on, line.municipality)):
        told = [f"{rung_word(line.rung)}, {_case(line)}: {line.recipient}" for line in of_day]
        what = f"Styrhjul: {len(told)} {'avisering' if len(told) == 1 else 'aviseringar'}"
        yield _event(on, ("mails", municipality, on.isoformat()), what, "\n".join(told))


def _due_days(lines: list[ForecastLine]) -> Iterator[list[str]]:
    cases = {
        (line.municipality, line.policy, line.lifecycle, line.body, line.period, line.due_on): line for line in lines
    }
    for key, line in sorted(cases.items(), key=lambda item: (item[0][-1], item[0])):
        source = f"{line.reason}\nFristen: {BASIS_WORDS[DueBasis(line.basis)]}."
        yield _event(line.due_on, ("due", *map(str, key)), f"Frist: {_case(line)}", source)


def _case(line: ForecastLine) -> str:
    return f"{round_name(line.lifecycle, line.period)}, {line.body}"


def _event(on: date, about: tuple[str, ...], summary: str, description: str) -> list[str]:
    return [
        f"UID:{uuid5(NAMESPACE_URL, 'styrhjul:' + '/'.join(about))}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(description)}",
    ]


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a long line between characters, never within one."""
    pieces, room = [""], _LINE_OCTETS
    for character in line:
        octets = len(character.encode())
        if octets > room:
            pieces.append("")
            room = _LINE_OCTETS - 1
        pieces[-1] += character
        room -= octets
    return "\r\n ".join(pieces)
