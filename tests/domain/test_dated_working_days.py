"""Every red day, eve and squeeze day of 2026-2031, and counting past them (domain.md 6, lag 1989:253)."""

from __future__ import annotations

from datetime import date

from styrhjul.domain.calendar import (
    add_working_days,
    is_ordinary_day,
    is_squeeze_day,
    is_working_day,
    next_ordinary_day,
    next_working_day,
    previous_working_day,
    why_free,
)
from tests.domain.dated import examples

LAW, EVES = "domain.md 6 / lag 1989:253", "domain.md 6 / free by custom"
YEARS = range(2026, 2032)
#: The days that move, one for each year from 2026.
MOVING = {
    (LAW, "långfredagen"): "2026-04-03 2027-03-26 2028-04-14 2029-03-30 2030-04-19 2031-04-11",
    (EVES, "påskafton"): "2026-04-04 2027-03-27 2028-04-15 2029-03-31 2030-04-20 2031-04-12",
    (LAW, "påskdagen"): "2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13",
    (LAW, "annandag påsk"): "2026-04-06 2027-03-29 2028-04-17 2029-04-02 2030-04-22 2031-04-14",
    (LAW, "Kristi himmelsfärdsdag"): "2026-05-14 2027-05-06 2028-05-25 2029-05-10 2030-05-30 2031-05-22",
    (EVES, "pingstafton"): "2026-05-23 2027-05-15 2028-06-03 2029-05-19 2030-06-08 2031-05-31",
    (LAW, "pingstdagen"): "2026-05-24 2027-05-16 2028-06-04 2029-05-20 2030-06-09 2031-06-01",
    (EVES, "midsommarafton"): "2026-06-19 2027-06-25 2028-06-23 2029-06-22 2030-06-21 2031-06-20",
    (LAW, "midsommardagen"): "2026-06-20 2027-06-26 2028-06-24 2029-06-23 2030-06-22 2031-06-21",
    (LAW, "alla helgons dag"): "2026-10-31 2027-11-06 2028-11-04 2029-11-03 2030-11-02 2031-11-01",
}
FIXED = {
    (LAW, "nyårsdagen"): "01-01",
    (LAW, "trettondedag jul"): "01-06",
    (LAW, "första maj"): "05-01",
    (LAW, "nationaldagen"): "06-06",
    (EVES, "julafton"): "12-24",
    (LAW, "juldagen"): "12-25",
    (LAW, "annandag jul"): "12-26",
    (EVES, "nyårsafton"): "12-31",
}
HOLIDAYS = [(source, f"{name} {day}", day, name) for (source, name), days in MOVING.items() for day in days.split()] + [
    (source, f"{name} {year}", f"{year}-{day}", name) for (source, name), day in FIXED.items() for year in YEARS
]


@examples("day name", HOLIDAYS)
def test_holidays_and_eves_are_free_and_named(day: str, name: str) -> None:
    assert why_free(date.fromisoformat(day)) == name
    assert not is_working_day(date.fromisoformat(day))


#: By year, all there are: no other day of these six years is squeezed.
SQUEEZED = {
    2026: "2026-01-02 2026-01-05 2026-05-15",
    2027: "2027-05-07",
    2028: "2028-01-07 2028-05-26 2028-06-05",
    2029: "2029-04-30 2029-05-11",
    2030: "2030-05-31 2030-06-07 2030-12-23 2030-12-27 2030-12-30",
    2031: "2031-05-02 2031-05-23",
}
SQUEEZE_DAYS = [
    ("domain.md 6 / klämdagar", f"nobody is expected on {day}", day)
    for days in SQUEEZED.values()
    for day in days.split()
]


@examples("day", SQUEEZE_DAYS)
def test_a_squeeze_day_is_worked_but_not_ordinary(day: str) -> None:
    squeezed = date.fromisoformat(day)
    assert is_working_day(squeezed)
    assert is_squeeze_day(squeezed)
    assert not is_ordinary_day(squeezed)


@examples("year days", [("domain.md 6 / klämdagar", f"all of {year}", year, days) for year, days in SQUEEZED.items()])
def test_no_other_day_of_the_year_is_squeezed(year: int, days: str) -> None:
    ordinals = range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    found = [day.isoformat() for day in map(date.fromordinal, ordinals) if is_squeeze_day(day)]
    assert found == days.split()


SHORT_DAYS = [
    ("domain.md 6 / nacka.se", f"people work on {name} {day}", day)
    for name, days in {
        "trettondagsafton": "2026-01-05 2027-01-05 2028-01-05 2029-01-05",
        "skärtorsdagen": "2026-04-02 2027-03-25 2028-04-13 2029-03-29 2030-04-18 2031-04-10",
        "valborg": "2026-04-30 2027-04-30 2029-04-30 2030-04-30 2031-04-30",
        "the day before Kristi himmelsfärd": "2026-05-13 2027-05-05 2028-05-24 2029-05-09 2030-05-29 2031-05-21",
        "the day before nationaldagen": "2026-06-05 2028-06-05 2029-06-05 2030-06-05 2031-06-05",
        "the day before alla helgons dag": "2026-10-30 2027-11-05 2028-11-03 2029-11-02 2030-11-01 2031-10-31",
        "annandag pingst": "2026-05-25 2027-05-17 2028-06-05 2029-05-21 2030-06-10 2031-06-02",
        "leap day": "2028-02-29",
    }.items()
    for day in days.split()
]


