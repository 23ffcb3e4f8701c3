"""What the register holds in Swedish is known again, and said in a reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta

import pytest

from styrhjul.db.plan_write import WHO_TAKES_OVER
from styrhjul.domain.calendar import why_free
from styrhjul.domain.deadline import deadline_source
from styrhjul.domain.meeting import aim_for
from styrhjul.domain.practice import USUAL, Practice
from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.retold import in_language, period, retold, titled
from workflows import LIFECYCLES

KEYS = sorted(CONTEXTS)
#: Letters and words that no English has.
SWEDISH = re.compile(r"[åäö]|\b(och|inte|senast|kommunens|dagen)\b", re.IGNORECASE)


def sources(of: object) -> Iterator[str]:
    """Every `source` in a declaration, however deep."""
    if is_dataclass(of):
        for field in fields(of):
            value = getattr(of, field.name)
            if field.name == "source":
                yield value
            yield from sources(tuple(value.values()) if isinstance(value, dict) else value)
    elif isinstance(of, tuple):
        for each in of:
            yield from sources(each)


@pytest.mark.parametrize("key", sorted(LIFECYCLES))
def test_every_rule_of_every_lifecycle_is_known(key: str) -> None:
    lifecycle = LIFECYCLES[key]
    found = {source for rule in (*lifecycle.rounds.values(), lifecycle.first_year) for source in sources(rule)}
    assert [source for source in found if SWEDISH.search(retold(source, "en")) or "“" in retold(source, "en")] == []


@pytest.mark.parametrize(
    "words",
    ["i delårsrapporten", "i årsredovisningen", "i verksamhetsplanen", "inför budget", "i budgeten", "per 30 juni"],
)
def test_a_day_that_a_report_gives_is_explained_in_english_and_the_text_is_quoted(words: str) -> None:
    said = retold(deadline_source(words), "en")
    assert said.startswith(f"The document's text: “{words}”. The day is the municipality's default: ")
    assert not SWEDISH.search(said.replace(words, ""))


def test_a_meeting_that_moves_the_day_is_told_in_english() -> None:
    moves = []
    for day in range(1, 28):
        meetings = ((date(2027, 6, day) + timedelta(days=14),),)
        aim = aim_for(meetings, date(2027, 1, 7), date(2027, 6, 1), limit=None, practice=USUAL)
        moves.append(retold(f"Dagen anges i dokumentets text. {aim.words}", "en"))
    assert "No meeting can be reached before 2027-06-01, so the body's next one sets the day." in " ".join(moves)
    assert "in July, when the municipality is in recess" in " ".join(moves)
    assert [said for said in moves if SWEDISH.search(said)] == []


def test_every_free_day_has_an_english_name() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365 * 12)]
    whys = {why for day in days if (why := why_free(day) or Practice().why_not_ordinary(day))}
    said = {why: retold(f"Dagen är 2027-01-05, eftersom 2027-01-06 är {why}.", "en") for why in whys}
    assert {why for why, words in said.items() if SWEDISH.search(words)} == set()


def test_more_time_names_who_gave_it_and_quotes_why() -> None:
    said = retold("Mer tid enligt beslut av kommunchefen 2027-03-01: Nämnden och styrelsen möts senare.", "en")
    assert said == (
        "More time, by decision of the municipal chief executive on 2027-03-01: “Nämnden och styrelsen möts senare.”"
    )


def test_what_is_not_known_is_quoted_and_not_guessed_at() -> None:
    assert retold("Dagen anges i dokumentets text. Enligt överenskommelse.", "en") == (
        "The day is stated in the document's text. “Enligt överenskommelse”."
    )


def test_a_sentence_like_ours_with_something_else_in_a_day_s_place_is_not_ours() -> None:
    assert retold("Svarsdag i remissen av i går.", "en") == "“Svarsdag i remissen av i går”."
    assert retold("Dagen är " * 3000, "en").startswith("“Dagen är")


def test_what_the_program_itself_gives_as_a_reason_is_known() -> None:
    assert retold(WHO_TAKES_OVER, "en") == "The body has been dissolved. Decide who takes over the case, or close it."
    assert retold("Mejlet gick inte fram. 550 5.1.1 no such user", "en") == (
        "The email did not arrive. “550 5.1.1 no such user”."
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("2027", "2027"),
        ("2027-09-06", "2027-09-06"),
        ("första halvåret 2026", "the first half of 2026"),
        ("april 2026", "April 2026"),
        ("mandatperioden 2026–2030", "the term 2026–2030"),
        ("mandatperioden från 2026-10-15", "the term from 2026-10-15"),
    ],
)
def test_a_period_is_said_in_english(words: str, said: str) -> None:
    assert period(words, "en") == said


def test_a_name_is_not_taken_for_a_sentence() -> None:
    assert titled("Kultur- och fritidsnämnden", "en") == "Kultur- och fritidsnämnden"
    assert titled("kommunchefen", "en") == "the municipal chief executive"
    assert titled("Kim Exempel", "en") == "Kim Exempel"


def test_swedish_is_left_alone() -> None:
    values = CONTEXTS["goals_warning"].sample().values()
    assert in_language(values, "sv") is values
