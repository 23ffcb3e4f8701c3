"""The days a mail names, read from its words."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from styrhjul.services.simulation.wording import days_it_goes_up, last_days, words_of

TODAY = date(2027, 3, 17)


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
