"""The days a mail names, read from its words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.message import CalendarPart, Envelope, build
from styrhjul.mail.render import render
from styrhjul.services.simulation.wording import days_it_goes_up, last_days, words_of

TODAY = date(2027, 3, 17)
ENVELOPE = Envelope(
    message_id="<0123456789abcdef@styrhjul.example.org>",
    date_at=datetime(2027, 3, 17, 8, 0, tzinfo=UTC),
    sender_address="styrhjul@example.org",
    sender_name="Exempelby kommun",
    to_address="ordforande@example.org",
    to_name="Ordförande, socialnämnden",
    reply_to="registrator@example.org",
    return_path="studs+0123@example.org",
    mail_id="0123456789abcdef",
)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("mål för 2027, handlingar senast 8 februari", date(2027, 2, 8)),
        ("SENAST onsdag 31 mars", date(2027, 3, 31)),
        ("Sista dag är 29 februari 2028", date(2028, 2, 29)),
        ("Sista dag är 29 februari", date(2028, 2, 29)),
        ("svara senast 30 december", date(2026, 12, 30)),
    ],
)
def test_a_last_day_is_read_and_is_the_nearest_of_its_name(words: str, day: date) -> None:
    assert last_days(words, TODAY) == {day}


@pytest.mark.parametrize("words", ["Sista dag var onsdag 31 mars", "FÖRSENAD sedan 31 mars", "senast den 31 mars"])
def test_a_day_that_has_been_is_none(words: str) -> None:
    assert last_days(words, TODAY) == set()


def test_both_days_it_goes_up_are_read() -> None:
    words = "Utan svar går ärendet till förvaltningschefen 5 april och till kommundirektören 14 april."
    assert days_it_goes_up(words, TODAY) == {date(2027, 4, 5), date(2027, 4, 14)}


def test_the_words_of_a_mail_are_its_subject_and_text_in_one_line() -> None:
    message = EmailMessage()
    message["Subject"] = "Mål senast 8\n februari".replace("\n", "")
    message.set_content("Lämna målen senast måndag 8\nfebruari.\n")
    assert words_of(message.as_bytes()) == "Mål senast 8 februari. Lämna målen senast måndag 8 februari."


def test_of_a_mail_as_we_build_it_the_text_is_read_and_not_the_html() -> None:
    rendered = render(CONTEXTS["goals_warning"].sample())
    raw = build(rendered, ENVELOPE, CalendarPart(method="PUBLISH", content=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    assert words_of(raw) == " ".join(f"{rendered.subject}. {rendered.text}".split())
