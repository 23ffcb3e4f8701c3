"""The empty form that a municipality fills in with its officials: a workbook, or a folder of CSV files."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from styrhjul.services.organisation.officials_columns import ABOUT, COLUMNS, Kind
from styrhjul.services.organisation.officials_sheet import ADVICE_SHEET

_ROWS_WITH_CHOICES = 2000
_ADVICE = (
    "Fyll i ett blad i taget, i den ordning de ligger. Ändra inte rubrikerna.",
    "Läs in filen med: styrhjul officials import FIL --municipality NYCKEL",
    "Filen gäller i sin helhet: en tillsättning som inte längre finns med avslutas dagen före inläsningen.",
    "Ta bort blad du inte vill ändra något i. Ett blad utan rader stoppar inläsningen.",
    "Är något fel läses inget in, och du får veta blad, rad och kolumn.",
)


class TemplateExists(ValueError):
    """Där finns redan en fil. Välj ett annat namn, så att inget skrivs över."""

    def __init__(self, out: Path) -> None:
        super().__init__(f"{out}: {self.__doc__}")


def template(out: Path) -> None:
    """Write the form: a workbook for a name ending in .xlsx, otherwise a folder of CSV files.

    Raises TemplateExists rather than write over a file.
    """
    if out.suffix.lower() == ".xlsx":
        if out.exists():
            raise TemplateExists(out)
        _workbook().save(out)
        return
    files = {out / f"{kind}.csv": kind for kind in Kind}
    for file in files:
        if file.exists():
            raise TemplateExists(file)
    out.mkdir(parents=True, exist_ok=True)
    for file, kind in files.items():
        file.write_text(_csv(kind), encoding="utf-8-sig")  # with the mark, Excel reads å, ä and ö


def _csv(kind: Kind) -> str:
    remarks = [f"# {ABOUT[kind]}"]
    for column in COLUMNS[kind]:
        choices = f" Något av {', '.join(column.choices)}." if column.choices else ""
        remarks.append(f"# {column.name}: {column.advice}{choices}")
    header = ";".join(column.name for column in COLUMNS[kind])
    return "".join(f"{line}\n" for line in [*remarks, header])


def _workbook() -> Workbook:
    book = Workbook()
    advice = book.worksheets[0]
    advice.title = ADVICE_SHEET
    for row, sentence in enumerate(_ADVICE, start=1):
        advice.cell(row=row, column=1, value=sentence)
    for kind in Kind:
        _fill(book.create_sheet(kind.value), kind)
    return book


def _fill(sheet: Worksheet, kind: Kind) -> None:
    sheet.cell(row=1, column=1, value=f"# {ABOUT[kind]}")
    for number, column in enumerate(COLUMNS[kind], start=1):
        header = sheet.cell(row=2, column=number, value=column.name)
        header.font = Font(bold=True)
        header.comment = Comment(column.advice, "Styrhjul")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 26
        cells = f"{letter}3:{letter}{_ROWS_WITH_CHOICES}"
        if column.choices:
            choice = DataValidation(
                type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=not column.required
            )
            sheet.add_data_validation(choice)
            choice.add(cells)
        else:
            for (cell,) in sheet[f"{letter}3:{letter}200"]:
                cell.number_format = "@"  # as text: a day stays as it was typed
    sheet.freeze_panes = "A3"
