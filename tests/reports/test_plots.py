"""Every plot tells its numbers in words, is readable without colour, and has a drawing for a phone."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from styrhjul.domain.answer import Attainment
from styrhjul.reports.answer_time_plot import draw_times
from styrhjul.reports.attainment_plot import draw_attainment
from styrhjul.reports.block import Picture
from styrhjul.reports.chapter import BodyTally, Years, YearsRow
from styrhjul.reports.chapter_facts import KnownAnswer, KnownJudgement, Standing
from styrhjul.reports.chapter_making import make_chapter
from styrhjul.reports.chart import COLOURS, LOOKS, NARROW, WIDE, Tone, wrapped
from styrhjul.reports.months_plot import draw_months
from styrhjul.reports.raster import png_of
from styrhjul.reports.results import Answered, Months, months_table, times_of, times_table
from styrhjul.reports.wheel_geometry import width
from styrhjul.reports.years import table
from styrhjul.reports.years_plot import MOST_PARTS, MOST_ROWS, draw_years
from tests.reports.chapter_facts import FOLLOWED, GOALS, SCHOOL, SOCIAL, answered, case, known

SHEET = Path(__file__).parents[2] / "styrhjul/web/static/styrhjul.css"
LONG = "Nämnden för arbetsmarknad, vuxenutbildning och integration"
WHOLE = KnownAnswer(
    submitted_on=date(2027, 2, 1),
    judgements=(KnownJudgement(goal_id=None, goal=None, attainment=Attainment.MET),),
)
YEARS = Years(
    years=(2026, 2027),
    rows=(
        YearsRow(name=LONG, is_goal=False, counts=({}, {Standing.MET: 1, Standing.MISSING: 2})),
        YearsRow(name="Fler i arbete", is_goal=True, counts=({}, {Standing.MET: 1})),
    ),
)
TIMES = times_of(
    Answered(body=body, asked_on=date(2027, 1, 7), answered_on=on, due_on=date(2027, 2, 26))
    for body, on in ((SOCIAL, date(2027, 1, 17)), (SOCIAL, date(2027, 3, 1)), (LONG, date(2027, 1, 7)))
)
MONTHS = Months(year=2027, due=(0, 7, *[0] * 9, 21), mails=(120, 3, *[0] * 10))
PLOTS = {
    "attainment": draw_attainment([BodyTally(body=LONG, counts=dict.fromkeys(Standing, 1))], subject="allt"),
    "years": draw_years(YEARS, subject="Måluppfyllelse")[0],
    "times": draw_times(TIMES),
    "months": draw_months(MONTHS),
}
EVERY = pytest.mark.parametrize("picture", PLOTS.values(), ids=PLOTS)


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


@EVERY
def test_it_is_an_image_with_a_name_and_every_number_in_words(picture: Picture) -> None:
    for svg in (picture.svg, picture.narrow):
        root = drawn(svg)
        named = {each.get("id") for each in root.findall("{*}title") + root.findall("{*}desc")}
        assert root.get("role") == "img"
        assert set((root.get("aria-labelledby") or "").split()) == named
        assert root.findtext("{*}desc") == picture.alt
        numbers = {each.text for each in root.iter("{*}text") if (each.text or "").isdigit()}
        assert all(re.search(rf"\b{number}\b", picture.alt) for number in numbers - AXIS)


#: What stands at an axis is no number of anybody's.
AXIS = {str(number) for number in range(0, 200, 10)}


@EVERY
def test_no_text_leaves_the_drawing(picture: Picture) -> None:
    for svg, across in ((picture.svg, WIDE), (picture.narrow, NARROW)):
        for each in drawn(svg).iter("{*}text"):
            at, long = float(each.get("x", "")), width(each.text or "", 14)
            begins = {"start": at, "middle": at - long / 2, "end": at - long}[each.get("text-anchor", "start")]
            assert begins >= -2, each.text
            assert begins + long <= across + 2, each.text


@EVERY
def test_a_program_without_svg_gets_the_same_as_points(picture: Picture) -> None:
    assert png_of(picture).startswith(b"\x89PNG")


def test_no_standing_looks_like_another_in_grey() -> None:
    looks = {(_grey(COLOURS[look.fill]), look.dash, look.is_hatched) for look in LOOKS.values()}
    assert len(looks) == len(Standing)
    tones = sorted(_grey(COLOURS[tone]) for tone in (Tone.DARK, Tone.MIDDLE, Tone.LIGHT, Tone.GROUND))
    assert all(after - before >= 18 for before, after in itertools.pairwise(tones))


def _grey(colour: str) -> int:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return round(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def test_the_colours_in_a_file_are_those_of_the_pages() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    tokens = dict(re.findall(r"(--[\w-]+): (#\w+)", sheet[: sheet.index("prefers-color-scheme: dark")]))
    fills = dict(re.findall(r"\.p-([\w-]+) \{ fill: var\((--[\w-]+)\)", sheet))
    lines = dict(re.findall(r"\.p-line-([\w-]+) \{ stroke: var\((--[\w-]+)\)", sheet))
    assert {Tone(name): tokens[token] for name, token in (fills | lines).items()} == COLOURS


def test_table_and_plot_say_the_same_numbers() -> None:
    assert table(YEARS, of="", first="").rows[0][1:] == ("–", "1 uppfyllt, 2 svar saknas")
    assert "2027 1 uppfyllt, 2 svar saknas" in PLOTS["years"].alt
    assert times_table(TIMES).rows[0] == (SOCIAL, "2", "31,5 dagar", "10 dagar", "53 dagar", "1")
    assert "median 31,5 dagar" in PLOTS["times"].alt
    assert months_table(MONTHS).rows[-1] == ("Hela året", "28", "123")
    assert "december 21" in PLOTS["months"].alt


def rows(bodies: int, goals: int) -> Years:
    there: tuple[dict[Standing, int], ...] = ({}, {Standing.MET: 1})
    many = (
        YearsRow(name=f"Organ {body}" if n == 0 else f"Mål {n}", is_goal=n > 0, counts=there)
        for body in range(bodies)
        for n in range(goals + 1)
    )
    return Years(years=(2026, 2027), rows=tuple(many))


def test_a_body_stands_with_its_goals_in_one_part_that_has_room_on_a_page() -> None:
    parts = draw_years(rows(bodies=7, goals=5), subject="Allt")
    assert [picture.svg.count(">Organ ") for picture in parts] == [2, 2, 2, 1]
    assert [picture.svg.count(">Mål ") for picture in parts] == [10, 10, 10, 5]
    assert all(picture.height < 960 for picture in parts)
    assert "del 2 av 4" in parts[1].svg


def test_what_there_is_no_room_for_is_in_the_table() -> None:
    many = rows(bodies=MOST_ROWS * MOST_PARTS + 6, goals=0)
    parts = draw_years(many, subject="Mål")
    assert ["6 rader till finns i tabellen." in picture.svg for picture in parts] == [*[False] * (MOST_PARTS - 1), True]
    assert len(table(many, of="", first="").rows) == len(many.rows)


def test_a_name_without_room_ends_with_three_dots() -> None:
    assert wrapped(LONG, 150) == ["Nämnden för", "arbetsmarknad, …"]
    assert wrapped("x" * 90, 100)[0].endswith(" …")
    assert wrapped("Kort", 100) == ["Kort"]


def test_the_years_are_counted_as_each_years_chapter_counts_them() -> None:
    cases = (
        answered(SOCIAL, GOALS, "goal_setting"),
        answered(SOCIAL, FOLLOWED),
        answered(SOCIAL, WHOLE, period="2026"),
        case(SCHOOL, period="2026"),
    )
    years = make_chapter(known(*cases)).sections[0].years
    told = {row.name: tuple(Counter(each) for each in row.counts[2:]) for row in years.rows}
    assert years.years == (2024, 2025, 2026, 2027)
    assert years.asked == 2
    assert told == {
        SOCIAL: (Counter({Standing.MET: 1}), Counter({Standing.PARTLY_MET: 1})),
        "Fler ska få arbete": (Counter(), Counter({Standing.PARTLY_MET: 1})),
        "Perioden som helhet": (Counter({Standing.MET: 1}), Counter()),
        SCHOOL: (Counter({Standing.MISSING: 1}), Counter()),
    }
