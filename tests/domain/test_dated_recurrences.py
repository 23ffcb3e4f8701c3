"""Each expression of how often, as a document writes it, and the days it gives (domain.md 5.2)."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.documents.language.recurrence import find_deadline, find_frequency, recurrence_of
from styrhjul.domain.recurrence import Recurrence, RecurrenceKind, parse_recurrence
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.term import term_starts
from styrhjul.domain.vocabulary import BodyKind
from tests.domain.dated import examples
from tests.domain.given import a_body, a_duty, a_policy
from workflows.follow_up import FOLLOW_UP

#: The days on which the parts of 2028, a leap year, are answered for; a policy adopted in 2024 counts from then.
DUE = {
    "annual": "2029-02-28",
    "semiannual": "2028-08-31 2029-02-28",
    "tertial": "2028-05-31 2028-09-29 2029-02-28",
    "quarterly": "2028-04-28 2028-08-31 2028-10-31 2029-02-28",
    "monthly": "2028-02-29 2028-03-31 2028-04-28 2028-05-31 2028-06-30 2028-08-31 "
    "2028-08-31 2028-09-29 2028-10-31 2028-11-30 2028-12-29 2029-02-28",
    "every_n_years:2": "2029-02-28",
    "every_n_years:4": "2029-02-28",
}
EXPRESSIONS = {
    "annual": "årligen|varje år|en gång om året|en gång per år|1 gång per år|årsvis|i årsredovisningen|"
    "i verksamhetsberättelsen|årligen eller vid behov|årligen, eller tidigare om det behövs",
    "semiannual": "halvårsvis|två gånger per året|två gånger om året|varje halvår|vid två tillfällen per år",
    "tertial": "tertialvis|per tertial|tre gånger per år",
    "quarterly": "kvartalsvis|varje kvartal|fyra gånger om året",
    "monthly": "månadsvis",
    "every_n_years:2": "vartannat år",
    "every_n_years:3": "vart tredje år|minst vart 3:e år",
    "every_n_years:4": "vart fjärde år|var fjärde år",
    "every_n_years:5": "vart femte år|minst vart 5:e år",
    "mandate_period": "varje mandatperiod|vid ny mandatperiod|inför varje mandatperiod|en gång per mandatperiod|"
    "minst en gång per mandatperiod|efter varje allmänt val|i början av mandatperioden",
    "as_needed": "vid behov|löpande|kontinuerligt|regelbundet|fortlöpande|återkommande",
    "once": "första gången 2024|under det sista giltighetsåret|i en slutrapport|när den löper ut",
}
ROWS = [
    ("domain.md 5.2", words, words, recurrence, DUE.get(recurrence, ""))
    for recurrence, expressions in EXPRESSIONS.items()
    for words in expressions.split("|")
]


def follow_ups(recurrence: Recurrence) -> list[RoundDates]:
    """What a committee is asked to follow up, as the program asks it."""
    facts = a_policy(a_body(), a_duty(recurrence), adopted_on=date(2024, 2, 26), followed_from=date(2025, 1, 1))
    return rounds(FOLLOW_UP, facts, a_body(), until=date(2032, 12, 31))


@examples("words recurrence due", ROWS)
def test_an_expression_gives_its_rhythm_and_the_follow_ups_of_2028(words: str, recurrence: str, due: str) -> None:
    sentence = f"Policyn ska följas upp {words}."
    read = recurrence_of(find_frequency(sentence), find_deadline(sentence))
    assert read == recurrence
    parsed = parse_recurrence(read)
    assert parsed is not None
    of_2028 = [each for each in follow_ups(parsed) if each.period.startswith("2028")]
    assert " ".join(each.due_on.isoformat() for each in of_2028) == due


#: Recurrence; key; the day the question goes out; the due day.
PERIODS = [
    ("annual", "2026", "2027-01-07", "2027-02-26"),
    ("annual", "2030", "2031-01-07", "2031-02-28"),
    ("semiannual", "2027-H1", "2027-08-02", "2027-08-31"),
    ("semiannual", "2027-H2", "2028-01-10", "2028-02-29"),
    ("tertial", "2027-T1", "2027-05-03", "2027-05-31"),
    ("tertial", "2027-T2", "2027-09-01", "2027-09-30"),
    ("tertial", "2027-T3", "2028-01-10", "2028-02-29"),
    ("quarterly", "2028-Q1", "2028-04-03", "2028-04-28"),
    ("quarterly", "2028-Q4", "2029-01-08", "2029-02-28"),
    ("monthly", "2027-02", "2027-03-01", "2027-03-31"),
    ("monthly", "2028-02", "2028-03-01", "2028-03-31"),
    ("monthly", "2030-12", "2031-01-07", "2031-02-28"),
]


@examples("recurrence key opens due", [("domain.md 3 and 5.2", f"{row[0]} {row[1]}", *row) for row in PERIODS])
def test_a_period_is_asked_about_when_it_has_ended(recurrence: str, key: str, opens: str, due: str) -> None:
    asked = next(each for each in follow_ups(Recurrence(RecurrenceKind(recurrence))) if each.period == key)
    assert (asked.opens_on.isoformat(), asked.due_on.isoformat()) == (opens, due)


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        (BodyKind.COUNCIL, ["2026-10-15", "2030-10-15", "2034-10-15"]),
        (BodyKind.COMMITTEE, ["2027-01-01", "2031-01-01"]),
        (BodyKind.EXECUTIVE_BOARD, ["2027-01-01", "2031-01-01"]),
    ],
)
def test_every_term_of_office_is_placed_by_its_body_and_not_by_the_calendar(kind: BodyKind, starts: list[str]) -> None:
    """domain.md 5.2 and 1.2: ”varje mandatperiod” is not ”vart fjärde år”."""
    found = term_starts(kind, since=date(2026, 1, 1), until=date(2034, 12, 31))
    assert [day.isoformat() for day in found] == starts
