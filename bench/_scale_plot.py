"""The year of many municipalities as a picture: how many mails leave each day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

_WIDE, _HIGH, _LEFT, _TOP, _BOTTOM = 760, 300, 86, 54, 34
_FONT = 'font-family="Source Sans 3, Segoe UI, sans-serif" font-size="14" fill="#182126"'
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def draw_year(apart: Mapping[date, int], together: Mapping[date, int], *, duties: int) -> str:
    """Return an SVG: bars for a year in which committees meet on days of their own, lines where all meet at once."""
    most = max(together.values())
    first = min(*apart, *together).replace(day=1)
    scale = (_HIGH - _TOP - _BOTTOM) / most
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}">',
            f"<title>Mails a day, {duties:,} duties that nobody answers</title>",
            f'<rect width="{_WIDE}" height="{_HIGH}" fill="#FFFFFF"/>',
            *_frame(first, most, scale),
            *_bars(together, first, scale, 'fill="#9DB7CE"', 3.0),
            *_bars(apart, first, scale, 'fill="#15466E"', 1.6),
            *_key(duties),
            "</svg>",
            "",
        )
    )


def _across(day: date, first: date) -> float:
    return _LEFT + (day - first).days * (_WIDE - _LEFT - 14) / 380


def _frame(first: date, most: int, scale: float) -> Iterator[str]:
    ground = _HIGH - _BOTTOM
    for part in (0, 0.5, 1):
        y = ground - most * part * scale
        yield f'<line x1="{_LEFT}" x2="{_WIDE - 14}" y1="{y:.1f}" y2="{y:.1f}" stroke="#CBD2CE"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end" {_FONT}>{round(most * part):,}</text>'
    for number, name in enumerate(_MONTHS, 1):
        x = _across(date(first.year, number, 1), first)
        if x >= _LEFT:
            yield f'<text x="{x + 4:.1f}" y="{_HIGH - 12}" {_FONT}>{name}</text>'


def _bars(days: Mapping[date, int], first: date, scale: float, look: str, wide: float) -> Iterator[str]:
    for day, mails in sorted(days.items()):
        x, high = _across(day, first), mails * scale
        yield f'<rect x="{x:.1f}" y="{_HIGH - _BOTTOM - high:.1f}" width="{wide}" height="{high:.1f}" {look}/>'


def _key(duties: int) -> Iterator[str]:
    title = f"Mails a day, {duties:,} duties that nobody answers"
    yield f'<text x="{_LEFT}" y="18" {_FONT} font-weight="600">{title}</text>'
    yield f'<rect x="{_LEFT}" y="30" width="12" height="12" fill="#15466E"/>'
    yield f'<text x="{_LEFT + 18}" y="41" {_FONT}>committees meet on days of their own</text>'
    yield f'<rect x="{_LEFT + 330}" y="30" width="12" height="12" fill="#9DB7CE"/>'
    yield f'<text x="{_LEFT + 348}" y="41" {_FONT}>all on the same day</text>'
