"""How many days each body took to answer: a line from the fastest to the slowest, a ring an answer, the median said."""

from __future__ import annotations

from collections.abc import Sequence

from styrhjul.reports.block import Picture
from styrhjul.reports.chart import COLOURS, LEADING, WIDE, Drawn, Tone, line, pictured, words, wrapped
from styrhjul.reports.results import AnswerTimes, days_word

_NAME, _RIGHT, _ROW = 236, 92, 36
#: Steps of the axis, in days: the first that gives few enough lines.
_STEPS = (1, 2, 5, 10, 20, 30, 60, 90, 180, 365)
_MOST_LINES = 6


def draw_times(times: Sequence[AnswerTimes]) -> Picture:
    """Return the plot of at least one body."""
    return pictured("Svarstider i dagar", _told(times), lambda across: _drawn(times, across))


def _drawn(times: Sequence[AnswerTimes], across: int) -> Drawn:
    is_wide = across >= WIDE
    left, right = (_NAME, across - _RIGHT) if is_wide else (14, across - 14)
    longest = max(each.days[-1] for each in times)
    step = next((each for each in _STEPS if longest <= each * _MOST_LINES), 730)
    most = max(-(-longest // step), 1) * step
    unit = (right - left) / most
    ticks = [(day, left + unit * day) for day in range(0, most + 1, step)]
    parts = [words(str(day), (at, 16), tone=Tone.QUIET, anchor="middle") for day, at in ticks]
    top = 26
    for each in times:
        named = _named(each, top, across)
        middle = top + (_ROW // 2 if is_wide else len(named) * LEADING - 4)
        grid = "".join(f"M{at:.1f} {middle - _ROW // 2}V{middle + _ROW // 2}" for _, at in ticks)
        parts += [line(grid, tone=Tone.HAIR), *named, *_marks(each, middle, (left, unit))]
        top = middle + _ROW // 2 + (0 if is_wide else 4)
    parts += _key(top + 22, is_wide=is_wide)
    return Drawn(parts, top + 34 + (0 if is_wide else LEADING + 2))


def _named(each: AnswerTimes, top: int, across: int) -> list[str]:
    """Return the body's name in lines, and its median, which stands at the right."""
    told = days_word(each.middle)
    if across >= WIDE:
        lines = wrapped(each.body, _NAME - 24)
        first = top + _ROW // 2 + 5 - LEADING * (len(lines) - 1) / 2
        said = words(told, (across - 6, top + _ROW // 2 + 5), anchor="end", weight=600)
    else:
        lines, first = wrapped(each.body, 230), top + 14
        said = words(told, (across - 6, first), anchor="end", weight=600)
    names = [words(text, (6, first + LEADING * row)) for row, text in enumerate(lines)]
    return [*names, said]


def _marks(each: AnswerTimes, y: int, scale: tuple[float, float]) -> list[str]:
    left, unit = scale
    fast, slow, middle = (left + unit * day for day in (each.days[0], each.days[-1], each.middle))
    rings = [_ring(left + unit * day, y) for day in dict.fromkeys(each.days)]
    return [line(f"M{fast:.1f} {y}H{slow:.1f}", tone=Tone.QUIET, thick=2), *rings, _diamond(middle, y)]


def _key(y: int, *, is_wide: bool) -> list[str]:
    after = (176, y) if is_wide else (20, y + LEADING + 2)
    return [
        _ring(12, y - 5),
        words("ett eller flera svar", (24, y)),
        _diamond(after[0] - 8, after[1] - 5),
        words("mediantid, med antal dagar till höger", (after[0] + 6, after[1])),
    ]


def _ring(x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y}" r="4.5" class="p-ground p-line-ink" fill="{COLOURS[Tone.GROUND]}" '
        f'stroke="{COLOURS[Tone.INK]}" stroke-width="1.5"/>'
    )


def _diamond(x: float, y: float) -> str:
    path = f"M{x:.1f} {y - 8}L{x + 8:.1f} {y}L{x:.1f} {y + 8}L{x - 8:.1f} {y}Z"
    return (
        f'<path d="{path}" class="p-dark p-line-ground" fill="{COLOURS[Tone.DARK]}" '
        f'stroke="{COLOURS[Tone.GROUND]}" stroke-width="1.5"/>'
    )


def _told(times: Sequence[AnswerTimes]) -> str:
    bodies = (
        f"{each.body}: {len(each.days)} svar, median {days_word(each.middle)}, "
        f"kortast {days_word(each.days[0])}, längst {days_word(each.days[-1])}."
        for each in times
    )
    return f"Dagar från första mejlet till svaret, organ för organ. {' '.join(bodies)}"
