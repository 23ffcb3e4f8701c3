"""Sheets as a workbook: numbers and days are values there, and what anybody wrote is text, never a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from styrhjul.domain.written import sayable

#: None leaves the cell empty.
Value: TypeAlias = str | int | date | None

#: The program that reads it allows no more of either.
_NAME, _CELL = 31, 32_767
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _NARROWEST = 60, 8
#: The mark of the filter takes room beside a column's name.
_FILTER = 4
_DAY, _WHOLE = "yyyy-mm-dd", "0"
_LOOK = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of rows, a column for each thing; each column's name is its own."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def workbook(sheets: Sequence[Sheet], *, title: str, at: datetime) -> bytes:
    """Return the workbook, each sheet a table with filters and a frozen head. The same sheets give the same cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator, book.properties.language = sayable(title), "Styrhjul", "sv"
    book.properties.created = book.properties.modified = at.replace(tzinfo=None, microsecond=0)
    for number, sheet in enumerate(sheets, 1):
        _fill(book.create_sheet(_FORBIDDEN.sub(" ", sayable(sheet.caption))[:_NAME]), sheet, f"Tabell{number}")
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(sheet: Worksheet, given: Sheet, name: str) -> None:
    for row, values in enumerate((given.columns, *given.rows), 1):
        for column, value in enumerate(values, 1):
            _write(sheet.cell(row=row, column=column), value, is_head=row == 1)
    sheet.freeze_panes = "A2"
    for column, head in enumerate(given.columns, 1):
        width = max([len(head) + _FILTER, *_widths(row[column - 1] for row in given.rows)])
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 1, _NARROWEST), _WIDEST)
    corner = f"{get_column_letter(len(given.columns))}{len(given.rows) + 1}"
    if given.rows:  # a table without rows is refused when the file is opened
        table = Table(displayName=name, ref=f"A1:{corner}", tableStyleInfo=_LOOK)
        sheet.add_table(table)
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _widths(values: Iterator[Value]) -> Iterator[int]:
    for value in values:
        yield from map(len, str("" if value is None else value).split("\n"))


def _write(cell: Cell | MergedCell, value: Value, *, is_head: bool) -> None:
    cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    cell.font = Font(bold=is_head)
    if isinstance(value, str) and value:
        cell.value = sayable(value)[:_CELL]
        cell.data_type = "s"  # also what begins with = + - or @
    elif isinstance(value, date):
        cell.value, cell.number_format = value, _DAY
    elif isinstance(value, int):
        cell.value, cell.number_format = value, _WHOLE
