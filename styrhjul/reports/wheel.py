"""The årshjul as SVG: a year as a circle, a ring for each document. For the pages now, for print later; no I/O.

Its colours are the style sheet's, by class. What stands where is decided in `wheel_layout`.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from html import escape
from itertools import groupby

from styrhjul.domain.months import MONTHS
from styrhjul.reports.wheel_geometry import (
    CENTRE,
    HUB,
    MONTH,
    RIM,
    SIZE,
    WHOLE,
    at,
    base_line,
    curve,
    point,
    sector,
    spoke,
    spread,
    turn,
)
from styrhjul.reports.wheel_layout import (
    LABEL_SIZE,
    LETTER_SIZE,
    NAME_SIZE,
    SHORT_SIZE,
    SMALL_LETTER_SIZE,
    Event,
    Label,
    Placed,
    PlacedRing,
    Stage,
    Wheel,
    days,
    placed,
    rows,
)

#: Dates on the rim stand so many degrees apart, the numbers of a small wheel so many.
DATES_APART, NUMBERS_APART = 5.2, 8.6
_MOST_DATES = int(360 / DATES_APART) - 1
#: A mark on 31 December would stand in the new year.
_BEFORE_NEW_YEAR = 358.2
_WIDE, _SMALL = "w-wide", "w-small"


def draw(wheel: Wheel, summary: str, *, name: str = "wheel") -> str:
    """Return the drawing. `summary` is what somebody is told who does not see it; `name` begins every id in it."""
    return _Drawing(wheel, name).whole(summary)


def said(event: Event, ring: str, year: int) -> str:
    """Return an event in one line: "Integrationspolicy: mål 2027, öppnar 7 januari, frist 31 mars, två försenade"."""
    due = _day(event.due_on, year)
    if event.is_by_law:
        return f"{ring}: {event.names[0]}, {due}, {event.told}"
    return f"{ring}: {event.names[0]}, öppnar {_day(event.opens_on, year)}, frist {due}, {event.told}"


def _day(on: date, year: int) -> str:
    return f"{on.day} {MONTHS[on.month - 1]}" + ("" if on.year == year else f" {on.year}")


class _Drawing:
    """The pieces of a drawing in the order they are painted; paths that text stands on are kept apart."""

    def __init__(self, wheel: Wheel, name: str) -> None:
        self.wheel, self._name = wheel, name
        self.rings = placed(wheel)
        self._lines: list[str] = []

    def whole(self, summary: str) -> str:
        pieces = "".join(
            (
                self._ground(),
                self._months(),
                *(self._ring(ring.name, shown) for ring, shown in zip(self.wheel.rings, self.rings, strict=True)),
                self._hub(),
                self._dates(),
                self._numbers(),
            )
        )
        return (
            f'<svg class="wheel" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="group" '
            f'aria-labelledby="{self._name}-title {self._name}-desc">'
            f'<title id="{self._name}-title">{escape(self.wheel.title)}</title>'
            f'<desc id="{self._name}-desc">{escape(summary)}</desc><defs>{"".join(self._lines)}</defs>{pieces}</svg>'
        )

    def _ground(self) -> str:
        """The face, the rings' tracks, the past, the months of rest, and the spokes that lead to the dates."""
        wheel = self.wheel
        tracks = "".join(sector(each.inner - 1.5, each.outer + 1.5, 0, WHOLE) for each in self.rings)
        past = sector(HUB, MONTH, 0, wheel.turned_to(wheel.today)) if wheel.shows_today else ""
        rest = "".join(sector(HUB, MONTH, *self._month(month)) for month in sorted(wheel.rest_months))
        spokes = "".join(
            spoke(each.middle, MONTH, min(each.ends, _BEFORE_NEW_YEAR))
            for ring in self.rings
            for each in (*ring.rounds, *ring.threads)
            if self._has_mark(each)
        )
        return (
            f'<circle class="w-face" cx="{CENTRE}" cy="{CENTRE}" r="{MONTH}"/><path class="w-track" d="{tracks}"/>'
            f'<path class="w-past" d="{past}"/><path class="w-july" d="{rest}"/><path class="w-spoke" d="{spokes}"/>'
        )

    def _months(self) -> str:
        """The ring of months with a tick for every Monday, and one inwards for every day somebody meets."""
        wheel = self.wheel
        pieces = [f'<path class="w-month" d="{sector(MONTH, RIM, 0, WHOLE)}"/>']
        for month in range(1, 13):
            begins, ends = self._month(month)
            middle = (begins + ends) / 2
            pieces.append(f'<path class="w-tick" d="{spoke(HUB + 6, RIM, begins)}"/>')
            name = MONTHS[month - 1]
            pieces.append(self._curved(Label(name, middle, 28), (MONTH + RIM) / 2, 15, f"w-mname {_WIDE}"))
            short = Label(name[:3], middle, 29)
            pieces.append(self._curved(short, (MONTH + RIM) / 2, SHORT_SIZE, f"w-mname {_SMALL}"))
        weeks = "".join(spoke(RIM - 4, RIM, wheel.turned_to(monday)) for monday in _mondays(wheel.year))
        pieces.append(f'<path class="w-week" d="{weeks}"/>')
        for on, met in groupby(wheel.meetings, key=lambda each: each[0]):
            told = f"Sammanträde {_day(on, wheel.year)}: {', '.join(name for _, name in met)}"
            tick = spoke(MONTH - 3, MONTH + 5, wheel.turned_to(on) + 180 / 365)
            pieces.append(f'<path class="w-meet" d="{tick}"><title>{escape(told)}</title></path>')
        return "".join(pieces)

    def _month(self, month: int) -> tuple[float, float]:
        year = self.wheel.year
        ends = self.wheel.turned_to(date(year, month + 1, 1)) if month < 12 else 360.0
        return self.wheel.turned_to(date(year, month, 1)), ends

    def _ring(self, name: str, ring: PlacedRing) -> str:
        """A document: its name, then each round, each revision, what is late since before, every one a link."""
        pieces = [self._link(name, each, self._round(each)) + self._label(each) for each in ring.rounds]
        pieces += [self._link(name, each, self._thread(each)) for each in ring.threads]
        pieces += [self._link(name, each, self._left(each)) for each in ring.behind]
        if ring.name:
            pieces.append(self._curved(ring.name, ring.named_at, NAME_SIZE, f"w-ring {_WIDE}"))
        if ring.short_name:
            pieces.append(self._curved(ring.short_name, ring.named_at, SHORT_SIZE, f"w-ring {_SMALL}"))
        return "".join(pieces)

    def _link(self, ring: str, each: Placed, drawn: str) -> str:
        told = escape(said(each.event, ring, self.wheel.year))
        href = escape(each.event.href)
        return f'<a class="w-link" href="{href}" aria-label="{told}"><title>{told}</title>{drawn}</a>'

    def _round(self, each: Placed) -> str:
        event = each.event
        if event.is_by_law:
            return _diamond(each)
        looks = "optional" if event.is_optional else event.stage.value
        arc = sector(each.inner, each.outer, each.begins, each.ends)
        drawn = f'<path class="w-arc w-arc--{event.kind} w-arc--{looks}" d="{arc}"/>'
        return drawn + (self._mark(each) if self._has_mark(each) else "")

    def _label(self, each: Placed) -> str:
        """The name on an arc, or its kind's letter: beside the link, which says it already."""
        looks = "optional" if each.event.is_optional else each.event.stage.value
        ink = f"w-label w-on--{looks} w-ink--{each.event.kind}"
        drawn = self._curved(each.label, each.middle, LABEL_SIZE, f"{ink} {_WIDE}") if each.label else ""
        for letter, size, where in ((each.letter, LETTER_SIZE, _WIDE), (each.small_letter, SMALL_LETTER_SIZE, _SMALL)):
            if letter is not None:
                shown = f"w-letter {where} " + ("w-beside" if letter.is_beside else ink)
                drawn += self._curved(letter.label, each.middle, size, shown)
        return drawn

    def _thread(self, each: Placed) -> str:
        looks = "w-thread w-thread--optional" if each.event.is_optional else "w-thread"
        drawn = f'<path class="{looks}" d="{curve(each.middle, each.begins, each.ends)}"/>'
        return drawn + (self._mark(each) if self._has_mark(each) else "")

    def _left(self, each: Placed) -> str:
        """What is late since the years before: a line across New Year to its mark."""
        return f'<path class="w-behind" d="{curve(each.middle, each.begins, each.ends)}"/>{self._mark(each)}'

    def _has_mark(self, each: Placed) -> bool:
        return each.event.due_on.year == self.wheel.year

    def _mark(self, each: Placed) -> str:
        """The due day: a ring, a green disc with a check, or a red one with an exclamation mark."""
        x, y = point(each.middle, min(each.ends, _BEFORE_NEW_YEAR))
        stage = each.event.stage
        drawn = f'<circle class="w-pin w-pin--{stage}" cx="{x:.1f}" cy="{y:.1f}" r="9"/>'
        if stage is Stage.DONE:
            drawn += f'<path class="w-sign" d="M{x - 4:.1f} {y + 0.3:.1f}l2.8 3 5-6.2"/>'
        if stage is Stage.LATE:
            drawn += f'<path class="w-sign" d="M{x:.1f} {y - 4.6:.1f}v5.2M{x:.1f} {y + 4:.1f}v.4"/>'
        return drawn

    def _hub(self) -> str:
        wheel = self.wheel
        disc = f'<circle class="w-hub" cx="{CENTRE}" cy="{CENTRE}" r="{HUB}"/>'
        year = f'<text class="w-year" x="{CENTRE}" y="{CENTRE + (8 if wheel.shows_today else 15)}">{wheel.year}</text>'
        if not wheel.shows_today:
            return disc + year
        x, y = point(HUB, wheel.turned_to(wheel.today))
        hand = spoke(HUB, RIM + 5, wheel.turned_to(wheel.today))
        week = wheel.today.isocalendar().week
        return (
            f'<path class="w-hand" d="{hand}"/>{disc}<circle class="w-knob" cx="{x:.1f}" cy="{y:.1f}" r="5.5"/>{year}'
            f'<text class="w-sub {_WIDE}" x="{CENTRE}" y="{CENTRE + 31}">vecka {week}</text>'
            f'<text class="w-sub {_SMALL}" x="{CENTRE}" y="{CENTRE + 35}">v. {week}</text>'
        )

    def _dates(self) -> str:
        """The dates round the rim of a wide wheel."""
        shown = rim(self.wheel)
        stand = spread([true for true, _ in shown], DATES_APART)
        return "".join(_date(true, now, what) for (true, what), now in zip(shown, stand, strict=True))

    def _numbers(self) -> str:
        """The numbers of a small wheel: those of the table's rows."""
        wheel = self.wheel
        discs = [(wheel.turned_to(on, closes=True), str(n), _looks(wheel, on)) for n, on in enumerate(days(wheel), 1)]
        if wheel.shows_today:
            discs.append((wheel.turned_to(wheel.today), "", "today"))
        discs.sort()
        stand = spread([true for true, _, _ in discs], min(NUMBERS_APART, 360 / max(len(discs), 1)))
        return "".join(_disc(true, now, number, looks) for (true, number, looks), now in zip(discs, stand, strict=True))

    def _curved(self, label: Label, radius: float, size: float, looks: str) -> str:
        name = f"{self._name}-line-{len(self._lines)}"
        # Longer than the text: a reader's wider font is not cut.
        line = base_line(radius, label.middle, min(label.span + turn(40, radius), 175), size)
        self._lines.append(f'<path id="{name}" d="{line}"/>')
        text = f'<textPath href="#{name}" startOffset="50%">{escape(label.text)}</textPath>'
        return f'<text class="{looks}" aria-hidden="true">{text}</text>'


