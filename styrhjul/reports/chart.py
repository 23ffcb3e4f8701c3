"""The one style of every plot: its colours, patterns, type and frame. Pure SVG, wide for a page and narrow for a phone.

The colours stand in the drawing, so that a PDF and a Word file need no style sheet. On the pages the style sheet's
`.p-` classes go before them, so that the same drawing follows the reader's dark or light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from html import escape
from typing import NamedTuple, TypeAlias
from zlib import crc32

from styrhjul.domain.written import sayable
from styrhjul.reports.block import Picture
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.chapter_words import STANDING_WORDS
from styrhjul.reports.wheel_geometry import width

WIDE, NARROW = 660, 340
#: In quotes: a name that ends in a number is no name without them, and then none of them is read.
FONTS = "'Styrhjul Sans', 'Source Sans 3', 'Segoe UI', sans-serif"
#: No smaller text stands in any plot; a narrow one is shown at its own size.
SIZE = 14
LEADING = 17
#: Between the lines of a hatching.
_APART = 6

Point: TypeAlias = tuple[float, float]


class Tone(StrEnum):
    """What a colour is for; the value is the end of its class in the style sheet."""

    INK = "ink"
    QUIET = "quiet"
    HAIR = "hair"
    GROUND = "ground"
    DARK = "dark"
    ON_DARK = "on-dark"
    MIDDLE = "middle"
    LIGHT = "light"


#: On white paper. From dark to light they are as far apart in grey as in colour.
COLOURS: Mapping[Tone, str] = {
    Tone.INK: "#182126",
    Tone.QUIET: "#46535A",
    Tone.HAIR: "#CBD2CE",
    Tone.GROUND: "#FFFFFF",
    Tone.DARK: "#15466E",
    Tone.ON_DARK: "#FFFFFF",
    Tone.MIDDLE: "#9DB7CE",
    Tone.LIGHT: "#E9EDEA",
}


class Look(NamedTuple):
    """How a box is filled and drawn round; `number` is the tone of a number on it."""

    fill: Tone
    number: Tone = Tone.INK
    dash: str = ""
    is_hatched: bool = False


#: In grey each still differs from its neighbour, by tone, by hatching or by its contour.
LOOKS: Mapping[Standing, Look] = {
    Standing.MET: Look(Tone.DARK, Tone.ON_DARK),
    Standing.PARTLY_MET: Look(Tone.MIDDLE),
    Standing.NOT_MET: Look(Tone.GROUND, is_hatched=True),
    Standing.NOT_ASSESSED: Look(Tone.LIGHT),
    Standing.MISSING: Look(Tone.GROUND, dash="4 3"),
    Standing.NO_ANSWER: Look(Tone.GROUND, dash="2 6"),
    Standing.AWAITED: Look(Tone.GROUND, dash="1 3"),
    Standing.WAIVED: Look(Tone.GROUND, dash="8 3"),
    Standing.NOT_ASKED: Look(Tone.GROUND),
}


class Drawn(NamedTuple):
    """The pieces of a drawing and how high it became."""

    parts: Sequence[str]
    height: int


def pictured(title: str, alt: str, draw: Callable[[int], Drawn]) -> Picture:
    """Return the plot as `draw` draws it for a page's width and for a phone's. `alt` tells all of it in words."""
    wide, narrow = draw(WIDE), draw(NARROW)
    return Picture(
        svg=_framed(wide, WIDE, (title, alt)),
        alt=alt,
        width=WIDE,
        height=wide.height,
        narrow=_framed(narrow, NARROW, (title, alt)),
    )


def _framed(drawn: Drawn, across: int, told: tuple[str, str]) -> str:
    title, alt = (escape(sayable(each)) for each in told)
    name = f"plot-{crc32(f'{title} {alt}'.encode()):08x}-{across}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {drawn.height}" width="{across}" '
        f'height="{drawn.height}" role="img" aria-labelledby="{name}-t {name}-d" '
        f'font-family="{FONTS}" font-size="{SIZE}">'
        f'<title id="{name}-t">{title}</title><desc id="{name}-d">{alt}</desc>'
        f'<rect width="{across}" height="{drawn.height}" class="p-ground" fill="{COLOURS[Tone.GROUND]}"/>'
        f"{''.join(drawn.parts)}</svg>"
    )


def words(text: str, at: Point, *, tone: Tone = Tone.INK, anchor: str = "start", weight: int = 400) -> str:
    """Return a line of text; `anchor` as in SVG."""
    heavy = f' font-weight="{weight}"' if weight != 400 else ""
    turned = f' text-anchor="{anchor}"' if anchor != "start" else ""
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}"'
    return f'<text {place}{turned}{heavy} class="p-{tone}" fill="{COLOURS[tone]}">{escape(sayable(text))}</text>'


def line(path: str, *, tone: Tone = Tone.INK, thick: float = 1, dash: str = "") -> str:
    """Return a path that is drawn and not filled."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    looks = f'class="p-line-{tone}" stroke="{COLOURS[tone]}" stroke-width="{thick:g}"{broken} fill="none"'
    return f'<path d="{path}" {looks}/>'


