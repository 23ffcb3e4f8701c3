"""A forecast as a calendar (RFC 5545): one whole-day event for each day with mails and for each due day.

The same forecast gives the same events: their UIDs come from what they are about, so a calendar that is read in again
replaces its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from styrhjul.domain.vocabulary import DueBasis
from styrhjul.services.municipality.ladder_words import BASIS_WORDS
from styrhjul.services.overview.forecast import ForecastLine
from styrhjul.services.words import round_name, rung_word


@dataclass(frozen=True, slots=True)
class _WholeDay:
    on: date
    about: tuple[str, ...]
    summary: str
    description: str


def calendar_file(lines: Iterable[ForecastLine], now: datetime) -> bytes:
    """Return the calendar's bytes, UTF-8 with CRLF. `now` stands in every event as the moment it was made."""
    every = sorted(lines, key=lambda line: (line.on, line.municipality, line.policy, line.body, line.recipient))
    calendar = Calendar()
    for name, value in (("prodid", "-//Styrhjul//forecast//SV"), ("version", "2.0"), ("calscale", "GREGORIAN")):
        calendar.add(name, value)
    for day in (*_mail_days(every), *_due_days(every)):
        calendar.add_component(_event(day, now))
    return bytes(calendar.to_ical())


def _mail_days(lines: list[ForecastLine]) -> Iterator[_WholeDay]:
    for (on, municipality), of_day in groupby(lines, key=lambda line: (line.on, line.municipality)):
        told = [f"{rung_word(line.rung)}, {_case(line)}: {line.recipient}" for line in of_day]
        what = f"Styrhjul: {len(told)} {'avisering' if len(told) == 1 else 'aviseringar'}"
        yield _WholeDay(on, ("mails", municipality, on.isoformat()), what, "\n".join(told))


def _due_days(lines: list[ForecastLine]) -> Iterator[_WholeDay]:
    # No day is in its name: one that has moved since the last forecast takes the place of what was read in then.
    cases = {(line.municipality, line.policy, line.lifecycle, line.body, line.period): line for line in lines}
    for key, line in sorted(cases.items(), key=lambda item: (item[1].due_on, item[0])):
        source = f"{line.reason}\nFristen: {BASIS_WORDS[DueBasis(line.basis)]}."
        yield _WholeDay(line.due_on, ("due", *key), f"Frist: {_case(line)}", source)


def _case(line: ForecastLine) -> str:
    return f"{round_name(line.lifecycle, line.period_words)}, {line.body}"


def _event(day: _WholeDay, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, "styrhjul:" + "/".join(day.about))))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("sequence", 0)
    event.add("transp", "TRANSPARENT")  # it keeps nobody from booking a meeting
    event.add("summary", day.summary)
    event.add("description", day.description)
    return event
