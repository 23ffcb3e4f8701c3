"""How far each body came, as a bar of its goals: told by number, pattern and contour before colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from styrhjul.reports.block import Picture
from styrhjul.reports.chapter import BodyTally
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.chapter_words import counted_standings
from styrhjul.reports.chart import LEADING, LOOKS, WIDE, Drawn, box, legend, patch, pictured, words, wrapped

_NAME, _THICK = 220, 22
#: One goal is never drawn wider.
_WIDEST = 86


def draw_attainment(tallies: Sequence[BodyTally], *, subject: str) -> Picture:
    """Return the bars, one a body, for at least one."""
    return pictured(_title(subject), _told(tallies, subject), lambda across: _drawn(tallies, across))


def _drawn(tallies: Sequence[BodyTally], across: int) -> Drawn:
    there = [standing for standing in Standing if any(each.counts.get(standing) for each in tallies)]
    is_wide = across >= WIDE
    room = across - (_NAME + 10 if is_wide else 12)
    unit = min(room / max(sum(each.counts.values()) for each in tallies), _WIDEST)
    parts, top = [], 8
    for each in tallies:
        name = _name(each.body, top, is_wide=is_wide)
        parts += name
        top += 0 if is_wide else len(name) * LEADING + 2
        parts += _bar(each.counts, (_NAME if is_wide else 6, top), unit)
        top += 34
    below = legend(there, top + 12, across)
    return Drawn([*parts, *below.parts], top + 12 + below.height)


def _bar(counts: Mapping[Standing, int], at: tuple[float, int], unit: float) -> Iterator[str]:
    left, top = at
    for standing in Standing:
        number = counts.get(standing, 0)
        if number:
            look = LOOKS[standing]
            yield box(look, (left, top), (unit * number, _THICK))
            middle = left + unit * number / 2
            if look.is_hatched:  # a number in the hatching needs ground under it
                yield patch((middle - 9, top + 3), (18, 16))
            yield words(str(number), (middle, top + 16), tone=look.number, anchor="middle")
            left += unit * number


def _name(body: str, top: int, *, is_wide: bool) -> list[str]:
    """Return a body's name, a piece for each line: beside its bar, or above it on a phone."""
    lines = wrapped(body, _NAME - 16 if is_wide else 328)
    if not is_wide:
        return [words(each, (6, top + 13 + row * LEADING)) for row, each in enumerate(lines)]
    first = top + 16 - 7 * (len(lines) - 1)
    return [words(each, (_NAME - 10, first + row * 14), anchor="end") for row, each in enumerate(lines)]


def _title(subject: str) -> str:
    return subject[:1].upper() + subject[1:]


def _told(tallies: Sequence[BodyTally], subject: str) -> str:
    """Return the same in words, body by body."""
    bodies = (f"{each.body}: {counted_standings(each.counts)}" for each in tallies)
    return f"Stapeldiagram över {subject}. {'. '.join(bodies)}."
