"""The forecast as a calendar: valid by RFC 5545, and the same events each time it is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from styrhjul.services.overview.calendar_file import calendar_file
from styrhjul.services.overview.forecast import ForecastLine

NOW = datetime(2026, 10, 15, 7, 0, tzinfo=UTC)
LINE = ForecastLine(
    on=date(2027, 1, 7),
    municipality="lillby",
    policy="Integrationspolicy",
    lifecycle="follow_up",
    period="2026",
    period_words="2026",
    body="Kultur- och fritidsnämnden, Lillby; norra",
    rung="opened",
    role="holder",
    recipient="ordförande",
    due_on=date(2027, 2, 26),
    deferred_from=None,
    reason="Kommunens standard: uppföljningen lämnas senast sista arbetsdagen i februari.",
    basis="default",
    quote="Varje nämnd ska följa upp.",
)


def events(*lines: ForecastLine, now: datetime = NOW) -> list[dict[str, str]]:
    """The calendar's events, unfolded, by the names of their properties."""
    text = calendar_file(lines, now).decode().replace("\r\n ", "")
    parts = text.split("BEGIN:VEVENT\r\n")[1:]
    return [dict(line.split(":", 1) for line in part.split("END:VEVENT")[0].split("\r\n") if line) for part in parts]


def test_a_mail_day_and_a_due_day_become_an_event_each() -> None:
    mail, due = events(LINE)
    assert (mail["DTSTART;VALUE=DATE"], mail["DTEND;VALUE=DATE"]) == ("20270107", "20270108")
    assert due["DTSTART;VALUE=DATE"] == "20270226"
    assert due["SUMMARY"] == "Frist: Uppföljning 2026\\, Kultur- och fritidsnämnden\\, Lillby\\; norra"
    assert due["DESCRIPTION"].endswith("\\nFristen: kommunens standard\\, inte dokumentets text.")


def test_several_mails_of_a_day_are_one_event_and_a_case_has_one_due_day() -> None:
    lines = (LINE, replace(LINE, recipient="sekreterare"), replace(LINE, rung="reminder", on=date(2027, 2, 12)))
    summaries = [event["SUMMARY"] for event in events(*lines)]
    assert summaries[:2] == ["Styrhjul: 2 aviseringar", "Styrhjul: 1 avisering"]
    assert len(summaries) == 3


def test_an_event_keeps_its_uid_whenever_it_is_asked_for() -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    first, second = events(LINE), events(replace(LINE, recipient="sekreterare"), now=later)
    assert [event["UID"] for event in first] == [event["UID"] for event in second]
    assert len({event["UID"] for event in first}) == 2
    assert {event["SEQUENCE"] for event in (*first, *second)} == {"0"}
    assert second[0]["DTSTAMP"] == "20270101T000000Z"


def test_a_due_day_that_has_moved_is_the_same_event() -> None:
    (_, before), (_, after) = events(LINE), events(replace(LINE, due_on=date(2027, 3, 1)))
    assert before["UID"] == after["UID"]
    assert before["DTSTART;VALUE=DATE"] != after["DTSTART;VALUE=DATE"]


def test_lines_are_folded_within_75_octets_and_end_with_crlf() -> None:
    raw = calendar_file([LINE], NOW)
    assert raw.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_year_without_mails_is_an_empty_calendar() -> None:
    assert events() == []
