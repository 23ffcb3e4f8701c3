"""Deadlines in the words of documents: the day they name, the time they allow, and what is said of the source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.documents.language.recurrence import find_deadline
from styrhjul.domain.calendar import is_working_day
from styrhjul.domain.date_rule import DateRule, FirstWorkingDayFrom, LastWorkingDayOf, On, day_of
from styrhjul.domain.deadline import counts_from_event, deadline_rule, deadline_source, names_the_day
from styrhjul.domain.months import MONTHS

DAYS = st.dates(date(2020, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("senast den 31 mars (varje år)", On(3, 31)),
        ("Senast  31 mars", On(3, 31)),
        ("senast den 1 maj respektive år", On(5, 1)),
        ("senast den 31 mars året efter", On(3, 31)),
        ("senast den 30:e november", On(11, 30)),
        ("senast den 15 sept.", On(9, 15)),
        ("senast 31/3", On(3, 31)),
        ("senast den första mars", On(3, 1)),
        ("senast första arbetsdagen i mars", FirstWorkingDayFrom(3, 1)),
        ("senast den sista februari", LastWorkingDayOf(2)),
        ("före april månads utgång", LastWorkingDayOf(4)),
        ("före utgången av april", LastWorkingDayOf(4)),
        ("senast mars", LastWorkingDayOf(3)),
        ("under mars månad", LastWorkingDayOf(3)),
        ("i slutet av november", LastWorkingDayOf(11)),
        ("till nämndens sammanträde i september", LastWorkingDayOf(9)),
        ("under tredje kvartalet", LastWorkingDayOf(9)),
        ("vid årets slut", LastWorkingDayOf(12)),
        ("vid årsskiftet", LastWorkingDayOf(12)),
    ],
)
def test_words_that_name_a_day_or_a_month_give_its_rule(words: str, rule: DateRule) -> None:
    assert deadline_rule(words) == rule
    assert names_the_day(words)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("före den 1 maj", LastWorkingDayOf(4)),
        ("före den 31 mars", On(3, 30)),
        ("innan mars", LastWorkingDayOf(2)),
        ("före januari", LastWorkingDayOf(12)),
        ("före den första mars", LastWorkingDayOf(2)),
        ("före 2027-01-01", date(2026, 12, 30)),
        ("före januari 2028", date(2027, 12, 30)),
        ("före 2027", date(2026, 12, 30)),
    ],
)
def test_before_a_day_leaves_the_day_itself_out(words: str, rule: DateRule | date) -> None:
    assert deadline_rule(words) == rule


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("senast 2027-03-31", date(2027, 3, 31)),
        ("senast den 31 december 2027", date(2027, 12, 30)),
        ("senast den 30 juni 2027", date(2027, 6, 30)),
        ("senast den 31/3 2027", date(2027, 3, 31)),
        ("senast 31/3-27", date(2027, 3, 31)),
        ("senast i september 2026", date(2026, 9, 30)),
        ("senast den första augusti 2027", date(2027, 7, 30)),
        ("senast den sista mars 2029", date(2029, 3, 29)),
        ("under första kvartalet 2027", date(2027, 3, 31)),
        ("före utgången av 2027", date(2027, 12, 30)),
        ("under år 2027", date(2027, 12, 30)),
        ("vid årsskiftet 2026/2027", date(2026, 12, 30)),
    ],
)
def test_words_with_a_year_give_one_day_moved_earlier_when_free(words: str, day: date) -> None:
    assert deadline_rule(words) == day


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("årsredovisningen", LastWorkingDayOf(2)),
        ("i samband med bokslut", LastWorkingDayOf(2)),
        ("i samband med kommunens årsbokslut", LastWorkingDayOf(2)),
        ("i samband med delårsrapporten", LastWorkingDayOf(9)),
        ("i samband med delårsrapport per den 31 augusti", LastWorkingDayOf(9)),
        ("i samband med delårsbokslutet", LastWorkingDayOf(9)),
        ("inför budgetarbetet", LastWorkingDayOf(10)),
        ("i samband med budgeten", On(11, 30)),
        ("i samband med att verksamhetsplanen beslutas", On(11, 30)),
        ("inför verksamhetsplaneringen", On(11, 30)),
        ("per den 30 april", LastWorkingDayOf(5)),
        ("per den 30 juni", On(8, 15)),
        ("per den 31 december", LastWorkingDayOf(2)),
        ("per den 31 december 2026", date(2027, 2, 26)),
    ],
)
def test_a_report_or_a_cut_off_gives_the_standard_day_and_says_that_it_is_one(
    words: str, rule: DateRule | date
) -> None:
    assert deadline_rule(words) == rule
    assert not names_the_day(words)
    assert deadline_source(words).startswith(f"Dokumentets text: ”{words}”. Dagen är kommunens standard: ")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "vid behov",
        "tertialvis",
        "varje kvartal",
        "innan planen revideras",
        "inför större beslut",
        "i samband med budgetuppföljningen",
        "senast i början av mars",
        "i mitten av september",
        "inför varje ny mandatperiod",
        "under mandatperioden 2027",
        "inom två månader från beslutet",
        "senast två veckor före den 1 maj",
        "inom 24 timmar",
        "senast den 31 april",
        "senast den 31/13",
        "senast 2027-02-31",
        "per den 31 september",
        "senast den 31 mars och den 30 september",
        "i mars och oktober",
        "den 31/3 och 30/9",
    ],
)
def test_words_that_name_no_day_or_several_are_left_for_somebody_to_answer(words: str) -> None:
    assert deadline_rule(words) is None
    assert not names_the_day(words)
    assert "standard" not in deadline_source(words)


def test_source_quotes_the_text_as_it_stands() -> None:
    assert deadline_source("senast den\n 31 mars.") == "Dokumentets text: ”senast den 31 mars”."


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("inom två månader från beslutet", True),
        ("inom två månader efter att planen har antagits.", True),
        ("inom 1 månad", True),
        ("efter tre år", True),
        ("inom ett år från valet", True),
        ("inom två arbetsdagar", True),
        ("inom fjorton dagar efter mötet", True),
        ("senast tre veckor före sammanträdet", True),
        ("inom mandatperioden", False),
        ("inom 24 timmar", False),
        ("senast den 31 mars", False),
    ],
)
def test_time_from_an_event_names_no_day(words: str, *, counts: bool) -> None:
    assert counts_from_event(words) == counts
    assert not (counts and deadline_rule(words))


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.integers(2020, 2050))
def test_every_day_of_the_year_is_read_and_never_passed(day: date, year: int) -> None:
    words = f"{day.day} {MONTHS[day.month - 1]}"
    rule = deadline_rule(f"senast den {words}")
    assert rule == On(day.month, day.day)
    assert deadline_rule(f"senast den {words} {year}") == day_of(On(day.month, day.day), year)


@given(DAYS)
def test_before_a_day_is_at_most_the_day_before(day: date) -> None:
    last = deadline_rule(f"före {day.isoformat()}")
    assert isinstance(last, date)
    assert is_working_day(last)
    assert timedelta(days=1) <= day - last <= timedelta(days=7)


@given(st.text(max_size=60))
def test_no_words_break_the_reading(words: str) -> None:
    rule = deadline_rule(words)
    assert rule is None or isinstance(rule, On | LastWorkingDayOf | FirstWorkingDayFrom | date)
    assert deadline_source(words).startswith("Dokumentets text: ”")
    assert rule is None or not counts_from_event(words)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nämnden ska redovisa resultatet senast den 31 mars varje år.",
        "Nämnden ska redovisa resultatet senast sista februari.",
        "Nämnden ska redovisa resultatet före april månads utgång.",
        "Nämnden ska redovisa resultatet senast i september 2026.",
        "Nämnden ska redovisa resultatet i samband med delårsrapporten.",
        "Nämnden ska redovisa resultatet till nämndens sammanträde i september.",
    ],
)
def test_the_words_a_document_stores_name_a_day(sentence: str) -> None:
    words = find_deadline(sentence)
    assert words is not None
    assert deadline_rule(words) is not None
