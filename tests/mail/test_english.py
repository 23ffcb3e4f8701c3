"""English forms that the mails are built from."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.mail import english

TODAY = date(2027, 3, 10)


def test_a_day_has_its_year_only_when_it_is_another() -> None:
    assert english.day(date(2027, 3, 31), TODAY) == "31 March"
    assert english.day(date(2028, 1, 5), TODAY) == "5 January 2028"
    assert english.weekday(date(2027, 3, 31), TODAY) == "Wednesday 31 March"


def test_days_share_their_month() -> None:
    assert english.days([date(2027, 2, 17), date(2027, 2, 8), date(2027, 2, 8)], TODAY) == "8 and 17 February"
    assert english.days([date(2026, 11, 8), date(2027, 1, 7)], TODAY) == "8 November 2026 and 7 January"


@pytest.mark.parametrize(
    ("fewest", "most", "words"),
    [
        (1, 2, "one or two goals"),
        (1, 1, "one goal"),
        (1, None, "at least one goal"),
        (None, None, "goals"),
        (2, 5, "two to five goals"),
        (None, 1, "at most one goal"),
        (13, 13, "13 goals"),
    ],
)
def test_goals_are_counted(fewest: int | None, most: int | None, words: str) -> None:
    assert english.goals(fewest, most) == words


@pytest.mark.parametrize(
    ("name", "once", "again"),
    [
        ("Ordförande, socialnämnden", "chair (ordförande) of Socialnämnden", "the chair of Socialnämnden"),
        ("kommunchef", "municipal chief executive (kommunchef)", "the municipal chief executive"),
        ("förvaltningschefen", "head of administration (förvaltningschef)", "the head of administration"),
        (
            "VD, Exempelbyhus AB",
            "managing director (VD) of Exempelbyhus AB",
            "the managing director of Exempelbyhus AB",
        ),
        ("Näringslivsstrateg", "näringslivsstrateg", "the näringslivsstrateg"),
        (
            "Kommunstyrelsens funktionsbrevlåda",
            "the function mailbox of Kommunstyrelsen",
            "the function mailbox of Kommunstyrelsen",
        ),
    ],
)
def test_an_office_is_translated_and_its_swedish_title_told_once(name: str, once: str, again: str) -> None:
    assert english.office(name) == once
    assert english.the_office(name) == again


def test_a_body_keeps_its_name_and_an_office_its_article() -> None:
    assert english.inside("socialnämnden") == "Socialnämnden"
    assert english.inside("Exempelbyhus AB") == "Exempelbyhus AB"
    assert english.inside("the municipal chief executive") == "the municipal chief executive"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Integrationspolicy för Exempelby kommun", "the policy"),
        ("Kulturprogram 2030", "the programme"),
        ("Riktlinjer för inköp", "the guidance"),
        ("Kommunallagen (2017:725)", "the document"),
    ],
)
def test_a_document_is_called_what_it_is(title: str, name: str) -> None:
    assert english.document(title) == name


def test_words_are_listed_and_counted() -> None:
    assert english.listed(["a"]) == "a"
    assert english.listed(["a", "b", "c"]) == "a, b and c"
    assert [english.number(count) for count in (1, 12, 13)] == ["one", "twelve", "13"]
