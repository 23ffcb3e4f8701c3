"""The wheel keeps its words apart and its links in order, whatever year and rounds it is given."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.reports.wheel import DATES_APART, draw, rim
from styrhjul.reports.wheel_geometry import angle, spread, turn, width
from styrhjul.reports.wheel_layout import (
    FLOOR,
    LABEL_SIZE,
    LETTERS,
    TOP,
    Event,
    Kind,
    Ring,
    Stage,
    Wheel,
    days,
    fitting,
    placed,
    rows,
)

YEARS = st.sampled_from([2026, 2027, 2028])


@st.composite
def events(draw_value: st.DrawFn) -> Event:
    opens = date(2026, 7, 1) + timedelta(draw_value(st.integers(0, 900)))
    is_by_law = draw_value(st.integers(0, 9)) == 0
    kind = draw_value(st.sampled_from(Kind))
    return Event(
        names=("Uppföljning av målen för 2027", "Uppföljning 2027", "Mål"),
        kind=Kind.REPORT if is_by_law else kind,
        opens_on=opens,
        due_on=opens if is_by_law else opens + timedelta(draw_value(st.integers(1, 400))),
        stage=draw_value(st.sampled_from(Stage)),
        told="pågår",
        href="/by/case/1",
        is_optional=draw_value(st.booleans()),
        is_by_law=is_by_law,
    )


@st.composite
def wheels(draw_value: st.DrawFn) -> Wheel:
    year = draw_value(YEARS)
    rings = draw_value(st.lists(st.lists(events(), max_size=12), max_size=7))
    every = [
        Ring(
            name=f"Program {n}",
            events=tuple(each for each in ring if each.opens_on.year <= year <= each.due_on.year),
            behind=tuple(each for each in ring if each.due_on.year < year and not each.is_by_law),
        )
        for n, ring in enumerate(rings)
    ]
    return Wheel(
        year=year,
        today=date(2027, 1, 1) + timedelta(draw_value(st.integers(0, 500))),
        title="Årshjul",
        rings=tuple(every[: fitting(every)]),
        meetings=((date(year, 3, 3), "Kommunstyrelsen"),),
        rest_months=frozenset({7}),
    )


@given(wheels())
def test_no_name_stands_outside_its_arc(wheel: Wheel) -> None:
    for ring in placed(wheel):
        for each in ring.rounds:
            if each.label:
                assert each.begins <= each.label.middle - each.label.span / 2
                assert each.label.middle + each.label.span / 2 <= each.ends
                assert each.label.span >= turn(width(each.label.text, LABEL_SIZE), each.middle) - 1e-9


@given(wheels())
def test_every_arc_without_a_name_has_its_kinds_letter_and_on_a_small_wheel_every_arc(wheel: Wheel) -> None:
    for ring in placed(wheel):
        for each in ring.rounds:
            letters = LETTERS[each.event.kind]
            assert each.event.is_by_law or (each.label or each.letter)
            assert (each.small_letter is None) is each.event.is_by_law
            for letter in filter(None, (each.letter, each.small_letter)):
                middle, half = letter.label.middle, letter.label.span / 2
                on_arc = each.begins <= middle - half and middle + half <= each.ends
                assert letter.label.text == letters
                assert on_arc is not letter.is_beside


@given(wheels())
def test_what_is_late_since_the_years_before_is_marked_early_in_the_year(wheel: Wheel) -> None:
    for ring, shown in zip(wheel.rings, placed(wheel), strict=True):
        assert [each.event for each in shown.behind] == list(ring.behind)
        for each in shown.behind:
            assert shown.inner <= each.inner < each.outer <= shown.outer
            assert 0 <= each.begins <= each.ends <= turn(100, each.middle)
    drawn = draw(wheel, "")
    assert drawn.count('class="w-behind"') == sum(len(ring.behind) for ring in wheel.rings)


@given(wheels())
def test_no_ring_stands_outside_the_wheel_or_in_another(wheel: Wheel) -> None:
    rings = placed(wheel)
    assert all(FLOOR - 1e-6 <= ring.inner < ring.outer <= TOP for ring in rings)
    assert all(inner.outer < outer.inner for outer, inner in pairwise(rings))


@given(wheels())
def test_no_two_dates_on_the_rim_touch(wheel: Wheel) -> None:
    stand = spread([true for true, _ in rim(wheel)], DATES_APART)
    gaps = [later - earlier for earlier, later in pairwise([*stand, *(each + 360 for each in stand[:1])])]
    assert all(gap >= DATES_APART - 1e-6 for gap in gaps)


@given(st.lists(st.floats(0, 359.9), max_size=60).map(sorted), st.floats(0.5, 6))
def test_what_is_spread_keeps_its_order_and_stands_apart(angles: list[float], apart: float) -> None:
    stand = spread(angles, apart)
    assert len(stand) == len(angles)
    needed = min(apart, 360 / max(len(angles), 1))
    assert all(later - earlier >= needed - 1e-6 for earlier, later in pairwise(stand))


@given(wheels())
def test_the_links_come_ring_by_ring_and_each_says_what_it_is(wheel: Wheel) -> None:
    told = re.findall(r'<a class="w-link" href="[^"]+" aria-label="([^"]+)"><title>', draw(wheel, ""))
    names = [each.partition(":")[0] for each in told]
    assert names == [ring.name for ring in wheel.rings for _ in (*ring.events, *ring.behind)]


@given(wheels())
def test_the_discs_of_a_small_wheel_are_the_numbers_of_the_table(wheel: Wheel) -> None:
    discs = re.findall(r'<text class="w-num [^>]*>(\d+)</text>', draw(wheel, ""))
    assert {int(disc) for disc in discs} == {row.number for row in rows(wheel) if row.number}
    assert len(rows(wheel)) == sum(len(ring.events) + len(ring.behind) for ring in wheel.rings)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_a_day_ends_where_the_next_begins_in_leap_years_too(on: date) -> None:
    length = (date(on.year + 1, 1, 1) - date(on.year, 1, 1)).days
    assert angle(on.year, on, closes=True) - angle(on.year, on) == pytest.approx(360 / length)
    assert angle(on.year, on) == pytest.approx(360 * (on.timetuple().tm_yday - 1) / length)


def a_wheel(*, title: str = "Årshjul 2027", name: str = "Program", due: date = date(2027, 3, 31)) -> Wheel:
    event = Event(
        names=("Mål 2027",), kind=Kind.GOAL, opens_on=date(2027, 1, 7), due_on=due, stage=Stage.LATE,
        told="försenad", href='/by/case/1?a="b"',
    )  # fmt: skip
    return Wheel(year=2027, today=date(2027, 4, 10), title=title, rings=(Ring(name=name, events=(event,)),))


def test_every_word_is_escaped() -> None:
    drawn = draw(a_wheel(title="<b>Å</b>", name='<script>"'), "<i>")
    assert "<b>" not in drawn
    assert "<script" not in drawn
    assert "<i>" not in drawn
    assert 'href="/by/case/1?a=&quot;b&quot;"' in drawn


def test_a_mark_says_the_round_its_days_and_how_it_stands() -> None:
    assert "Program: Mål 2027, öppnar 7 januari, frist 31 mars, försenad" in draw(a_wheel(), "")
    assert "frist 15 januari 2028" in draw(a_wheel(due=date(2028, 1, 15)), "")


def test_a_round_that_ends_in_another_year_has_no_number() -> None:
    assert [row.number for row in rows(a_wheel(due=date(2028, 1, 15)))] == [None]
    assert days(a_wheel(due=date(2028, 1, 15))) == []


def test_a_drawing_has_no_style_of_its_own() -> None:
    drawn = draw(a_wheel(), "")
    assert "style" not in drawn
    assert 'role="group"' in drawn


def test_another_year_has_no_hand() -> None:
    wheel = a_wheel()
    assert "w-hand" in draw(wheel, "")
    assert "w-hand" not in draw(Wheel(year=2028, today=wheel.today, title="", rings=wheel.rings), "")
