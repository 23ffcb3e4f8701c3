"""How the municipality works, as a form: what it changes in the forecast is shown before anything is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.moment import local_date
from styrhjul.domain.months import MONTHS
from styrhjul.domain.practice import FirstYearGoals, NoSuchPractice
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.practice import OwnPractice, PracticeChange, set_practice, show_practice
from styrhjul.services.municipality.settings import STANDARD
from styrhjul.services.overview.forecast_diff import practice_diff
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, Typed, fields_of, review, saved, unsealed
from styrhjul.web.official.settings_words import PRACTICES, WEEKDAYS
from styrhjul.web.permission import posted

router = APIRouter()

_PATH = "/{municipality}/settings/practice"
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_WHAT = "practice"
_CHOICES: Mapping[str, Mapping[str, object]] = {
    "digest_weekday": {str(number): number for number in range(5)},
    "first_year_goals": {key.value: key for key in FirstYearGoals},
    "currency_review": {"yes": True, "no": False},
}
_NOTHING = FieldError("digest_weekday", "Du har inte ändrat något än.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage(FormPage):
    """The form, with the standard beside each field."""

    standard: OwnPractice = STANDARD
    weekdays: tuple[str, ...] = WEEKDAYS
    months: tuple[str, ...] = MONTHS


@router.get(_PATH)
def practice(request: Request, municipality: str) -> Response:
    """Show how the municipality works, in fields."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    return _form(request, line, _typed(show_practice(home.database, line.municipality_id)))


@router.post(f"{_PATH}/review")
def review_practice(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Show what the form would change; with a signed review instead of fields, the form again as it was typed."""
    line = municipality_by(home_of(request).database, municipality)
    if "signed" in fields:
        _, typed = _unsealed(request, line, fields)
        return _form(request, line, typed)
    return _review(request, line, fields_of(fields, PRACTICES))


@router.post(_PATH)
def save_practice(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Save what was looked at, unless something else has changed since."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    version, typed = _unsealed(request, line, fields)
    change, _ = _read(typed)
    by = framed(request, line, "settings").actor.name
    try:
        set_practice(home.database, line.municipality_id, change, home.clock.now(), by=by, seen=version)
    except ChangedMeanwhile:
        return _review(request, line, typed, is_late=True)
    return saved(request, f"/{line.slug}/settings", "Ändringen är sparad. Alla ärenden räknas om vid nästa puls.")


def _review(request: Request, line: MunicipalityLine, typed: Typed, *, is_late: bool = False) -> Response:
    home = home_of(request)
    change, errors = _read(typed)
    if errors:
        return _form(request, line, typed, errors)
    try:
        diff = practice_diff(home.database, line.municipality_id, change, local_date(home.clock.now()))
    except NoSuchPractice as wrong:
        return _form(request, line, typed, [_fault(str(wrong))])
    if not diff.names:
        return _form(request, line, typed, [_NOTHING])
    return review(request, line, _WHAT, typed, diff, path=f"/{line.slug}/settings/practice", is_late=is_late)


def _form(request: Request, line: MunicipalityLine, typed: Typed, errors: list[FieldError] | None = None) -> Response:
    page = PracticePage(frame=framed(request, line, "settings"), typed=typed, errors=tuple(errors or ()))
    return shown(request, "settings_practice.html", page, status=422 if errors else 200)


def _unsealed(request: Request, line: MunicipalityLine, fields: FormData) -> tuple[str, Typed]:
    found = unsealed(request, line.municipality_id, _WHAT, fields)
    if found is None:
        raise HTTPException(404)
    return found


def _fault(sentence: str) -> FieldError:
    """Turn the core's "field: sentence." into what stands beside the field."""
    field, _, words = sentence.partition(": ")
    return FieldError(field, f"{words[:1].upper()}{words[1:]}")


def _typed(own: OwnPractice) -> Typed:
    practice = own.practice
    return {
        "digest_weekday": [str(practice.digest_weekday)],
        "rest_months": [str(month) for month in sorted(practice.rest_months)],
        "office_opens": [f"{practice.office_opens:%H.%M}"],
        "office_closes": [f"{practice.office_closes:%H.%M}"],
        "first_year_goals": [practice.first_year_goals.value],
        "currency_review": ["yes" if practice.currency_review else "no"],
        "chief_executive_title": [own.chief_executive_title],
        "phone": [own.phone or ""],
    }


def _read(typed: Typed) -> tuple[PracticeChange, list[FieldError]]:
    """Return what was typed as a change, and what cannot be read."""
    found: dict[str, Any] = {name: next(iter(typed.get(name, ())), "") for name in ("chief_executive_title", "phone")}
    errors = []
    for name, choices in _CHOICES.items():
        value = next(iter(typed.get(name, ())), "")
        if value not in choices:
            errors.append(FieldError(name, "Välj ett av alternativen."))
        found[name] = choices.get(value)
    for name in ("office_opens", "office_closes"):
        matched = _TIME.fullmatch(next(iter(typed.get(name, ())), "").strip())
        if matched is None:
            errors.append(FieldError(name, "Skriv klockslaget som 08.00."))
        else:
            found[name] = time(int(matched[1]), int(matched[2]))
    months = set(typed.get("rest_months", ()))
    known = {str(month): month for month in range(1, 13)}
    if not months <= known.keys():
        errors.append(FieldError("rest_months", "Välj ett av alternativen."))
    found["rest_months"] = frozenset(known[month] for month in months & known.keys())
    return PracticeChange(**found), errors
