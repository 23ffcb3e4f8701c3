"""The load of the months ahead as a table: what the coordinator sees before any mail leaves."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from styrhjul.domain.months import MONTHS

if TYPE_CHECKING:
    from rich.table import Table

    from styrhjul.services.policies.release import Load

_WIDTH_IN_FILES = 160
#: Twelve months and the names of bodies.
_WIDTH_OF_A_YEAR = 100
_MOST_IN_NARROW = 9


def print_load(load: Sequence[Load]) -> None:
    """Print a row for each body and a column for each month, with sums; nothing for an empty load.

    A terminal too narrow for a whole year gets it in two halves.
    """
    from rich.console import Console

    if not load:
        print("Inga mejl skulle skickas de närmaste tolv månaderna.")
        return
    print("Aviseringar per månad om ingen svarar. En brevlåda får högst ett mejl om dagen.")
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_IN_FILES)
    months = sorted({each.month for each in load})
    is_narrow = console.width < _WIDTH_OF_A_YEAR and len(months) > _MOST_IN_NARROW
    middle = len(months) // 2 if is_narrow else 0
    for part in filter(None, (months[:middle], months[middle:])):
        console.print(_table(load, part))


def _table(load: Sequence[Load], months: Sequence[str]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("organ", overflow="fold")
    for month in (*months, "summa"):
        table.add_column(_heading(month), justify="right", no_wrap=True)
    counts = {(each.body, each.month): each.notices for each in load}
    bodies = sorted({each.body for each in load})
    for body in bodies:
        row = [counts.get((body, month), 0) for month in months]
        table.add_row(body, *(str(number or "") for number in row), str(sum(row)))
    table.add_section()
    sums = [sum(counts.get((body, month), 0) for body in bodies) for month in months]
    table.add_row("Alla", *map(str, sums), str(sum(sums)))
    return table


def _heading(month: str) -> str:
    """Return "nov" for "2026-11", and "jan" over "2027" where a year begins."""
    year, _, number = month.partition("-")
    if not number:
        return month
    short = MONTHS[int(number) - 1][:3]
    return f"{short}\n{year}" if number == "01" else short
