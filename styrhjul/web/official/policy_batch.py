"""Several policies come in at once: a table of what they are, and those that are ticked are stored, all or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.documents import UnreadableDocument
from styrhjul.services.municipality import municipality_by
from styrhjul.services.policy_batch import BatchRow, RowState, look_through, store_batch
from styrhjul.services.policy_file import ReadFile
from styrhjul.services.policy_import import ImportReport, RefusedDocument
from styrhjul.services.policy_store import Signed
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_words
from styrhjul.web.official.carried import brought_back, carry, file_of, told
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.permission import posted
from styrhjul.web.policy_upload import take_document
from styrhjul.web.session import set_flash
from workflows import LIFECYCLES

router = APIRouter()
Fields = Annotated[FormData, Depends(posted)]
#: The signed texts go back in a form; some hundred documents are far below it.
MOST_SIGNED = 15_000_000
#: Of all texts together, counted before any is read by rules: some seconds of work. A hundred policies are a fifth.
MOST_LETTERS = 2_500_000
_PURPOSE = "policy batch"
_CAN_BE_PICKED = frozenset({RowState.READY, RowState.SIMILAR})
CHANGED = "Något har ändrats sedan du såg tabellen. Gå igenom den igen och läs in sedan."


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(OfficialPage):
    """What the files are. `given` is their texts, signed; a row that can be picked goes by its number in it."""

    rows: tuple[BatchRow, ...]
    given: str
    errors: dict[str, str]
    say: ModuleType = policy_words

    @property
    def ready(self) -> int:
        """How many can be brought in as they are."""
        return sum(map(self.is_ticked, self.rows))

    def is_ticked(self, row: BatchRow) -> bool:
        """Whether a row is ticked from the beginning: nothing about it has to be looked at first."""
        return row.state is RowState.READY and not row.elsewhere

    @property
    def can_be_picked(self) -> frozenset[RowState]:
        """The states of what may be brought in."""
        return _CAN_BE_PICKED


def table_of(request: Request, line: MunicipalityLine, uploads: Sequence[UploadFile]) -> Response:
    """Show what several files are; nothing is stored. Raises UnreadableDocument where they are too much at once."""
    files = [_opened(upload) for upload in uploads]
    if sum(len(file.text) for _, file in files if isinstance(file, ReadFile)) > MOST_LETTERS:
        raise _too_much()
    return _shown(request, line, [(name, _as_read(file)) for name, file in files])


@router.post("/{municipality}/policies/import/batch")
def store(request: Request, municipality: str, fields: Fields) -> Response:
    """Store what is ticked, as long as it is what the table said; every duty waits for somebody to confirm it."""
    home = home_of(request)
    line, now = municipality_by(home.database, municipality), home.clock.now()
    given = brought_back(request, _PURPOSE, line.municipality_id, str(fields.get("given", "")), now)
    if given is None:
        return RedirectResponse(f"/{line.slug}/policies/import", status_code=303)
    again = [(file.name, _as_read(file)) for file in map(file_of, given["files"])]
    rows = list(look_through(home.database, again, line.municipality_id, now=now))
    picked = {str(each) for each in fields.getlist("pick")}
    chosen = [row for number, row in enumerate(rows) if str(number) in picked and row.state in _CAN_BE_PICKED]
    if [row.state.value for row in rows] != given["states"]:
        return _shown(request, line, again, fault=CHANGED)
    if not chosen:
        return _shown(request, line, again, fault="Kryssa för minst ett dokument.")
    try:
        signed = Signed(by=actor_of(request).name, now=now, confirm=False)
        reports = store_batch(home.database, chosen, signed, LIFECYCLES)
    except RefusedDocument as refused:
        return _shown(request, line, again, fault=str(refused))
    return _stored(request, line, reports)


def _stored(request: Request, line: MunicipalityLine, reports: Sequence[ImportReport]) -> Response:
    response = RedirectResponse(f"/{line.slug}/policies", status_code=303)
    waiting = sum(report.proposed for report in reports)
    what = "Ett dokument är inläst." if len(reports) == 1 else f"{len(reports)} dokument är inlästa."
    set_flash(request, response, f"{what} {waiting} skyldigheter väntar på att bekräftas.")
    return response


def _shown(
    request: Request,
    line: MunicipalityLine,
    files: Sequence[tuple[str, Callable[[], ReadFile]]],
    *,
    fault: str = "",
) -> Response:
    home = home_of(request)
    now = home.clock.now()
    rows = list(look_through(home.database, files, line.municipality_id, now=now))
    # What could not be read comes last: it has no text to go back with the form, and no number.
    rows.sort(key=lambda row: row.file is None)
    read = [row for row in rows if row.file is not None]
    content = {"files": [told(row.file) for row in read if row.file], "states": [row.state.value for row in read]}
    given = carry(request, _PURPOSE, line.municipality_id, content, now)
    if len(given) > MOST_SIGNED:
        raise _too_much()
    errors = {"pick-0": fault} if fault else {}
    page = BatchPage(frame=framed(request, line, "policy"), rows=tuple(rows), given=given, errors=errors)
    return shown(request, "policy_batch.html", page, status=422 if fault else 200)


def _opened(upload: UploadFile) -> tuple[str, ReadFile | UnreadableDocument]:
    """Return a file's name with its text, or with why it has none."""
    name = upload.filename or "fil"
    with upload.file as file:
        try:
            return name, take_document(name, file)
        except UnreadableDocument as fault:
            return name, fault


def _as_read(file: ReadFile | UnreadableDocument) -> Callable[[], ReadFile]:
    def read() -> ReadFile:
        if isinstance(file, UnreadableDocument):
            raise file
        return file

    return read


def _too_much() -> UnreadableDocument:
    return UnreadableDocument("filerna", "de är för många eller för stora. Läs in färre åt gången.")
