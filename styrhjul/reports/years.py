"""How far each body came with its goals, year after year: one row a body, then one for each of its goals.

Each year is counted as its own chapter counts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from styrhjul.reports import chapter_words as words
from styrhjul.reports.block import Table
from styrhjul.reports.chapter import BodyTally, GoalRow, Years, YearsRow, together
from styrhjul.reports.chapter_facts import UNANSWERED, Standing

#: A term: the year itself and the three before it.
YEARS = 4


def span(last: int) -> tuple[int, ...]:
    """Return the years that are shown together, up to one."""
    return tuple(range(last - YEARS + 1, last + 1))


def years_of(by_year: Mapping[int, Sequence[GoalRow]]) -> Years:
    """Return a policy's bodies and goals over the years, from what the chapter of each says of its goals."""
    asked = [_asked(each) for each in by_year.values()]
    told = [{each.body: each for each in tallies(rows)} for rows in asked]
    rows: list[YearsRow] = []
    for body in _in_order(asked):
        rows.append(_row(body, [each.get(body) for each in told]))
        rows += _goals(body, asked)
    return Years(years=tuple(by_year), rows=tuple(rows))


def _row(name: str, told: Sequence[BodyTally | None]) -> YearsRow:
    """Return a row of what was told each year; None = nothing was asked."""
    return YearsRow(
        name=name,
        is_goal=False,
        counts=tuple(each.counts if each else {} for each in told),
        whole=tuple(place for place, each in enumerate(told) if each and each.is_whole),
    )


def tallies(rows: Iterable[GoalRow]) -> Iterator[BodyTally]:
    """Yield each body's goals as its last follow-up of the year left them; without goals, the period as a whole."""
    last: dict[str, str] = {}
    by_body: dict[tuple[str, str], list[GoalRow]] = {}
    for row in rows:
        last[row.body] = row.period
        by_body.setdefault((row.body, row.period), []).append(row)
    for body, period in last.items():
        own = by_body[body, period]
        goals = [row for row in own if row.goal is not None]
        counts = Counter(row.standing for row in goals or own)
        yield BodyTally(body=body, counts=dict(counts), is_whole=not goals)


def summed(named: Sequence[tuple[str, Years]], last: int) -> Years:
    """Return one row for each policy: its bodies together."""
    rows = tuple(_row(title, [_sum(each, place) for place in range(YEARS)]) for title, each in named)
    return Years(years=span(last), rows=tuple(row for row in rows if any(row.counts)))


def table(years: Years, *, of: str, first: str) -> Table:
    """Return the same as a table: a column for each year, with every number in words."""
    return Table(
        caption=of,
        columns=(first, *map(str, years.years)),
        rows=tuple(
            (
                f"– {row.name}" if row.is_goal else row.name,
                *(words.counted_standings(each) or "–" for each in row.counts),
            )
            for row in years.rows
        ),
        shares=(40, *[15] * len(years.years)),
    )


def _asked(rows: Iterable[GoalRow]) -> list[GoalRow]:
    """Return what somebody was asked to follow up; a goal that nobody asks about stands at no height."""
    return [row for row in rows if row.standing is not Standing.NOT_ASKED]


def _in_order(by_year: Sequence[Sequence[GoalRow]]) -> Iterable[str]:
    """Return the bodies as they come in the latest year, then those that are only in the years before."""
    return dict.fromkeys(row.body for rows in reversed(by_year) for row in rows)


def _goals(body: str, by_year: Sequence[Sequence[GoalRow]]) -> list[YearsRow]:
    found: dict[str, list[Counter[Standing]]] = {}
    for place, rows in enumerate(by_year):
        own = [row for row in rows if row.body == body]
        for row in own:
            name = row.goal or (None if row.standing in UNANSWERED else words.WHOLE_PERIOD)
            if name and row.period == own[-1].period:  # of a year in parts the last one counts
                found.setdefault(name, [Counter() for _ in by_year])[place][row.standing] += 1
    if set(found) == {words.WHOLE_PERIOD}:  # the body's own row says it
        return []
    return [YearsRow(name=name, is_goal=True, counts=tuple(map(dict, counts))) for name, counts in found.items()]


def _sum(years: Years, place: int) -> BodyTally | None:
    """Return a year's rows together, as a chapter sums its bodies; None = nothing was asked."""
    every = [
        BodyTally(body=row.name, counts=row.counts[place], is_whole=row.is_whole(place))
        for row in years.rows
        if row.counts[place] and not row.is_goal
    ]
    if not every:
        return None
    return BodyTally(body="", counts=dict(together(every)), is_whole=all(each.is_whole for each in every))
