"""Several policies come in at once: held to be read, then a table of what they are, and those ticked are stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.documents import UnreadableDocument
from styrhjul.services.foundation.order import NoSuchOrder, OrderLine, TooManyOrders, order_of
from styrhjul.services.foundation.sent_files import SentFile
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.policies.batch import BatchRow, RowState
from styrhjul.services.policies.batch_order import (
    CAN_BE_PICKED,
    BatchResult,
    NothingPicked,
    batch_of,
    pick,
    place_batch,
)
from styrhjul.services.policies.store import Signed
from styrhjul.web.actor import actor_of
from styrhjul.web.error import ErrorPage
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_words
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.page import show
from styrhjul.web.permission import posted
from styrhjul.web.policy_upload import sent_document
from styrhjul.web.security import MOST_FILES

router = APIRouter()
Fields = Annotated[FormData, Depends(posted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(OfficialPage):
    """What the files are; a row that can be picked goes by its number. `ticks` are a person's, if one chose."""

    order: OrderLine
    result: BatchResult
    errors: dict[str, str]
    ticks: Collection[int] | None = None
    say: ModuleType = policy_words

    @property
    def ready(self) -> int:
        """How many can be brought in as they are."""
        return sum(map(_is_ready, self.result.rows))

    def is_ticked(self, number: int) -> bool:
        """Whether a row is ticked: as a person left it, unless it has to be read first; else what is ready is."""
        row = self.result.rows[number]
        return _is_ready(row) if self.ticks is None else number in self.ticks and row.state is RowState.READY

    def can_be_picked(self, row: BatchRow) -> bool:
        """Whether a row may be brought in."""
        return row.state in CAN_BE_PICKED


def keep(request: Request, line: MunicipalityLine, uploads: Sequence[UploadFile]) -> Response:
    """Keep several files for a worker to read, and lead to the page that follows it; none is read here."""
    home = home_of(request)
    files, by = [_sent(upload) for upload in uploads], actor_of(request).name
    try:
        order_id = place_batch(home.database, line.municipality_id, files, by=by, now=home.clock.now())
    except TooManyOrders as too_many:
        back = f"/{line.slug}/orders"
        error = ErrorPage(heading="Filerna går inte att läsa in än", text=str(too_many), back=back)
        return show("error.html", error, status=409)
    return RedirectResponse(f"/{line.slug}/orders/{order_id}", status_code=303)


def table(request: Request, line: MunicipalityLine, order: OrderLine, nothing: str = "") -> Response | None:
    """Show what the files of an order are, or what came of what was picked; None where there is nothing to show yet.

    `nothing` tells that nothing was picked.
    """
    try:
        result = batch_of(home_of(request).database, line.municipality_id, order.order_id)
    except NoSuchOrder:
        return None
    said = nothing or result.fault or order.fault
    picked = "" if nothing else order.wanted.get("pick")
    page = BatchPage(
        frame=framed(request, line, "policy"),
        order=order,
        result=result,
        errors={"pick-0": said} if said else {},
        ticks=None if picked is None else set(map(int, picked.split())),
    )
    return shown(request, "policy_batch.html", page, status=422 if nothing else 200)


@router.get("/{municipality}/orders/{order_id}/pick")
def back_to_table(request: Request, municipality: str, order_id: str) -> Response:
    """Lead whoever asks for the address of a form that came back to the table."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    try:
        order_of(home.database, line.municipality_id, order_id)
    except NoSuchOrder:
        raise NotHere(order_id) from None
    return RedirectResponse(f"/{line.slug}/orders/{order_id}", status_code=303)


@router.post("/{municipality}/orders/{order_id}/pick")
def pick_documents(request: Request, municipality: str, order_id: str, fields: Fields) -> Response:
    """Have what is ticked stored, as long as it is what the table said; every duty waits for somebody to confirm it."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    given = {str(each) for each in fields.getlist("pick")}
    ticked = {number for number in range(MOST_FILES) if str(number) in given}
    signed = Signed(by=actor_of(request).name, now=home.clock.now(), confirm=False)
    try:
        pick(home.database, line.municipality_id, order_id, ticked, signed)
    except NothingPicked as nothing:
        order = order_of(home.database, line.municipality_id, order_id)
        again = table(request, line, order, str(nothing))
        if again is not None:
            return again
    except NoSuchOrder:
        raise NotHere(order_id) from None
    return RedirectResponse(f"/{line.slug}/orders/{order_id}", status_code=303)


def _is_ready(row: BatchRow) -> bool:
    """Whether nothing about a row has to be looked at first."""
    return row.state is RowState.READY and not row.elsewhere


def _sent(upload: UploadFile) -> SentFile:
    """Return a file as it came, or with why the gate lets nobody read it."""
    with upload.file as file:
        try:
            return sent_document(upload.filename or "fil", file)
        except UnreadableDocument as fault:
            return SentFile(name=fault.name, refused=fault.why)
