"""Each expression of how often, as a document writes it, and the days it gives (domain.md 5.2)."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.documents.recurrence import find_deadline, find_frequency, recurrence_of
from styrhjul.domain.recurrence import Recurrence, RecurrenceKind, parse_recurrence, report_periods
from styrhjul.domain.term import term_starts
from styrhjul.domain.vocabulary import BodyKind
from tests.domain.dated import examples

#: The last days of the periods that 2028, a leap year, is reported for.
ENDS = {
    "annual": "2028-12-31",
    "semiannual": "2028-06-30 2028-12-31",
    "tertial": "2028-04-30 2028-08-31 2028-12-31",
    "quarterly": "2028-03-31 2028-06-30 2028-09-30 2028-12-31",
    "monthly": "2028-01-31 2028-02-29 2028-03-31 2028-04-30 2028-05-31 2028-06-30 "
    "2028-07-31 2028-08-31 2028-09-30 2028-10-31 2028-11-30 2028-12-31",
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
    ("domain.md 5.2", words, words, recurrence, ENDS.get(recurrence, ""))
    for recurrence, expressions in EXPRESSIONS.items()
    for words in expressions.split("|")
]


@examples("words recurrence ends", ROWS)
def test_an_expression_gives_its_rhythm_and_the_periods_of_2028(words: str, recurrence: str, ends: str) -> None:
    sentence = f"Policyn ska följas upp {words}."
    read = recurrence_of(find_frequency(sentence), find_deadline(sentence))
    assert read == recurrence
    parsed = parse_recurrence(read)
    assert parsed is not None
    periods = report_periods(parsed, since=date(2028, 1, 1), until=date(2028, 12, 31))
    assert " ".join(period.ends_on.isoformat() for period in periods) == ends


#: Recurrence; key; first and last day.
PERIODS = [
    ("annual", "2026", "2026-01-01", "2026-12-31"),
    ("annual", "2030", "2030-01-01", "2030-12-31"),
    ("semiannual", "2027-H1", "2027-01-01", "2027-06-30"),
    ("semiannual", "2027-H2", "2027-07-01", "2027-12-31"),
    ("tertial", "2027-T1", "2027-01-01", "2027-04-30"),
    ("tertial", "2027-T2", "2027-05-01", "2027-08-31"),
    ("tertial", "2027-T3", "2027-09-01", "2027-12-31"),
    ("quarterly", "2028-Q1", "2028-01-01", "2028-03-31"),
    ("quarterly", "2028-Q4", "2028-10-01", "2028-12-31"),
    ("monthly", "2027-02", "2027-02-01", "2027-02-28"),
    ("monthly", "2028-02", "2028-02-01", "2028-02-29"),
    ("monthly", "2030-12", "2030-12-01", "2030-12-31"),
]


@examples("recurrence key first last", [("domain.md 5.2", f"{row[0]} {row[1]}", *row) for row in PERIODS])
def test_a_period_has_its_key_and_its_days(recurrence: str, key: str, first: str, last: str) -> None:
    ends_on = date.fromisoformat(last)
    (period,) = report_periods(Recurrence(RecurrenceKind(recurrence)), since=ends_on, until=ends_on)
    assert (period.key, period.starts_on, period.ends_on) == (key, date.fromisoformat(first), ends_on)


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
