"""Attainment over the years: a row for each body or goal, a column for each year, a bar and its number in each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from styrhjul.reports.block import Picture
from styrhjul.reports.chapter import Years, YearsRow
from styrhjul.reports.chapter_facts import Standing
from styrhjul.reports.chapter_words import counted_standings
from styrhjul.reports.chart import (
    LEADING,
    WIDE,
    Drawn,
    Tone,
    legend,
    line,
    pictured,
    stacked,
    words,
    wrapped,
)

#: More rows than this have no room on a page of a file, and more parts are for the table; the last one says so.
MOST_ROWS, MOST_PARTS = 12, 5
_NAME, _BETWEEN, _HIGH = 236, 12, 13
_KEY = "2 av 3: två mål av tre är uppfyllda. De som saknar svar räknas bland de tre."
_KEY_OF_WHOLE = "Ett ord i stället för ett antal: organet har inga mål det året, och ordet gäller hela perioden."
_KEY_OF_NOTHING = "Ett streck: ingenting frågades om det året."
#: What stands over a goal's own bar: as a table says it, in as little room as a phone has.
_SHORT: Mapping[Standing, str] = {
    Standing.MET: "uppfyllt",
    Standing.PARTLY_MET: "delvis",
    Standing.NOT_MET: "ej uppfyllt",
    Standing.NOT_ASSESSED: "ej bedömt",
    Standing.MISSING: "svar saknas",
    Standing.NO_ANSWER: "inget svar",
    Standing.AWAITED: "väntas",
    Standing.WAIVED: "avslutat",
    Standing.NOT_ASKED: "ej begärt",
}


def draw_years(years: Years, *, subject: str) -> tuple[Picture, ...]:
    """Return the plot of at least one row, in as many parts as pages of a file need; a body stands in one of them."""
    title = f"{subject} {years.years[0]}–{years.years[-1]}"
    parts = _parts(years.rows)
    left_out = len(years.rows) - sum(map(len, parts))
    return tuple(
        _part(
            replace(years, rows=tuple(rows)),
            f"{title}, del {number} av {len(parts)}" if len(parts) > 1 else title,
            left_out if number == len(parts) else 0,
        )
        for number, rows in enumerate(parts, 1)
    )


def _part(years: Years, title: str, left_out: int) -> Picture:
    return pictured(title, _told(years, title), lambda across: _drawn(years, across, left_out))


def _parts(rows: Sequence[YearsRow]) -> list[list[YearsRow]]:
    """Return the rows in parts that have room; bodies with their goals are kept together where that is possible."""
    parts: list[list[YearsRow]] = [[]]
    shown = min(len(rows), MOST_ROWS * MOST_PARTS)
    fair = -(-shown // -(-shown // MOST_ROWS))  # as much in each, so that none is left with one body
    for number, row in enumerate(rows):
        own = 1 + next((i for i, each in enumerate(rows[number + 1 :]) if not each.is_goal), len(rows) - number - 1)
        begins = not row.is_goal and (len(parts[-1]) + own > MOST_ROWS or len(parts[-1]) + own // 2 >= fair)
        if parts[-1] and (begins or len(parts[-1]) >= MOST_ROWS):
            parts.append([])
        parts[-1].append(row)
    return parts[:MOST_PARTS]


def _drawn(years: Years, across: int, left_out: int) -> Drawn:
    is_wide = across >= WIDE
    left = _NAME if is_wide else 6
    step = (across - left - 6 + _BETWEEN) / len(years.years)
    columns = [left + step * place for place in range(len(years.years))]
    parts = [
        words(str(year), (at, 16), tone=Tone.QUIET, weight=600) for year, at in zip(years.years, columns, strict=True)
    ]
    parts.append(line(f"M0 24H{across}", thick=1.2))
    top = 24
    for row in years.rows:
        drawn = _row(row, top, columns, (step - _BETWEEN, is_wide))
        parts += drawn.parts
        top += drawn.height
        parts.append(line(f"M0 {top}H{across}", tone=Tone.HAIR))
    if left_out:
        parts.append(words(f"{left_out} rader till finns i tabellen.", (6, top + 20), tone=Tone.QUIET))
        top += 28
    there = [each for each in Standing if any(each in counts for row in years.rows for counts in row.counts)]
    below = legend(there, top + 14, across)
    end = top + 14 + below.height
    key = wrapped(" ".join(_keys(years)), across - 12, most=9)
    parts += [
        *below.parts,
        *(words(each, (6, end + 14 + LEADING * row), tone=Tone.QUIET) for row, each in enumerate(key)),
    ]
    return Drawn(parts, end + 6 + LEADING * len(key))


def _keys(years: Years) -> Iterator[str]:
    """Yield what the words and numbers in the plot mean, of those that are there."""
    cells = [(row, place, counts) for row in years.rows for place, counts in enumerate(row.counts)]
    if any(counts and not row.is_goal and not row.is_whole(place) for row, place, counts in cells):
        yield _KEY
    if any(counts and not row.is_goal and row.is_whole(place) for row, place, counts in cells):
        yield _KEY_OF_WHOLE
    if any(not counts for _, _, counts in cells):
        yield _KEY_OF_NOTHING


def _row(row: YearsRow, top: int, columns: Sequence[float], cell: tuple[float, bool]) -> Drawn:
    """Draw a row from `top` on; `cell` is how wide a bar is, and whether the name stands beside it."""
    room, is_wide = cell
    indent = 14 if row.is_goal else 0
    lines = wrapped(row.name, (_NAME - 18 if is_wide else 326) - indent, most=2)
    parts = [
        words(each, (6 + indent, top + 18 + number * LEADING), weight=400 if row.is_goal else 600)
        for number, each in enumerate(lines)
    ]
    below = top if is_wide else top + len(lines) * LEADING + 2
    for place, at in enumerate(columns):
        parts += _cell(row, place, (at, below), room)
    return Drawn(parts, below - top + (46 if not is_wide or len(lines) > 1 else 44))


def _cell(row: YearsRow, place: int, at: tuple[float, int], room: float) -> Iterator[str]:
    counts, (left, top) = row.counts[place], at
    if not counts:
        yield words("–", (left, top + 18), tone=Tone.QUIET)
        return
    yield words(_said(row, place), (left, top + 18))
    yield from stacked(counts, (left, top + 25), (room, _HIGH))


def _said(row: YearsRow, place: int) -> str:
    """Return "4 av 7" of several goals, a word of one goal and of a body that had none."""
    counts = row.counts[place]
    every = sum(counts.values())
    if every == 1 and (row.is_goal or row.is_whole(place)):
        return _SHORT[next(iter(counts))]
    return f"{counts.get(Standing.MET, 0)} av {every}"


def _told(years: Years, title: str) -> str:
    """Return every cell in words; "4 av 7" is four fulfilled of seven."""
    rows = (_row_told(row, years.years) for row in years.rows)
    return f"{title}, andelen uppfyllda mål år för år. {' '.join(rows)}"


def _row_told(row: YearsRow, years: Sequence[int]) -> str:
    cells = (
        f"{year} {counted_standings(counts) if counts else 'ingenting frågat'}"
        for year, counts in zip(years, row.counts, strict=True)
    )
    return f"{row.name.rstrip('.')}: {'; '.join(cells)}."
