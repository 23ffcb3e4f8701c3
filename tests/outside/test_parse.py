"""Every mail is taken apart by the standard library, every calendar by two libraries; none finds anything amiss."""

from __future__ import annotations

import re
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import icalendar
import vobject

from styrhjul.services.mailing.preview import mail_keys, mail_languages
from tests.outside.outbox import Mail

if TYPE_CHECKING:
    from email.message import EmailMessage

#: Its UID, when it begins, and what it says.
Event = tuple[str, date | datetime, str]
LONGEST_LINE = 998  # RFC 5322, 2.1.1, without the CRLF


def defects(message: EmailMessage) -> list[str]:
    """Return what the parser holds against the message, its parts and every one of their headers."""
    found = [f"{part.get_content_type()}: {defect!r}" for part in message.walk() for defect in part.defects]
    for part in message.walk():
        found += [f"{name}: {defect!r}" for name, value in part.items() for defect in value.defects]
    return found


def events_of_icalendar(text: str) -> list[Event]:
    read = icalendar.Calendar.from_ical(text)
    assert read.errors == []
    assert [event.errors for event in read.events] == [[]] * len(read.events)
    return [(str(event["UID"]), event.start, str(event["SUMMARY"])) for event in read.events]


def events_of_vobject(text: str) -> list[Event]:
    events = vobject.readOne(text, validate=True).vevent_list
    return [(event.uid.value, event.dtstart.value, event.summary.value) for event in events]


def test_every_mail_is_here_in_every_language(previewed: list[Mail]) -> None:
    expected = [f"{key} ({language})" for key in mail_keys() for language in mail_languages()]
    assert sorted(mail.name for mail in previewed) == sorted(expected)


def test_no_mail_has_a_defect(mails: list[Mail]) -> None:
    found = {mail.name: [f"email.policy.default: {each}" for each in defects(mail.message)] for mail in mails}
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


def test_no_line_is_too_long_and_each_ends_as_it_travels(mails: list[Mail]) -> None:
    lines = {mail.name: mail.raw.split(b"\r\n") for mail in mails}
    assert {name for name, each in lines.items() if max(map(len, each)) > LONGEST_LINE} == set()
    assert {name for name, each in lines.items() if any(b"\n" in line or b"\r" in line for line in each)} == set()


def test_every_mail_has_its_words_twice(mails: list[Mail]) -> None:
    both = ["text/plain", "text/html"]
    texts = {mail.name: [each for each in mail.kinds if each in both] for mail in mails}
    assert {name: found for name, found in texts.items() if found != both} == {}


def test_two_libraries_read_the_same_of_every_calendar(mails: list[Mail]) -> None:
    calendars = [(mail.name, text) for mail in mails for text in mail.calendars]
    first = {name: events_of_icalendar(text) for name, text in calendars}
    assert first == {name: events_of_vobject(text) for name, text in calendars}
    assert [name for name, events in first.items() if not events] == []


def test_calendars_that_give_a_day_and_that_take_it_back_are_among_them(mails: list[Mail]) -> None:
    methods = [re.findall(r"^METHOD:(\w+)", text, re.MULTILINE) for mail in mails for text in mail.calendars]
    assert ["PUBLISH"] in methods
    assert ["CANCEL"] in methods


def test_the_parser_is_listened_to() -> None:
    bad = b"Subject: =?utf-8?b?broken=?=\r\nTo: a@b@c\r\nContent-Type: multipart/mixed\r\n\r\nx"
    assert len(defects(message_from_bytes(bad, policy=default))) > 2
