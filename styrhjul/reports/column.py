"""How wide a table's columns are: by the parts they are to have, and never narrower than the longest word in them."""

from __future__ import annotations

import re

from styrhjul.reports.block import Table
from styrhjul.reports.wheel_geometry import width

#: Where a program may break a line: after a hyphen too, but a day stays whole.
_WORD = re.compile(r"[^\s\-–/]+(?:-(?=\d)[^\s\-–/]+)*[\-–/]?")


def column_widths(table: Table, room: float, *, size: float, beside: float) -> list[float]:
    """Return the columns' widths, together as wide as `room`; all in the unit of `size`, the height of the letters.

    `beside` is what a cell leaves empty. Where not even the longest words have room, every column gives up as much of
    its own.
    """
    shares = table.shares or (1,) * len(table.columns)
    asked = [room * share / sum(shares) for share in shares]
    least = [_longest(table, place, size) + beside for place in range(len(shares))]
    if sum(least) >= room:
        return [room * each / sum(least) for each in least]
    over = [max(wide - narrow, 0) for wide, narrow in zip(asked, least, strict=True)]
    spare = room - sum(least)
    return [narrow + spare * each / sum(over) for narrow, each in zip(least, over, strict=True)]


def _longest(table: Table, place: int, size: float) -> float:
    cells = (row[place] for row in (table.columns, *table.rows))
    return max((width(word, size) for cell in cells for word in _WORD.findall(cell)), default=0)
