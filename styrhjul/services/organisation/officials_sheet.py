"""From files to rows of checked cells. Reads a folder of CSV files, one CSV file or a workbook.

What the cells mean together is decided in `officials_check`.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from styrhjul.documents import UnreadableDocument, decode
from styrhjul.domain.written import DIRECTION, NO_CHARACTER
from styrhjul.services.organisation.officials_columns import COLUMNS, Kind, columns_by_name

#: The template's page of advice: read by people, skipped here.
ADVICE_SHEET = "Så fyller du i"
#: A workbook of a whole country's officials is smaller; a bomb is larger.
LARGEST_BYTES = 20_000_000
_LONGEST_CELL = 500
_DELIMITERS = ";,\t"
_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029{DIRECTION}]|{NO_CHARACTER.pattern}")
#: What a sheet leaves around a cell, and nobody sees; `strip` alone would take controls with it.
_AROUND = " \t\r\n\u00a0"
_NUMBER = re.compile(r"-\d+([.,]\d+)?")
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{2}(\d{2})(\d{2})[-+ ]?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class SheetError:
    """A reason to refuse the import: where (line from 1; column as its header), and in Swedish what to do about it."""

    file: str
    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line by header; an absent column and an empty cell are both an empty string."""

    file: str
    line: int
    cells: Mapping[str, str]

    def error(self, column: str, message: str) -> SheetError:
        """Return an error that points at a cell of this row."""
        return SheetError(self.file, self.line, column, message)


#: What the reader of workbooks raises at a file that is none, or is broken.
_NO_WORKBOOK = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, NotImplementedError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError),
)
_WORKBOOK, _CSV = ".xlsx", ".csv"
_TOO_LARGE = "Filen är för stor för att vara en lista över förtroendevalda och tjänstepersoner."
#: Sheets that the template brings along and most municipalities have no use for: with headers alone they are not there.
_MAY_BE_EMPTY = frozenset({Kind.MEETINGS, Kind.TERMS})