@examples("day", SHORT_DAYS)
def test_a_short_day_is_a_working_day_for_deadlines(day: str) -> None:
    assert is_working_day(date.fromisoformat(day))
    assert why_free(date.fromisoformat(day)) is None


COUNTED = [
    ("domain.md 6", "three days on from skärtorsdagen 2027 pass Easter", "2027-03-25", 3, "2027-04-01"),
    ("domain.md 6", "three days before the Tuesday after Easter 2028", "2028-04-18", -3, "2028-04-11"),
    ("domain.md 6", "one day on from skärtorsdagen 2029", "2029-03-29", 1, "2029-04-03"),
    ("domain.md 6", "five days on over Easter 2030", "2030-04-17", 5, "2030-04-26"),
    ("domain.md 6", "one day on from Thursday before Easter 2031", "2031-04-10", 1, "2031-04-15"),
    ("domain.md 6", "two days on over Kristi himmelsfärd 2027, the squeeze day counted", "2027-05-05", 2, "2027-05-10"),
    ("domain.md 6", "one day on over Kristi himmelsfärd 2028", "2028-05-24", 1, "2028-05-26"),
    ("domain.md 6", "one day on over midsommar 2027", "2027-06-24", 1, "2027-06-28"),
    ("domain.md 6", "one day back over midsommar 2031", "2031-06-23", -1, "2031-06-19"),
    ("domain.md 6", "Christmas 2026 to the new year", "2026-12-23", 4, "2027-01-04"),
    ("domain.md 6", "Christmas 2027 to the new year", "2027-12-23", 5, "2028-01-03"),
    ("domain.md 6", "Christmas 2030 leaves single days", "2030-12-23", 3, "2031-01-02"),
    ("domain.md 6", "back from trettondagen 2031", "2031-01-07", -1, "2031-01-03"),
    ("domain.md 6", "the leap day counts", "2028-02-28", 2, "2028-03-01"),
    ("domain.md 6", "nationaldagen on a Saturday 2026 takes nothing", "2026-06-05", 1, "2026-06-08"),
    ("domain.md 6", "nationaldagen on a Thursday 2030", "2030-06-05", 1, "2030-06-07"),
    ("domain.md 6", "första maj on a Tuesday 2029", "2029-04-30", 1, "2029-05-02"),
    ("domain.md 3 / papers", "papers 15 days before a meeting on 10 March 2027", "2027-03-10", -15, "2027-02-17"),
    ("domain.md 3 / papers", "papers 15 days before a meeting on 19 April 2028", "2028-04-19", -15, "2028-03-27"),
    ("domain.md 3 / ladder", "8 days after the last of February 2028", "2028-02-29", 8, "2028-03-10"),
    ("domain.md 3 / ladder", "8 days after 30 November 2030 moved to the 29th", "2030-11-29", 8, "2030-12-11"),
]


@examples("day count end", COUNTED)
def test_working_days_are_counted_past_free_days(day: str, count: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(end)


#: Free day, the working day before, the working day after, the next ordinary day.
MOVED = [
    ("domain.md 6", "Good Friday 2028", "2028-04-14", "2028-04-13", "2028-04-18", "2028-04-18"),
    ("domain.md 6", "Easter Sunday 2029", "2029-04-01", "2029-03-29", "2029-04-03", "2029-04-03"),
    ("domain.md 6", "Kristi himmelsfärd 2027", "2027-05-06", "2027-05-05", "2027-05-07", "2027-05-10"),
    ("domain.md 6", "Kristi himmelsfärd 2028", "2028-05-25", "2028-05-24", "2028-05-26", "2028-05-29"),
    (
        "domain.md 6",
        "pingst 2028, Monday squeezed before nationaldagen",
        "2028-06-04",
        "2028-06-02",
        "2028-06-05",
        "2028-06-07",
    ),
    ("domain.md 6", "midsommar 2030, then July rests", "2030-06-29", "2030-06-28", "2030-07-01", "2030-08-01"),
    ("domain.md 6", "trettondagen 2028", "2028-01-06", "2028-01-05", "2028-01-07", "2028-01-10"),
    ("domain.md 6", "trettondagen 2029", "2029-01-06", "2029-01-05", "2029-01-08", "2029-01-08"),
    ("domain.md 6", "Christmas 2030", "2030-12-24", "2030-12-23", "2030-12-27", "2031-01-02"),
    ("domain.md 6", "New Year 2029", "2028-12-31", "2028-12-29", "2029-01-02", "2029-01-02"),
    (
        "domain.md 6",
        "a Thursday in July 2027 is worked but rests",
        "2027-07-15",
        "2027-07-15",
        "2027-07-15",
        "2027-08-02",
    ),
]


@examples("day before after ordinary", MOVED)
def test_a_free_day_moves_to_the_working_days_beside_it(day: str, before: str, after: str, ordinary: str) -> None:
    free = date.fromisoformat(day)
    assert previous_working_day(free) == date.fromisoformat(before)
    assert next_working_day(free) == date.fromisoformat(after)
    assert next_ordinary_day(free) == date.fromisoformat(ordinary)
