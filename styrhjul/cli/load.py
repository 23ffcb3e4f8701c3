"""The load of the months ahead as a table: what the coordinator sees before any mail leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from styrhjul.domain.date_rule import MONTHS

if TYPE_CHECKING:
    from styrhjul.services.release import Load

_WIDTH_IN_FILES = 160


def print_load(load: Sequence[Load]) -> None:
    """Print a row for each body and a column for each month, with sums; nothing for an empty load."""
    from rich.console import Console
    from rich.table import Table

    if not load:
        print("Inga mejl skulle skickas de närmaste tolv månaderna.")
        return
    months = sorted({each.month for each in load})
    table = Table(title="Aviseringar per månad om ingen svarar. En brevlåda får högst ett mejl om dagen.")
    table.add_column("organ")
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
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_IN_FILES
    console.print(table)


def _heading(month: str) -> str:
    """Return "nov" for "2026-11", and "jan 27" where a year begins."""
    year, _, number = month.partition("-")
    if not number:
        return month
    short = MONTHS[int(number) - 1][:3]
    return f"{short} {year[2:]}" if number == "01" else short
