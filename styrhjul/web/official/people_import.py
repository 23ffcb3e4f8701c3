"""A list of officials by way of the browser: the form to fill in, what it would do, and the yes that stores it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from styrhjul.services.foundation.leaving_file import leaving
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.organisation.officials import OfficialsReport, template
from styrhjul.services.organisation.officials_sheet import SheetError, Sheets
from styrhjul.services.organisation.officials_upload import (
    Preview,
    RegisterChanged,
    Seen,
    confirm,
    preview,
    read_upload,
    rows_of,
    sheets_of,
)
from styrhjul.web.download import download
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.people import CURRENT, Posted, WordedPage, hand_of
from styrhjul.web.official.people_form import Fault, text
from styrhjul.web.session import set_flash, signer_of
from styrhjul.web.upload import LISTS, FileRefused, take_file

router = APIRouter()
_PURPOSE = "officials preview"
#: What the page carries back must fit in one request.
_MOST_CARRIED = 900_000
#: So many lines of each kind are shown.
MOST_SHOWN = 100
_TOO_LONG = "Listan är för lång för webbsidan. Läs in ett blad i taget, eller använd styrhjul officials import."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(WordedPage):
    """The form, and what a file would do. `carried` is the file's rows, signed; "" where nothing can be confirmed."""

    preview: Preview | None = None
    file: str = ""
    carried: str = ""
    errors: tuple[SheetError, ...] = ()
    more: int = 0
    faults: tuple[Fault, ...] = ()
    most_shown: int = MOST_SHOWN


@router.get("/{municipality}/people/import")
def form(request: Request, municipality: str) -> Response:
    """Show the form."""
    found = municipality_by(home_of(request).database, municipality)
    return shown(request, "people_import.html", ImportPage(frame=framed(request, found, CURRENT)))


@router.get("/{municipality}/people/template.xlsx")
def empty(request: Request, municipality: str) -> Response:
    """Hand out the workbook to fill in."""
    municipality_by(home_of(request).database, municipality)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "mall.xlsx"
        template(out)
        content = out.read_bytes()
    return download(leaving("styrhjul-uppdrag.xlsx", content))


@router.post("/{municipality}/people/import")
def upload(request: Request, municipality: str, fields: Posted) -> Response:
    """Show what a file would do; nothing of it is stored."""
    file = fields.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        fault = Fault(field="file", message="Välj en arbetsbok (.xlsx) eller en CSV-fil.")
        return _page(request, municipality, faults=(fault,))
    try:
        with file.file as opened:
            taken = take_file(file.filename, opened, LISTS)
    except FileRefused as refusal:
        return _page(request, municipality, faults=(Fault(field="file", message=f"{refusal}."),))
    name = taken.name
    read = read_upload(name, taken.content)
    if read.sheets.errors:
        return _page(request, municipality, file=name, errors=read.sheets.errors, more=read.more)
    return _previewed(request, municipality, name, read.sheets)


@router.post("/{municipality}/people/import/confirm")
def store(request: Request, municipality: str, fields: Posted) -> Response:
    """Store what was previewed, if the register is still the one it was worked out against."""
    home, hand = home_of(request), hand_of(request)
    found = municipality_by(home.database, municipality)
    carried = _opened(request, found.municipality_id, fields)
    if carried is None:
        fault = Fault(field="file", message="Förhandsgranskningen gäller inte längre. Välj filen igen.")
        return _page(request, municipality, faults=(fault,))
    name, version, sheets = carried
    seen = Seen(version=version, is_sure=text(fields, "sure") == "yes")
    try:
        report = confirm(home.database, found.municipality_id, sheets, seen, now=hand.now, by=hand.by)
    except RegisterChanged as changed:
        return _previewed(request, municipality, name, sheets, faults=(Fault(field="h-does", message=str(changed)),))
    if report.errors:
        return _page(request, municipality, file=name, errors=report.errors)
    if report.must_be_confirmed:
        fault = Fault(field="sure", message="Kryssa i att det ska bort, eller rätta listan.")
        return _previewed(request, municipality, name, sheets, faults=(fault,))
    response = RedirectResponse(f"/{found.slug}/people", status_code=303)
    set_flash(request, response, _told(report))
    return response


def _previewed(
    request: Request, municipality: str, name: str, sheets: Sheets, faults: tuple[Fault, ...] = ()
) -> Response:
    home, hand = home_of(request), hand_of(request)
    found = municipality_by(home.database, municipality)
    seen = preview(home.database, found.municipality_id, sheets, hand.now, by=hand.by)
    if seen.report.errors:
        return _page(request, municipality, file=name, errors=seen.report.errors)
    content = {"of": found.municipality_id, "version": seen.version, "file": name, "rows": rows_of(sheets)}
    carried = signer_of(request).sign(_PURPOSE, content)
    if len(carried) > _MOST_CARRIED:
        return _page(request, municipality, file=name, errors=(SheetError(name, 1, "", _TOO_LONG),))
    page = ImportPage(frame=framed(request, found, CURRENT), preview=seen, file=name, carried=carried, faults=faults)
    return shown(request, "people_import.html", page, status=422 if faults else 200)


def _opened(request: Request, municipality_id: str, fields: FormData) -> tuple[str, str, Sheets] | None:
    given = fields.get("carried")
    content = signer_of(request).unsign(_PURPOSE, given) if isinstance(given, str) else None
    if content is None or content["of"] != municipality_id:
        return None
    return content["file"], content["version"], sheets_of(content["rows"])


def _page(
    request: Request,
    municipality: str,
    *,
    file: str = "",
    errors: tuple[SheetError, ...] = (),
    more: int = 0,
    faults: tuple[Fault, ...] = (),
) -> Response:
    found = municipality_by(home_of(request).database, municipality)
    page = ImportPage(frame=framed(request, found, CURRENT), file=file, errors=errors, more=more, faults=faults)
    return shown(request, "people_import.html", page, status=422)


def _told(report: OfficialsReport) -> str:
    return f"Listan är inläst: {report.added} tillagda, {report.changed} ändrade, {report.ended} avslutade."