def rim(wheel: Wheel) -> list[tuple[float, tuple[str, str]]]:
    """Return the dates on the rim, by where they truly stand: words and looks. Plain ones go where there are many."""
    shown = [(on, (_short(on), _looks(wheel, on))) for on in days(wheel)]
    if len(shown) >= _MOST_DATES:
        shown = [each for each in shown if each[1][1] != "date"][: _MOST_DATES - 1]
    found = [(wheel.turned_to(on, closes=True), what) for on, what in shown]
    if wheel.shows_today:
        found.append((wheel.turned_to(wheel.today), ("i dag", "today")))
    return sorted(found)


def _looks(wheel: Wheel, on: date) -> str:
    """What a date on the rim is: that of something late, a day of law, or a due day."""
    here = [row.event for row in rows(wheel) if row.event.due_on == on]
    if any(event.stage is Stage.LATE for event in here):
        return "late"
    return "legal" if any(event.is_by_law for event in here) else "date"


def _date(true: float, now: float, what: tuple[str, str]) -> str:
    x, y = point(RIM + 13, now)
    across, up = math.sin(math.radians(now)), math.cos(math.radians(now))
    anchor = "middle" if abs(across) < 0.25 else "start" if across > 0 else "end"
    y += 5 + (5 if up < 0 else -3) * abs(up)
    lead = f'<path class="w-lead {_WIDE}" d="M{at(RIM + 1, true)}L{at(RIM + 9, now)}"/>'
    words, looks = what
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'{lead}<text class="w-date w-date--{looks} {_WIDE}" {place}>{words}</text>'


