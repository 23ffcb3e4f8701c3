"""The small wheel beside a question: opening to deadline as an arc, today as the hand, days in the middle."""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import date

from styrhjul.mail.catalogue import SOURCE, message, say
from styrhjul.web import words

_CENTRE = 52.0
_ARC_RADIUS = 40.0


@dataclass(frozen=True, slots=True)
class Dial:
    """What the drawing needs: three paths, a number with its word, and the whole in words."""

    arc: str
    over: str | None
    hand: str
    ticks: str
    number: int
    word: str
    label: str


def dial(opens_on: date, due_on: date, today: date, *, language: str = SOURCE) -> Dial:
    """Return the dial of a case. The arc is the last year of it, when it runs for longer."""
    left = (due_on - today).days
    begins = max(opens_on, date.fromordinal(due_on.toordinal() - 350))
    return Dial(
        arc=_arc(begins, due_on),
        over=_arc(due_on, min(today, date.fromordinal(due_on.toordinal() + 350))) if left < 0 else None,
        hand=_line(_angle(today), 30, 46),
        ticks="".join(_line(month * 30, 46, 50) for month in range(12)),
        number=abs(left),
        word=say(language, _word(left)),
        label=_label(left, due_on, today, language),
    )


def _word(left: int) -> str:
    if left < 0:
        return message("dag efter") if left == -1 else message("dagar efter")
    return message("dag kvar") if left == 1 else message("dagar kvar")


def _label(left: int, due_on: date, today: date, language: str) -> str:
    fact = message("{count} {word}, fristen var {day}") if left < 0 else message("{count} {word}, fristen är {day}")
    due = words.day(due_on, today, language=language)
    return say(language, fact, count=str(abs(left)), word=say(language, _word(left)), day=due)


def _angle(on: date) -> float:
    days = 366 if calendar.isleap(on.year) else 365
    return (on.timetuple().tm_yday - 1) * 360 / days


def _point(angle: float, radius: float) -> str:
    turned = math.radians(angle - 90)
    return f"{_CENTRE + radius * math.cos(turned):.1f} {_CENTRE + radius * math.sin(turned):.1f}"


def _line(angle: float, inner: float, outer: float) -> str:
    return f"M{_point(angle, inner)}L{_point(angle, outer)}"


def _arc(begins: date, ends: date) -> str:
    first, last = _angle(begins), _angle(ends)
    long_way = int((last - first) % 360 > 180)
    radius = f"{_ARC_RADIUS:g}"
    return f"M{_point(first, _ARC_RADIUS)}A{radius} {radius} 0 {long_way} 1 {_point(last, _ARC_RADIUS)}"
