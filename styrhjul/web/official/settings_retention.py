"""What is kept how long: everything, unless a decision of the municipality's is entered here with number and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.given_day import day_fault
from styrhjul.domain.retention import Disposal, Kept
from styrhjul.domain.written import tidy
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.retention import RetentionLine, WrongDisposal, keep, retention_lines, set_disposal
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, Typed, fields_of, saved
from styrhjul.web.permission import posted

router = APIRouter()

_ALL = "/{municipality}/settings/retention"
_ONE = "/{municipality}/settings/retention/{kept}"
_FIELDS = ("years", "decision_number", "decided_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPage(FormPage):
    """Every kind of text; the fields are those of `open`, the kind that is being decided on."""

    lines: tuple[RetentionLine, ...]
    open: Kept | None


@router.get(_ALL)
def retention(request: Request, municipality: str) -> Response:
    """Show what is kept how long."""
    return _page(request, municipality_by(home_of(request).database, municipality), None, {})


@router.get(_ONE)
def decision(request: Request, municipality: str, kept: str) -> Response:
    """Show the decision about one kind of text, in fields."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    chosen = _kind(kept)
    today = framed(request, line, "settings").today
    found = next(each for each in retention_lines(home.database, line.municipality_id, today) if each.kept is chosen)
    return _page(request, line, chosen, _typed(found.disposal))


@router.post(_ONE)
def enter(request: Request, municipality: str, kept: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Enter a decision. Nothing is disposed of yet."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    chosen, typed = _kind(kept), fields_of(fields, _FIELDS)
    wanted, errors = _read(chosen, typed)
    by = framed(request, line, "settings").actor.name
    if wanted is not None:
        try:
            set_disposal(home.database, line.municipality_id, wanted, home.clock.now(), by=by)
        except WrongDisposal as wrong:
            errors = wrong.faults
    if errors:
        return _page(request, line, chosen, typed, errors)
    return saved(request, f"/{line.slug}/settings/retention", "Gallringsbeslutet är inlagt. Inget är gallrat än.")


@router.post(f"{_ONE}/keep")
def keep_all(request: Request, municipality: str, kept: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Keep everything of a kind from now on."""
    del fields
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    by = framed(request, line, "settings").actor.name
    keep(home.database, line.municipality_id, _kind(kept), home.clock.now(), by=by)
    return saved(request, f"/{line.slug}/settings/retention", "Allt av det slaget bevaras från och med nu.")


def _page(
    request: Request,
    line: MunicipalityLine,
    chosen: Kept | None,
    typed: Typed,
    errors: list[FieldError] | None = None,
) -> Response:
    frame = framed(request, line, "settings")
    page = RetentionPage(
        frame=frame,
        typed=typed,
        errors=tuple(errors or ()),
        lines=retention_lines(home_of(request).database, line.municipality_id, frame.today),
        open=chosen,
    )
    return shown(request, "settings_retention.html", page, status=422 if errors else 200)


def _kind(word: str) -> Kept:
    if word not in set(Kept):
        raise HTTPException(404)
    return Kept(word)


def _typed(disposal: Disposal | None) -> Typed:
    if disposal is None:
        return {}
    return {
        "years": [str(disposal.years)],
        "decision_number": [disposal.decision_number],
        "decided_on": [disposal.decided_on.isoformat()],
    }


def _read(kept: Kept, typed: Typed) -> tuple[Disposal | None, list[FieldError]]:
    years, number, day = (tidy(next(iter(typed.get(name, ())), "")) for name in _FIELDS)
    errors: list[FieldError] = []
    decided_on: date | None = None
    if not (years.isdecimal() and len(years) < 4):
        errors.append(FieldError("years", "Skriv antalet år, som 10."))
    try:
        decided_on = date.fromisoformat(day)
    except ValueError:
        errors.append(FieldError("decided_on", "Skriv datumet som 2027-03-24."))
    else:
        errors += [FieldError("decided_on", f"{fault}.") for fault in (day_fault(decided_on),) if fault]
    if decided_on is None or errors:
        return None, errors
    return Disposal(kept=kept, years=int(years), decision_number=number, decided_on=decided_on), []
