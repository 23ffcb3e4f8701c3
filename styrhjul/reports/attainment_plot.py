"""How far each body came, as a bar of its goals: told by number, pattern and contour before colour. Pure SVG.

It has no classes and no style sheet, so that the web, a PDF and a Word file show the same drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from styrhjul.reports.block import Picture
from styrhjul.reports.chapter import BodyTally
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.chapter_words import STANDING_WORDS

WIDTH = 660
_NAME, _BAR, _ROW, _THICK, _TEXT = 220, 430, 34, 22, 14
_LEGEND_COLUMN, _LEGEND_ROW = 218, 24
#: One goal is never drawn wider.
_WIDEST = 86
#: A name longer than this takes two lines.
_LONG = 30
_INK = "#182126"
#: Between the lines of a hatching.
_APART = 6


class _Look(NamedTuple):
    fill: str
    number: str
    dash: str = ""
    is_hatched: bool = False


#: From dark to empty: in grey each still differs from its neighbour, by tone, by hatching or by its contour.
_LOOKS: dict[Standing, _Look] = {
    Standing.MET: _Look("#15466E", "#FFFFFF"),
    Standing.PARTLY_MET: _Look("#9DB7CE", _INK),
    Standing.NOT_MET: _Look("#FFFFFF", _INK, is_hatched=True),
    Standing.NOT_ASSESSED: _Look("#E9EDEA", _INK),
    Standing.MISSING: _Look("#FFFFFF", _INK, "4 3"),
    Standing.AWAITED: _Look("#FFFFFF", _INK, "1 3"),
    Standing.WAIVED: _Look("#FFFFFF", _INK, "8 3"),
    Standing.NOT_ASKED: _Look("#FFFFFF", _INK),
}


def draw_attainment(tallies: Sequence[BodyTally], *, subject: str) -> Picture:
    """Return the bars, one a body, for at least one."""
    there = [standing for standing in Standing if any(each.counts.get(standing) for each in tallies)]
    legend_rows = -(-len(there) // 3)
    height = 8 + len(tallies) * _ROW + 12 + legend_rows * _LEGEND_ROW
    alt = _told(tallies, subject)
    below = 8 + len(tallies) * _ROW + 12
    parts = [
        _BEGINS.format(width=WIDTH, height=height, alt=escape(alt), size=_TEXT),
        *(part for row, each in enumerate(tallies) for part in _bar(each, 8 + row * _ROW, tallies)),
        *(part for place, standing in enumerate(there) for part in _legend(standing, place, below)),
        "</svg>",
    ]
    return Picture(svg="".join(parts), alt=alt, width=WIDTH, height=height)


#: The drawing brings its own ground: its tones are chosen against white.
_BEGINS = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
    'role="img" aria-label="{alt}" font-family="Styrhjul Sans, Source Sans 3, Segoe UI, sans-serif" '
    'font-size="{size}">'
    '<rect width="{width}" height="{height}" fill="#FFFFFF"/>'
)


def _bar(tally: BodyTally, top: int, tallies: Sequence[BodyTally]) -> Iterator[str]:
    yield from _name(tally.body, top)
    unit = min(_BAR / max(sum(each.counts.values()) for each in tallies), _WIDEST)
    left = float(_NAME)
    for standing in Standing:
        number = tally.counts.get(standing, 0)
        if number:
            yield _box(standing, (left, top), (unit * number, _THICK))
            look = _LOOKS[standing]
            middle = left + unit * number / 2
            if standing is Standing.NOT_MET:  # a number in the hatching needs ground under it
                yield f'<rect x="{middle - 9:.1f}" y="{top + 3}" width="18" height="16" fill="#FFFFFF"/>'
            yield f'<text x="{middle:.1f}" y="{top + 16}" text-anchor="middle" fill="{look.number}">{number}</text>'
            left += unit * number


def _name(body: str, top: int) -> Iterator[str]:
    lines = [body]
    if len(body) > _LONG and " " in body[:_LONG]:
        cut = body[:_LONG].rindex(" ")
        lines = [body[:cut], body[cut + 1 :]]
    first = top + 16 - 7 * (len(lines) - 1)
    for row, line in enumerate(lines):
        at = first + row * 14
        yield f'<text x="{_NAME - 10}" y="{at}" text-anchor="end" fill="{_INK}">{escape(line)}</text>'


def _legend(standing: Standing, place: int, top: int) -> Iterator[str]:
    left, y = 6 + place % 3 * _LEGEND_COLUMN, top + place // 3 * _LEGEND_ROW
    yield _box(standing, (left, y), (26, 15))
    yield f'<text x="{left + 34}" y="{y + 12}" fill="{_INK}">{STANDING_WORDS[standing]}</text>'


def _box(standing: Standing, at: tuple[float, float], size: tuple[float, float]) -> str:
    look = _LOOKS[standing]
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<rect x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" fill="{look.fill}" '
        f'stroke="{_INK}" stroke-width="1"{dash}/>{_hatching(at, size) if look.is_hatched else ""}'
    )


def _hatching(at: tuple[float, float], size: tuple[float, float]) -> str:
    """Return slanting lines within a box, drawn one by one: patterns are not drawn by every program."""
    (left, top), (wide, high) = at, size
    lines = (
        f"M{left + max(0, way - high):.1f} {top + min(way, high):.1f}"
        f"L{left + min(way, wide):.1f} {top + max(0, way - wide):.1f}"
        for way in range(_APART, int(wide + high), _APART)
    )
    return f'<path d="{"".join(lines)}" stroke="{_INK}" stroke-width="0.9" fill="none"/>'


def _told(tallies: Sequence[BodyTally], subject: str) -> str:
    """Return the same in words, body by body."""
    bodies = (f"{each.body}: {_counted(each)}" for each in tallies)
    return f"Stapeldiagram över {subject}. {'. '.join(bodies)}."


def _counted(tally: BodyTally) -> str:
    there = ((standing, tally.counts.get(standing, 0)) for standing in Standing)
    return ", ".join(f"{number} {STANDING_WORDS[standing]}" for standing, number in there if number)