def patch(at: Point, size: Point) -> str:
    """Return a piece of the ground, to stand under a number."""
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"'
    return f'<rect {place} class="p-ground" fill="{COLOURS[Tone.GROUND]}"/>'


def box(look: Look, at: Point, size: Point) -> str:
    """Return a box with its contour and its hatching."""
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"'
    return (
        f'<rect {place} class="p-{look.fill} p-line-ink" fill="{COLOURS[look.fill]}" '
        f'stroke="{COLOURS[Tone.INK]}" stroke-width="1"{dash}/>{_hatching(at, size) if look.is_hatched else ""}'
    )


def _hatching(at: Point, size: Point) -> str:
    """Return slanting lines within a box, drawn one by one: patterns are not drawn by every program."""
    (left, top), (wide, high) = at, size
    lines = (
        f"M{left + max(0, way - high):.1f} {top + min(way, high):.1f}"
        f"L{left + min(way, wide):.1f} {top + max(0, way - wide):.1f}"
        for way in range(_APART, int(wide + high), _APART)
    )
    return line("".join(lines), thick=0.9)


def stacked(counts: Mapping[Standing, int], at: Point, size: Point) -> Iterator[str]:
    """Yield one bar of boxes side by side, as wide as each standing's part of the whole."""
    left, unit = at[0], size[0] / max(sum(counts.values()), 1)
    for standing in Standing:
        if number := counts.get(standing, 0):
            yield box(LOOKS[standing], (left, at[1]), (unit * number, size[1]))
            left += unit * number


def legend(there: Iterable[Standing], top: int, across: int) -> Drawn:
    """Return what the boxes mean, and how high it stands from `top`."""
    shown = list(there)
    columns = 3 if across >= WIDE else 1
    parts = [part for place, standing in enumerate(shown) for part in _meaning(standing, place, top, columns)]
    return Drawn(parts, -(-len(shown) // columns) * 24)


def _meaning(standing: Standing, place: int, top: int, columns: int) -> Iterator[str]:
    left, y = 6 + place % columns * 218, top + place // columns * 24
    yield box(LOOKS[standing], (left, y), (26, 15))
    yield words(STANDING_WORDS[standing], (left + 34, y + 12))


def wrapped(text: str, room: float, *, most: int = 2) -> list[str]:
    """Return the text in at most so many lines of so much room; what is left out is shown by three dots."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, SIZE) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += " …"
    return [_cut(each, room) for each in shown]


def _cut(text: str, room: float) -> str:
    """Return a text that ends where the room does."""
    if width(text, SIZE) <= room:
        return text
    while text and width(f"{text} …", SIZE) > room:
        text = text.removesuffix(" …")[:-1].rstrip()
    return f"{text} …"