def _disc(true: float, now: float, number: str, looks: str) -> str:
    x, y = point(RIM + 27, now)
    lead = f'<path class="w-lead {_SMALL}" d="M{at(RIM + 1, true)}L{at(RIM + 9, now)}"/>'
    if looks == "today":
        return f'{lead}<circle class="w-now {_SMALL}" cx="{x:.1f}" cy="{y:.1f}" r="10"/>'
    return (
        f'{lead}<circle class="w-no w-no--{looks} {_SMALL}" cx="{x:.1f}" cy="{y:.1f}" r="20"/>'
        f'<text class="w-num w-num--{looks} {_SMALL}" x="{x:.1f}" y="{y + 8:.1f}">{number}</text>'
    )


def _diamond(each: Placed) -> str:
    x, y = point(each.middle, each.ends)
    path = f"M{x:.1f} {y - 9.5:.1f}L{x + 9.5:.1f} {y:.1f}L{x:.1f} {y + 9.5:.1f}L{x - 9.5:.1f} {y:.1f}Z"
    return f'<path class="w-pin w-pin--legal" d="{path}"/>'


def _short(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1][:3]}"


def _mondays(year: int) -> list[date]:
    first = date(year, 1, 1)
    monday = first + timedelta(-first.weekday() % 7)
    return [monday + timedelta(7 * week) for week in range(53) if (monday + timedelta(7 * week)).year == year]
