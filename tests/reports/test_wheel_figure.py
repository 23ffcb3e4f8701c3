"""The wheel of a file is the pages' own drawing, with the light colours of their style sheet and nothing to look up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lxml import etree

from styrhjul.reports.raster import png_of
from styrhjul.reports.wheel import draw
from styrhjul.reports.wheel_figure import wheel_figure
from styrhjul.reports.wheel_layout import Event, Kind, Ring, Stage, Wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

GOALS = Event(
    names=("Mål 2028", "Mål"),
    kind=Kind.GOAL,
    opens_on=date(2028, 2, 1),
    due_on=date(2028, 5, 31),
    stage=Stage.LATE,
    told="försenad",
    href="/lillby/case/1",
)
WHEEL = Wheel(year=2028, today=date(2028, 7, 1), title="Årshjul 2028", rings=(Ring(name="Policy", events=(GOALS,)),))
FIGURE = wheel_figure(WHEEL)
DRAWN = etree.fromstring(FIGURE.svg.encode())


def arcs(svg: str) -> Iterator[str | None]:
    return (each.get("d") for each in etree.fromstring(svg.encode()).iter("{*}path"))


def test_no_class_variable_link_or_small_letter_is_left() -> None:
    assert "var(" not in FIGURE.svg
    assert not [each for each in DRAWN.iter() if each.get("class") or str(each.tag).endswith("}a")]
    assert "v. 26" not in FIGURE.svg


def test_its_colours_are_those_of_the_pages_in_the_light() -> None:
    fills = {each.get("fill") for each in DRAWN.iter("{*}path")}
    assert {"#15466E", "#E9EDEA"} <= fills  # goals, and the ring of months
    assert "#97281C" in {each.get("fill") for each in DRAWN.iter("{*}circle")}  # late


def test_it_draws_what_the_page_draws() -> None:
    assert set(arcs(FIGURE.svg)) <= set(arcs(draw(WHEEL, "")))
    assert set(arcs(FIGURE.page)) == set(arcs(draw(WHEEL, "")))


def test_it_tells_every_event_and_is_drawn_without_svg_too() -> None:
    assert "Policy: Mål 2028, öppnar 1 februari, frist 31 maj, försenad" in FIGURE.alt
    assert "1 händelser, varav 1 försenade" not in FIGURE.alt
    assert png_of(FIGURE).startswith(b"\x89PNG")
