"""Tables as a workbook: a sheet each. What anybody wrote is text there, never a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.worksheet import Worksheet

from styrhjul.reports.block import Table

#: The program that reads it allows no more of either.
_NAME, _CELL = 31, 32_767
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _NARROWEST = 60, 12


def workbook(tables: Sequence[Table], *, title: str, at: datetime) -> bytes:
    """Return the workbook, a named table with a frozen head on each sheet. The same tables give the same cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator, book.properties.language = title, "Styrhjul", "sv"
    book.properties.created = book.properties.modified = at.replace(tzinfo=None, microsecond=0)
    for number, table in enumerate(tables, 1):
        _fill(book.create_sheet(_FORBIDDEN.sub(" ", table.caption)[:_NAME]), table, f"Tabell{number}")
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(sheet: Worksheet, table: Table, name: str) -> None:
    for row, values in enumerate((table.columns, *table.rows), 1):
        for column, value in enumerate(values, 1):
            _write(sheet.cell(row=row, column=column), value, is_head=row == 1)
    sheet.freeze_panes = "A2"
    for column in range(1, len(table.columns) + 1):
        lines = (line for row in (table.columns, *table.rows) for line in row[column - 1].split("\n"))
        width = max(map(len, lines), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, _NARROWEST), _WIDEST)
    if table.rows:  # a table without rows is refused when the file is opened
        corner = f"{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
        sheet.add_table(SheetTable(displayName=name, ref=f"A1:{corner}"))


def _write(cell: Cell | MergedCell, value: str, *, is_head: bool) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_CELL]
    cell.data_type = "n" if not value else "s"  # also what begins with = + - or @
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=is_head)
