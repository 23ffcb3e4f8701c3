"""Where things stand on a year drawn as a circle: degrees clockwise from 1 January, points, paths, room for text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

#: The square, its centre, the outer and the inner edge of the ring of months, and the hub.
SIZE, CENTRE = 640, 320
RIM, MONTH, HUB = 264.0, 234.0, 58.0
#: An arc of 360 degrees begins where it ends, and is drawn as nothing at all.
WHOLE = 359.9
_NARROW, _WIDE = frozenset("iljtfr1.,:’ -"), frozenset("mwMWÅÄÖOQ")


def angle(year: int, on: date, *, closes: bool = False) -> float:
    """Return where a day of the year begins, or closes, in degrees; days of other years stand at the year's ends."""
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    passed = (on - first).days + closes
    return 360 * min(max(passed, 0), days) / days


def point(radius: float, degrees: float) -> tuple[float, float]:
    """Return x and y."""
    turned = math.radians(degrees - 90)
    return CENTRE + radius * math.cos(turned), CENTRE + radius * math.sin(turned)


def at(radius: float, degrees: float) -> str:
    """Return a point as a path writes it."""
    return "{:.1f} {:.1f}".format(*point(radius, degrees))


def sector(inner: float, outer: float, begins: float, ends: float) -> str:
    """Return the path of a piece of a ring."""
    ends = min(ends, begins + WHOLE)
    large = int(ends - begins > 180)
    return (
        f"M{at(outer, begins)}A{outer:.1f} {outer:.1f} 0 {large} 1 {at(outer, ends)}"
        f"L{at(inner, ends)}A{inner:.1f} {inner:.1f} 0 {large} 0 {at(inner, begins)}Z"
    )


def curve(radius: float, begins: float, ends: float) -> str:
    """Return the path of a line along the circle."""
    ends = min(ends, begins + WHOLE)
    return f"M{at(radius, begins)}A{radius:.1f} {radius:.1f} 0 {int(ends - begins > 180)} 1 {at(radius, ends)}"


def spoke(inner: float, outer: float, degrees: float) -> str:
    """Return the path of a line from the hub outwards."""
    return f"M{at(inner, degrees)}L{at(outer, degrees)}"


def is_upside_down(degrees: float) -> bool:
    """Tell whether text that runs clockwise would stand on its head here."""
    return 95 < degrees % 360 < 265


def base_line(radius: float, middle: float, span: float, size: float) -> str:
    """Return the path that text of a size stands on, centred on a radius; turned where it would stand on its head."""
    if not is_upside_down(middle):
        return curve(radius - size * 0.34, middle - span / 2, middle + span / 2)
    low = radius + size * 0.34
    large = int(span > 180)
    return f"M{at(low, middle + span / 2)}A{low:.1f} {low:.1f} 0 {large} 0 {at(low, middle - span / 2)}"


def width(text: str, size: float) -> float:
    """Return about how wide a text is; rather too much, for the reader's own font may be wider than ours."""
    return size * sum(map(_letter, text))


def turn(length: float, radius: float) -> float:
    """Return how many degrees so long a line takes along a circle."""
    return math.degrees(length / radius)


def spread(angles: Sequence[float], apart: float) -> list[float]:
    """Move ascending angles as little as needed for neighbours to stand so far apart, also over New Year.

    What there is no room for at that distance stands evenly round the whole circle.
    """
    if len(angles) < 2:
        return list(angles)
    first = _after_widest_gap(angles)
    turned = [*angles[first:], *(each + 360 for each in angles[:first])]
    moved = _climbing([each - apart * place for place, each in enumerate(turned)])
    found = [each + apart * place for place, each in enumerate(moved)]
    if found[0] + 360 - found[-1] < apart:
        found = [turned[0] + 360 * place / len(turned) for place in range(len(turned))]
    back = len(angles) - first
    return [*(each - 360 for each in found[back:]), *found[:back]]


def _after_widest_gap(angles: Sequence[float]) -> int:
    gaps = [later - earlier for earlier, later in pairwise([*angles, angles[0] + 360])]
    return (gaps.index(max(gaps)) + 1) % len(angles)


def _climbing(values: Sequence[float]) -> list[float]:
    """Return the nearest values that never fall: neighbours that would cross share their mean."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        pools.append((mean, size))
    return [mean for mean, size in pools for _ in range(size)]


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.31
    if letter in _WIDE:
        return 0.84
    return 0.64 if letter.isupper() else 0.54
