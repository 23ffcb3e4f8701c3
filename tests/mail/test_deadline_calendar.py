"""Calendars put together by hand, judged by two libraries."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.mail.calendar_words import calendar_words
from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.deadline_calendar import Method, Publisher, WholeDay, calendar_of
from styrhjul.mail.layout import NBSP
from styrhjul.mail.matter import OF_ONE
from styrhjul.mail.message import MessageRefused

NOW = datetime(2027, 3, 10, 8, 0, tzinfo=UTC)
TOWN = Publisher(name="Exempelby kommun", address="styrhjul@example.org")
DAY = WholeDay(
    uid="case-post-due", sequence=0, on=date(2027, 3, 31), summary="Sista dag: mål för 2027", description="Lämna mål."
)

#: No control characters but the line break, and nothing that two readers cut lines at differently.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n"), max_size=300)
days = st.builds(
    WholeDay,
    uid=st.text("abcdef0123456789-", min_size=1, max_size=80),
    sequence=st.integers(0, 1000),
    on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    summary=texts,
    description=texts,
    url=st.none() | st.just("https://styrhjul.example.org/lillby/case/0123?a=b;c,d"),
    is_cancelled=st.booleans(),
)


def events(raw: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))


@given(st.lists(days, max_size=4), texts)
def test_one_library_reads_back_what_was_written(given_days: list[WholeDay], title: str) -> None:
    raw = calendar_of(given_days, TOWN, NOW, title=title)
    found = events(raw)
    assert [event.errors for event in found] == [[]] * len(given_days)
    for event, day in zip(found, given_days, strict=True):
        assert (str(event["UID"]), event["SEQUENCE"]) == (day.uid, day.sequence)
        assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (day.summary, day.description)
        assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (day.on, day.on + timedelta(1))
        assert event.decoded("DTSTAMP") == NOW
        assert event["STATUS"] == ("CANCELLED" if day.is_cancelled else "CONFIRMED")
        assert event.get("URL") == day.url


@given(st.lists(days, min_size=1, max_size=3))
def test_another_library_reads_the_same(given_days: list[WholeDay]) -> None:
    calendar = vobject.readOne(calendar_of(given_days, TOWN, NOW).decode())
    assert calendar.method.value == "PUBLISH"
    for event, day in zip(calendar.vevent_list, given_days, strict=True):
        assert (event.uid.value, event.sequence.value) == (day.uid, str(day.sequence))
        assert (event.summary.value, event.description.value) == (day.summary, day.description)
        assert (event.dtstart.value, event.dtend.value) == (day.on, day.on + timedelta(1))
        assert event.organizer.value == "mailto:styrhjul@example.org"
        assert event.organizer.params["CN"] == ["Exempelby kommun"]


@given(texts, texts)
def test_no_line_is_longer_than_75_bytes_and_no_letter_is_cut(summary: str, description: str) -> None:
    raw = calendar_of(
        [WholeDay(uid="u", sequence=0, on=NOW.date(), summary=summary, description=description)], TOWN, NOW
    )
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line.decode() for line in lines]  # each is whole letters
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert not any(folded == b" " for _, folded in pairwise(lines))


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\ud800"])
@pytest.mark.parametrize("field", ["uid", "summary", "description", "url"])
def test_no_value_can_begin_a_line_of_its_own(field: str, break_: str) -> None:
    if field == "url" and break_ == "\ud800":
        break_ = "\r\n"  # an address of ours holds no half letters
    planted = WholeDay(**{**_fields(DAY), field: f"a{break_}ATTENDEE:mailto:b@example.org"})
    calendar = icalendar.Calendar.from_ical(calendar_of([planted], TOWN, NOW))
    assert "ATTENDEE" not in calendar.walk("VEVENT")[0]


def _fields(day: WholeDay) -> dict[str, Any]:
    return {name: getattr(day, name) for name in day.__slots__}


def test_what_has_a_meaning_of_its_own_is_escaped() -> None:
    """RFC 5545, 3.3.11; readers forgive what is not."""
    raw = calendar_of([replace(DAY, summary="a;b,c\\d\ne")], TOWN, NOW)
    assert rb"SUMMARY:a\;b\,c\\d\ne" in raw.split(b"\r\n")


def test_a_name_stays_within_its_quotes() -> None:
    town = Publisher(name='Exempelby" ;X=":\r\nATTENDEE', address="styrhjul@växjö.example")
    [event] = events(calendar_of([DAY], town, NOW))
    assert str(event["ORGANIZER"]) == "mailto:styrhjul@xn--vxj-qla6g.example"
    assert "ATTENDEE" not in event
    assert event["ORGANIZER"].params["CN"].startswith("Exempelby' ;X=':")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(MessageRefused):
        calendar_of([DAY], Publisher(name="", address="nobody"), NOW)


def test_nobody_is_asked_to_accept_a_deadline() -> None:
    raw = calendar_of([DAY], TOWN, NOW)
    assert b"METHOD:PUBLISH" in raw
    assert b"ATTENDEE" not in raw
    assert b"TRANSP:TRANSPARENT" in raw
    assert b"METHOD:CANCEL" in calendar_of([DAY], TOWN, NOW, method=Method.CANCEL)


@pytest.mark.parametrize("key", sorted(OF_ONE))
def test_every_matter_has_its_words_and_no_link_of_anybodys_own(key: str) -> None:
    context = CONTEXTS[key].sample()
    words = calendar_words(context.item, context.sender)  # type: ignore[attr-defined]
    assert words.due.startswith("Sista dag: ")
    assert words.papers.startswith("Handlingar: ")
    assert context.sender.reply_to in words.note
    whole = f"{words.due}{words.papers}{words.note}"
    assert context.item.url.rpartition("/")[2] not in whole  # type: ignore[attr-defined]
    assert "  " not in whole
    assert not any(line != line.strip() or not line for line in words.note.split("\n"))


@pytest.mark.parametrize("key", sorted(OF_ONE))
def test_a_calendar_is_in_the_language_of_its_mail(key: str) -> None:
    context = CONTEXTS[key].sample()
    words = calendar_words(context.item, context.sender, "en")  # type: ignore[attr-defined]
    assert words.due.startswith("Deadline: ")
    assert words.papers.startswith("Papers: ")
    assert "Document: " in words.note
    whole = f"{words.due} {words.papers} {words.note}"
    assert not re.search(r"\b(Du|och|inte|mejlet|möts|skriv|senast|för 20)\b", whole)


def test_a_note_names_the_document_its_number_and_the_meeting() -> None:
    context = CONTEXTS["goals_reminder"].sample()
    note = calendar_words(context.item, context.sender).note.replace(NBSP, " ")  # type: ignore[attr-defined]
    assert note.split("\n") == [
        "Lämna mål för 2027.",
        "Dokument: Integrationspolicy för Exempelby kommun (dnr KS-2023-284).",
        "Socialnämnden möts tisdag 16 mars.",
        (
            "Du svarar med länken i mejlet från Exempelby kommun. Den är personlig och står därför inte här. "
            "Har du inte kvar mejlet, skriv till registrator@example.org."
        ),
    ]
