"""Swedish forms that the mails are built from."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.mail import swedish
from styrhjul.mail.layout import COLUMNS, flat, subject_line, wrap

TODAY = date(2027, 3, 10)


def test_a_day_has_its_year_only_when_it_is_another() -> None:
    assert swedish.day(date(2027, 3, 31), TODAY) == "31 mars"
    assert swedish.day(date(2028, 1, 5), TODAY) == "5 januari 2028"
    assert swedish.weekday(date(2027, 3, 31), TODAY) == "onsdag 31 mars"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2027, 2, 8)], "8 februari"),
        ([date(2027, 2, 17), date(2027, 2, 8), date(2027, 2, 8)], "8 och 17 februari"),
        ([date(2027, 1, 8), date(2027, 2, 8), date(2027, 2, 9)], "8 januari, 8 och 9 februari"),
        ([date(2026, 11, 8), date(2026, 12, 1), date(2027, 1, 7)], "8 november, 1 december 2026 och 7 januari"),
    ],
)
def test_days_share_their_month(days: list[date], words: str) -> None:
    assert swedish.days(days, TODAY) == words


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Socialnämnden", "socialnämnden"),
        ("Barn- och utbildningsnämnden", "barn- och utbildningsnämnden"),
        ("Nämnden för arbete och välfärd", "nämnden för arbete och välfärd"),
        ("Kommunstyrelsen", "kommunstyrelsen"),
        ("Exempelbyhus AB", "Exempelbyhus AB"),
        ("Södra Räddningstjänstförbundet", "Södra Räddningstjänstförbundet"),
    ],
)
def test_a_body_inside_a_sentence(name: str, inside: str) -> None:
    assert swedish.inside(name) == inside


@pytest.mark.parametrize(
    ("title", "definite"),
    [
        ("Förvaltningschef", "förvaltningschefen"),
        ("kommunchefen", "kommunchefen"),
        ("kommundirektör", "kommundirektören"),
        ("Verkställande direktör", "verkställande direktören"),
        ("ordförande", "ordföranden"),
        ("sekreterare", "sekreteraren"),
        ("registrator", "registratorn"),
        ("VD", "VD:n"),
        ("Kommunstyrelsens funktionsbrevlåda", "kommunstyrelsens funktionsbrevlåda"),
    ],
)
def test_a_title_in_its_definite_form(title: str, definite: str) -> None:
    assert swedish.definite(title) == definite


@pytest.mark.parametrize(
    ("office", "words", "the_words"),
    [
        ("Ordförande, Socialnämnden", "ordförande i socialnämnden", "ordföranden i socialnämnden"),
        (
            "förvaltningschef, socialförvaltningen",
            "förvaltningschef för socialförvaltningen",
            "förvaltningschefen för socialförvaltningen",
        ),
        ("kommunchef", "kommunchef", "kommunchefen"),
    ],
)
def test_an_office_inside_a_sentence(office: str, words: str, the_words: str) -> None:
    assert (swedish.office(office), swedish.the_office(office)) == (words, the_words)


@pytest.mark.parametrize(
    ("title", "noun"),
    [
        ("Integrationspolicy för Exempelby", "policyn"),
        ("Riktlinjer för sponsring", "riktlinjerna"),
        ("Plan för tillgänglighet", "planen"),
        ("Taxa", "dokumentet"),
    ],
)
def test_a_document_by_its_title(title: str, noun: str) -> None:
    assert swedish.document(title) == noun


def test_a_short_title_has_no_subtitle_and_no_municipality() -> None:
    assert swedish.short_title("Integrationspolicy – en policy för alla", "Exempelby kommun") == "Integrationspolicy"
    assert swedish.short_title("Integrationspolicy för Exempelby kommun", "Exempelby kommun") == "Integrationspolicy"


@given(st.text(), st.integers(0, 8))
def test_wrapping_loses_no_word_and_keeps_the_columns(text: str, indent: int) -> None:
    wrapped = wrap(text, indent)
    assert flat(wrapped) == flat(text)
    for line in wrapped.split("\n"):
        assert len(line) <= COLUMNS or " " not in line.strip(" ")


@given(st.text(), st.text(), st.none() | st.text())
def test_a_subject_is_always_one_line_of_bounded_length(who: str, what: str, diary_number: str | None) -> None:
    line = subject_line(who, what, diary_number)
    assert len(line) <= 78
    assert "\n" not in line


def test_a_day_far_away_has_its_year_even_within_the_year() -> None:
    assert swedish.day(date(2027, 10, 31), date(2027, 1, 7)) == "31 oktober"
    assert swedish.day(date(2027, 11, 30), date(2027, 1, 7)) == "30 november 2027"