@dataclass(frozen=True, slots=True)
class Sheets:
    """The rows of each kind that the source holds, and everything that is wrong with their cells."""

    rows: Mapping[Kind, tuple[Row, ...]]
    errors: tuple[SheetError, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file that came in: what it is called, and what it holds."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """Its ending in small letters, with the dot."""
        return Path(self.name).suffix.lower()


#: A file's name, the name that tells its kind, and its lines with their numbers.
_Page = tuple[str, str, list[tuple[int, list[str]]]]


class _Refused(ValueError):
    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(message)
        self.error = SheetError(file, line, "", message)


def read_sheets(source: Path) -> Sheets:
    """Read a folder of CSV files, one CSV file or a workbook. Whatever is wrong is in `errors`; nothing is raised."""
    try:
        return read_files([_opened(file) for file in _files(source)])
    except _Refused as refused:
        return Sheets({}, (refused.error,))


def read_files(files: Sequence[File]) -> Sheets:
    """Read CSV files or a workbook, as `read_sheets`."""
    rows: dict[Kind, tuple[Row, ...]] = {}
    errors: list[SheetError] = []
    try:
        for source in files:
            for file, name, lines in _pages(source):
                kind = _kind(file, name, lines, taken=rows)
                if kind in _MAY_BE_EMPTY and source.suffix == _WORKBOOK and len(_content(lines)) == 1:
                    continue
                rows[kind], wrong = _rows(file, kind, lines)
                errors += wrong
    except _Refused as refused:
        errors.append(refused.error)
    return Sheets(rows, tuple(errors))


def sheets_of_cells(lists: Mapping[Kind, Sequence[Mapping[str, str]]]) -> Sheets:
    """Return rows of cells by header as `read_files` reads them; a row's line is its place in its list, from 1."""
    rows: dict[Kind, tuple[Row, ...]] = {}
    errors: list[SheetError] = []
    for kind, given in lists.items():
        found = [
            Row(kind.value, line, {name: cell.strip() for name, cell in cells.items()})
            for line, cells in enumerate(given, 1)
        ]
        for row, cells in zip(found, given, strict=True):
            errors += _cell_errors(row, kind, list(cells.values()))
        rows[kind] = tuple(found)
    return Sheets(rows, tuple(errors))


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        files = sorted(file for file in source.iterdir() if file.suffix.lower() == _CSV)
        if not files:
            raise _Refused(
                source.name,
                1,
                "Mappen innehåller inga CSV-filer. Ange en mapp med bodies.csv, posts.csv och så vidare.",
            )
        return files
    if not source.is_file():
        raise _Refused(source.name, 1, "Filen finns inte. Kontrollera sökvägen.")
    return [source]


def _opened(file: Path) -> File:
    if file.stat().st_size > LARGEST_BYTES:
        raise _Refused(file.name, 1, _TOO_LARGE)
    return File(file.name, file.read_bytes())


def _pages(file: File) -> Iterator[_Page]:
    if file.suffix == _WORKBOOK:
        yield from _workbook_pages(file)
    elif file.suffix == _CSV:
        yield _csv_page(file)
    else:
        raise _Refused(file.name, 1, "Filtypen stöds inte. Spara filen som .xlsx eller .csv.")


def _csv_page(file: File) -> _Page:
    try:
        text = decode(file.content, file.name)
    except UnreadableDocument as error:
        raise _Refused(file.name, 1, f"{error.why[0].upper()}{error.why[1:]}") from None
    lines: list[tuple[int, list[str]]] = []
    # Only CR and LF end a line: a line separator pasted into a cell would else make two rows of one.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 0
    try:
        for cells in reader:
            lines.append((line + 1, cells))
            line = reader.line_num
    except csv.Error:
        raise _Refused(
            file.name, line + 1, "Raden har ett citattecken som inte avslutas rätt. Skriv om cellen utan citattecken."
        ) from None
    return file.name, Path(file.name).stem, lines


def _delimiter(text: str) -> str:
    """Return what parts the cells: of the three the one that stands most often in the first line that is no remark."""
    header = next((line for line in text.splitlines() if line.strip() and not _is_remark(line.lstrip('"'))), "")
    return max(_DELIMITERS, key=header.count)


def _workbook_pages(file: File) -> Iterator[_Page]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_BYTES:
                raise _Refused(
                    file.name,
                    1,
                    "Arbetsboken är för stor för att vara en lista över förtroendevalda och tjänstepersoner.",
                )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parts of a workbook that we do not read
            book = load_workbook(io.BytesIO(file.content))
    except _NO_WORKBOOK as error:
        if isinstance(error, _Refused):
            raise
        raise _Refused(
            file.name, 1, "Filen är ingen Excel-arbetsbok. Öppna den i Excel och spara om den som .xlsx."
        ) from None
    for sheet in book.worksheets:
        if sheet.title != ADVICE_SHEET:
            lines = [
                (number, [_as_text(cell) for cell in cells])
                for number, cells in enumerate(sheet.iter_rows(values_only=True), 1)
            ]
            yield f"{file.name}, bladet {sheet.title}", sheet.title, lines


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case _:
            return "="  # a formula that spans cells: refused like any other


def _kind(file: str, name: str, lines: Sequence[tuple[int, list[str]]], *, taken: Collection[Kind]) -> Kind:
    """Tell the kind by the name of the file or sheet, or else by the headers; each kind stands in one place."""
    kind = _named(name) or _described(file, name, lines)
    if kind in taken:
        raise _Refused(file, 1, f"Raderna för {kind} finns redan i en annan fil. Lägg dem på ett ställe.")
    return kind


def _named(name: str) -> Kind | None:
    return next((kind for kind in Kind if kind == name.strip().lower()), None)


def _described(file: str, name: str, lines: Sequence[tuple[int, list[str]]]) -> Kind:
    header = {cell.strip().lower() for _, cells in _content(lines)[:1] for cell in cells if cell.strip()}
    fitting = [
        kind
        for kind in Kind
        if header and {c.name for c in COLUMNS[kind] if c.required} <= header <= set(columns_by_name(kind))
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(Kind)
    raise _Refused(
        file, 1, f"Namnet {name} säger inte vad raderna gäller. Döp filen eller bladet till något av {known}."
    )


def _content(lines: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Leave out empty lines and remarks, which begin with #."""
    return [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells) and not _is_remark(cells[0])]


def _is_remark(cell: str) -> bool:
    return cell.strip() == "#" or cell.lstrip().startswith("# ")  # not #REF!, which Excel writes for a broken formula


def _rows(file: str, kind: Kind, lines: list[tuple[int, list[str]]]) -> tuple[tuple[Row, ...], list[SheetError]]:
    (header_line, header), *rest = _content(lines) or [(1, [])]
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()
    errors = list(_header_errors(file, kind, header_line, names))
    if not rest:
        errors = [SheetError(file, 1, "", "Här finns inga rader. Fyll i dem, eller ta bort filen eller bladet.")]
    if errors:
        return (), errors
    rows: list[Row] = []
    for line, cells in rest:
        row = Row(file, line, {name: cell.strip() for name, cell in zip(names, cells, strict=False)})
        wrong = [*_surplus(row, cells[len(names) :]), *_cell_errors(row, kind, cells)]
        errors += wrong
        if not wrong:
            rows.append(row)
    return tuple(rows), errors


def _header_errors(file: str, kind: Kind, line: int, names: Sequence[str]) -> Iterator[SheetError]:
    known = columns_by_name(kind)
    for name in dict.fromkeys(names):
        if name not in known:
            yield SheetError(
                file, line, _safe(name), f"Kolumnen är okänd. Kolumnerna för {kind} är {', '.join(known)}."
            )
        elif names.count(name) > 1:
            yield SheetError(file, line, name, "Kolumnen finns två gånger. Ta bort den ena.")
    for name, column in known.items():
        if column.required and name not in names:
            yield SheetError(file, line, name, f"Kolumnen saknas. Lägg till den: {column.advice}")


def _safe(name: str) -> str:
    return _CONTROL.sub("", name)[:40] if not has_personal_number(name) else ""


def _surplus(row: Row, cells: Sequence[str]) -> Iterator[SheetError]:
    if any(cell.strip() for cell in cells):
        yield row.error("", "Raden har fler celler än det finns kolumner. Kontrollera skiljetecknen på raden.")


def _cell_errors(row: Row, kind: Kind, raw: Sequence[str]) -> Iterator[SheetError]:
    columns = columns_by_name(kind)
    for (name, value), cell in zip(row.cells.items(), raw, strict=False):
        if message := cell_fault(cell):
            yield row.error(name, message)
        elif value and columns[name].choices and value not in columns[name].choices:
            yield row.error(name, f"Värdet ”{value}” är okänt. Skriv något av {', '.join(columns[name].choices)}.")
    for name, column in columns.items():
        if column.required and not row.cells.get(name):
            yield row.error(name, f"Cellen är tom. {column.advice}")


def cell_fault(cell: str) -> str | None:
    """Tell in Swedish why a cell is refused whatever its column, never repeating what it holds."""
    value = cell.strip()
    if not cell.isprintable() and _CONTROL.search(cell.strip(_AROUND)):  # nothing that prints is a control
        return "Cellen innehåller radbyten eller styrtecken. Skriv om den på en rad."
    if has_personal_number(value):
        return "Cellen ser ut att innehålla ett personnummer. Ta bort det; Styrhjul ska inte ha personnummer."
    if value[:1] in {"=", "+", "@"} or (value.startswith("-") and not _NUMBER.fullmatch(value)):
        return f"Cellen börjar med {value[0]} och kan vara en formel. Skriv värdet utan tecknet."
    if len(value) > _LONGEST_CELL:
        return f"Cellen är längre än {_LONGEST_CELL} tecken. Korta texten."
    return None


def has_personal_number(value: str) -> bool:
    """Tell whether a value holds something that looks like a personnummer or samordningsnummer, right or mistyped."""
    if _PERSONAL_NUMBER.search(value) is None:  # of a whole list nearly every cell
        return False
    return any(
        1 <= int(found[1]) <= 12 and (1 <= int(found[2]) <= 31 or 61 <= int(found[2]) <= 91)
        for found in _PERSONAL_NUMBER.finditer(value)
    )
