"""Trial runs: every mail to one address, begun and ended here, and what has left meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.written import tidy
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.trial import NoTrial, TrialView, begin_trial, end_trial, trial_view
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, fields_of, saved
from styrhjul.web.permission import posted

router = APIRouter()

_PATH = "/{municipality}/settings/trial"
_FIELD = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage(FormPage):
    """Whether the municipality is on trial, and what has left."""

    view: TrialView


@router.get(_PATH)
def trial(request: Request, municipality: str) -> Response:
    """Show whether the municipality is on trial."""
    line = municipality_by(home_of(request).database, municipality)
    return _page(request, line, {_FIELD: [line.trial_to or ""]})


@router.post(_PATH)
def begin(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Begin a trial, or let it go to another address."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    to = tidy(str(fields.get(_FIELD, "")))
    by = framed(request, line, "settings").actor.name
    try:
        begin_trial(home.database, line.municipality_id, to_address=to, by=by, now=home.clock.now())
    except NoTrial as refused:
        sentence = str(refused).removeprefix(f"{_FIELD}: ")
        sentence = sentence.partition(" Provkör före municipality release")[0]
        return _page(request, line, fields_of(fields, [_FIELD]), FieldError(_FIELD, sentence))
    return saved(request, f"/{line.slug}/settings/trial", f"Provkörningen pågår. Alla mejl går till {to}.")


@router.post(f"{_PATH}/end")
def end(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """End the trial."""
    del fields
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    by = framed(request, line, "settings").actor.name
    try:
        end_trial(home.database, line.municipality_id, by=by, now=home.clock.now())
    except NoTrial:  # somebody else was quicker: it is as wished
        return saved(request, f"/{line.slug}/settings/trial", "Ingen provkörning pågår.")
    return saved(request, f"/{line.slug}/settings/trial", "Provkörningen är avslutad. Inget av den räknas.")


def _page(
    request: Request, line: MunicipalityLine, typed: dict[str, list[str]], error: FieldError | None = None
) -> Response:
    page = TrialPage(
        frame=framed(request, line, "settings"),
        typed=typed,
        errors=(error,) if error else (),
        view=trial_view(home_of(request).database, line.municipality_id),
    )
    return shown(request, "settings_trial.html", page, status=422 if error else 200)
