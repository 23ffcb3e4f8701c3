"""What a year's wheel is told, and where each thing of it stands: rings, lanes, names, numbers. No drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from styrhjul.reports.wheel_geometry import HUB, MONTH, angle, turn, width

#: Lanes are never thinner than this; what does not fit is for another wheel.
LANE, BETWEEN, THREAD = 23.0, 2.0, 5.0
MOST_RINGS = 5
TOP, FLOOR = MONTH - 6, HUB + 6
_WIDEST_GAP, _NARROWEST_GAP = 11.0, 3.0
#: Room for a mark after its day, so that the next arc of the lane does not lie over it.
_MARK_DAYS = 8
LABEL_SIZE, NAME_SIZE, SHORT_SIZE = 14, 16, 25
_BEFORE_LABEL, _AFTER_LABEL = 6, 14
_SHORTEST_NAME = 6
_MARK = 10
#: A letter's own size on a wide wheel and on a small one, and how far from the end of its arc it stands.
LETTER_SIZE, SMALL_LETTER_SIZE = 14, 21
_LETTER = 0.75
#: Marks of what is late since the years before: the first from New Year, from one to the next, and all of them.
_FIRST_BEHIND, _NEXT_BEHIND, _ALL_BEHIND = 14.0, 20.0, 64.0


class Kind(StrEnum):
    """What a round is about; each has its colour."""

    GOAL = "goal"
    FOLLOW = "follow"
    REPORT = "report"
    REVISE = "revise"


#: What tells the kinds of arcs apart where there is neither room for a name nor colour.
LETTERS: Mapping[Kind, str] = {Kind.GOAL: "M", Kind.FOLLOW: "U", Kind.REPORT: "S"}


class Stage(StrEnum):
    """How far a round has come."""

    DONE = "done"
    OPEN = "open"
    LATE = "late"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A round from the day it opens to its due day, or a day that law sets. `names`: the longest first.

    `told` is how it stands, in words; `href` where its case or document is.
    """

    names: tuple[str, ...]
    kind: Kind
    opens_on: date
    due_on: date
    stage: Stage
    told: str
    href: str
    is_optional: bool = False
    is_by_law: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A document. Its revisions are drawn as a thread along the inside of the ring."""

    name: str
    events: tuple[Event, ...]
    #: Late since the years before: marked at the beginning of the year, whose days they have none of.
    behind: tuple[Event, ...] = ()

    @property
    def rounds(self) -> tuple[Event, ...]:
        """Everything but the revisions."""
        return tuple(each for each in self.events if each.kind is not Kind.REVISE)

    @property
    def threads(self) -> tuple[Event, ...]:
        """The revisions."""
        return tuple(each for each in self.events if each.kind is Kind.REVISE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A year. `meetings`: days with the names of the bodies that meet then, in order of the days."""

    year: int
    today: date
    title: str
    rings: tuple[Ring, ...]
    meetings: tuple[tuple[date, str], ...] = ()
    rest_months: frozenset[int] = frozenset()

    def turned_to(self, on: date, *, closes: bool = False) -> float:
        """Return where a day stands."""
        return angle(self.year, on, closes=closes)

    @property
    def shows_today(self) -> bool:
        """Whether today is a day of this year."""
        return self.today.year == self.year


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table beside the wheel. `number` is that of the day on a small wheel; None = another year's."""

    number: int | None
    ring: str
    event: Event


@dataclass(frozen=True, slots=True)
class Label:
    """A name with the middle of where it stands and the degrees it takes."""

    text: str
    middle: float
    span: float


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of an arc's kind: on the arc, or beside one that is too short for it."""

    label: Label
    is_beside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An event with the two radii of its lane, where it begins and ends, and its name where there is room for one.

    `letter` stands where there is none, `small_letter` on a small wheel, which has no names.
    """

    event: Event
    inner: float
    outer: float
    begins: float
    ends: float
    label: Label | None = None
    letter: Letter | None = None
    small_letter: Letter | None = None

    @property
    def middle(self) -> float:
        """The radius in the middle of the lane."""
        return (self.inner + self.outer) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRing:
    """A ring with its radii and what stands in it, its rounds before its revisions, each by day.

    The names, on a wide wheel and on a small one, stand at the radius `named_at`.
    """

    inner: float
    outer: float
    rounds: tuple[Placed, ...]
    threads: tuple[Placed, ...]
    behind: tuple[Placed, ...]
    named_at: float
    name: Label | None
    short_name: Label | None


def fitting(rings: Sequence[Ring]) -> int:
    """Return how many of the rings, from the first, one wheel has room for; at least one."""
    room, count = TOP - FLOOR + _NARROWEST_GAP, 0
    for ring in rings[:MOST_RINGS]:
        room -= _height(ring) + _NARROWEST_GAP
        if room < 0:
            break
        count += 1
    return max(count, min(len(rings), 1))


def rows(wheel: Wheel) -> list[Row]:
    """Return every event of the wheel by its day; those that end in another year have no number."""
    every = [(event, ring.name) for ring in wheel.rings for event in (*ring.behind, *ring.events)]
    every.sort(key=lambda each: (each[0].due_on, each[0].opens_on))
    numbers = {on: number for number, on in enumerate(days(wheel), start=1)}
    return [Row(number=numbers.get(event.due_on), ring=name, event=event) for event, name in every]


def days(wheel: Wheel) -> list[date]:
    """Return the due days of the wheel's own year, ascending, each once."""
    found = {event.due_on for ring in wheel.rings for event in ring.events if event.due_on.year == wheel.year}
    return sorted(found)


def placed(wheel: Wheel) -> list[PlacedRing]:
    """Return where everything stands, from the outermost ring inwards."""
    heights = [_height(ring) for ring in wheel.rings]
    spare = TOP - FLOOR - sum(heights)
    gap = min(max(spare / max(len(heights) - 1, 1), _NARROWEST_GAP), _WIDEST_GAP)
    found, outer = [], TOP
    for ring, height in zip(wheel.rings, heights, strict=True):
        found.append(_placed_ring(wheel, ring, outer, outer - height))
        outer -= height + gap
    return found


def _height(ring: Ring) -> float:
    lanes = len(_lanes(ring.rounds)) or 1
    return lanes * LANE + (lanes - 1) * BETWEEN + (BETWEEN + THREAD if ring.threads else 0)


def _lanes(events: Iterable[Event]) -> list[list[Event]]:
    """Give each round the first lane where it touches no other; where all are full it shares the last."""
    most = int((TOP - FLOOR - THREAD) // (LANE + BETWEEN))
    lanes: list[list[Event]] = []
    for event in sorted(events, key=lambda each: (each.opens_on, each.due_on)):
        free = [lane for lane in lanes if lane[-1].due_on + timedelta(_MARK_DAYS) < event.opens_on]
        if free:
            free[0].append(event)
        elif len(lanes) < most:
            lanes.append([event])
        else:
            lanes[-1].append(event)
    return lanes


def _placed_ring(wheel: Wheel, ring: Ring, outer: float, inner: float) -> PlacedRing:
    lanes = _lanes(ring.rounds)
    rounds = [
        _placed(wheel, event, outer - number * (LANE + BETWEEN)) for number, lane in enumerate(lanes) for event in lane
    ]
    threads = [
        Placed(event=event, inner=inner, outer=inner + THREAD, begins=begins, ends=ends)
        for event in ring.threads
        for begins, ends in [_ends(wheel, event)]
    ]
    behind = tuple(_behind(ring.behind, outer, len(lanes) or 1))
    named_at = (outer + inner + (BETWEEN + THREAD if ring.threads else 0)) / 2
    gap = _widest_gap(wheel, (*rounds, *behind), named_at)
    return PlacedRing(
        inner=inner,
        outer=outer,
        rounds=tuple(sorted(rounds, key=lambda each: (each.event.due_on, each.event.opens_on))),
        threads=tuple(threads),
        behind=behind,
        named_at=named_at,
        name=_ring_name(ring.name, gap, named_at, NAME_SIZE),
        short_name=_ring_name(ring.name, gap, named_at, SHORT_SIZE),
    )


def _ends(wheel: Wheel, event: Event) -> tuple[float, float]:
    return wheel.turned_to(event.opens_on), wheel.turned_to(event.due_on, closes=True)


def _placed(wheel: Wheel, event: Event, outer: float) -> Placed:
    begins, ends = _ends(wheel, event)
    radius = outer - LANE / 2
    label = None if event.is_by_law else _label(wheel, event.names, radius, (begins, ends))
    is_plain = not event.is_by_law and event.kind in LETTERS
    return Placed(
        event=event,
        inner=outer - LANE,
        outer=outer,
        begins=begins,
        ends=ends,
        label=label,
        letter=_letter(event.kind, radius, (begins, ends), LETTER_SIZE) if is_plain and label is None else None,
        small_letter=_letter(event.kind, radius, (begins, ends), SMALL_LETTER_SIZE) if is_plain else None,
    )


def _letter(kind: Kind, radius: float, arc: tuple[float, float], size: float) -> Letter:
    """Return the letter in the middle of what an arc's mark leaves free, beside a shorter arc."""
    begins, ends = arc
    mark, span = turn(_MARK, radius), turn(size * _LETTER, radius)
    if ends - begins >= mark + 1.3 * span:
        return Letter(Label(LETTERS[kind], (begins + ends - mark) / 2, span), is_beside=False)
    before = begins - span / 2 - turn(2, radius)
    if ends - begins < mark:  # the mark covers the arc, and something before it
        before = min(before, ends - mark - span / 2 - turn(1, radius))
    middle = before if before > span else ends + mark + span
    return Letter(Label(LETTERS[kind], middle, span), is_beside=True)


def _behind(events: Sequence[Event], outer: float, lanes: int) -> Iterator[Placed]:
    """Yield a mark for each event of the years before, lane by lane; many stand closer."""
    columns = -(-len(events) // lanes)
    step = min(_NEXT_BEHIND, _ALL_BEHIND / max(columns, 1))
    for number, event in enumerate(events):
        column, lane = divmod(number, lanes)
        top = outer - lane * (LANE + BETWEEN)
        ends = _FIRST_BEHIND + column * step
        begins = min(ends - step + _MARK, ends) if column else 0.0  # no line through the mark before it
        radius = top - LANE / 2
        yield Placed(event=event, inner=top - LANE, outer=top, begins=turn(begins, radius), ends=turn(ends, radius))


def _label(wheel: Wheel, names: Sequence[str], radius: float, arc: tuple[float, float]) -> Label | None:
    """Return the longest name that fits on the larger part of an arc that today's hand does not cross."""
    begins, ends = arc[0] + turn(_BEFORE_LABEL, radius), arc[1] - turn(_AFTER_LABEL, radius)
    hand = wheel.turned_to(wheel.today)
    if wheel.shows_today and begins < hand < ends:
        begins, ends = (begins, hand - 1.5) if hand - begins >= ends - hand else (hand + 1.5, ends)
    for name in names:
        span = turn(width(name, LABEL_SIZE), radius)
        if span <= ends - begins:
            return Label(name, (begins + ends) / 2, span)
    return None


def _ring_name(name: str, gap: tuple[float, float], radius: float, size: float) -> Label | None:
    """Return a ring's name in a gap, shortened to what has room there."""
    begins, ends = gap
    fits = (each for each in (name, name.partition(" – ")[0]) if turn(width(each, size), radius) <= ends - begins)
    text = next(fits, name)
    while text and turn(width(text, size), radius) > ends - begins:
        text = f"{text.rstrip('…')[:-1].rstrip(' -,')}…" if len(text) > _SHORTEST_NAME else ""
    return Label(text, (begins + ends) / 2, turn(width(text, size), radius)) if text else None


def _widest_gap(wheel: Wheel, rounds: Iterable[Placed], radius: float) -> tuple[float, float]:
    """Return the widest part of a ring that no round, no mark and no hand of today lies on."""
    room = turn(_MARK, radius)
    busy = [(each.begins - room, each.ends + room) for each in rounds]
    if wheel.shows_today:
        hand = wheel.turned_to(wheel.today)
        busy.append((hand - room / 2, hand + room / 2))
    best, free_from = (0.0, 0.0), 0.0
    for begins, ends in sorted([*busy, (360.0, 360.0)]):
        best = max(best, (free_from, begins), key=lambda gap: gap[1] - gap[0])
        free_from = max(free_from, ends)
    return best
