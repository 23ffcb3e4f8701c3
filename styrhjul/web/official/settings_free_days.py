"""The days that the municipality has given free itself, as a form: what they move in the forecast is shown first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.moment import local_date
from styrhjul.domain.practice import FreeDay, NoSuchPractice
from styrhjul.domain.written import tidy
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.practice import PracticeChange, set_practice, show_practice
from styrhjul.services.overview.forecast_diff import practice_diff
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, Typed, fields_of, review, saved, unsealed
from styrhjul.web.permission import posted

router = APIRouter()

_PATH = "/{municipality}/settings/calendar/free-days"
_WHAT = "free days"
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
#: More rows than the setting itself allows in some years; what no row holds is not read.
_MOST_ROWS = 80
_SPARE_ROWS = 4
_NAMES = tuple(f"{part}-{row}" for row in range(_MOST_ROWS) for part in ("on", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeDaysPage(FormPage):
    """The days, a row for each and some to write in."""

    @property
    def rows(self) -> int:
        """How many rows the form has."""
        written = max((int(name.partition("-")[2]) + 1 for name, value in self.typed.items() if any(value)), default=0)
        return min(written + _SPARE_ROWS, _MOST_ROWS)


@router.get(_PATH)
def free_days(request: Request, municipality: str) -> Response:
    """Show the days that the municipality has given free."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    days = show_practice(home.database, line.municipality_id).practice.free_days
    typed: dict[str, list[str]] = {}
    for row, day in enumerate(days):
        typed |= {f"on-{row}": [day.on.isoformat()], f"name-{row}": [day.name]}
    return _form(request, line, typed)


@router.post(f"{_PATH}/review")
def review_free_days(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Show what the days would move; with a signed review instead of fields, the form again as it was typed."""
    line = municipality_by(home_of(request).database, municipality)
    if "signed" in fields:
        return _form(request, line, _unsealed(request, line, fields)[1])
    typed = fields_of(fields, _NAMES)
    return _review(request, line, {name: values for name, values in typed.items() if any(values)})


@router.post(_PATH)
def save_free_days(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Save what was looked at, unless something else has changed since."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    version, typed = _unsealed(request, line, fields)
    by = framed(request, line, "settings").actor.name
    change = PracticeChange(free_days=_read(typed)[0])
    try:
        set_practice(home.database, line.municipality_id, change, home.clock.now(), by=by, seen=version)
    except ChangedMeanwhile:
        return _review(request, line, typed, is_late=True)
    return saved(
        request, f"/{line.slug}/settings/calendar", "Dagarna är sparade. Alla ärenden räknas om vid nästa puls."
    )


def _review(request: Request, line: MunicipalityLine, typed: Typed, *, is_late: bool = False) -> Response:
    home = home_of(request)
    days, errors = _read(typed)
    if errors:
        return _form(request, line, typed, errors)
    today = local_date(home.clock.now())
    try:
        diff = practice_diff(home.database, line.municipality_id, PracticeChange(free_days=days), today)
    except NoSuchPractice as refusal:
        return _form(request, line, typed, [_fault(str(refusal), typed)])
    if not diff.names:
        return _form(request, line, typed, [FieldError("on-0", "Du har inte ändrat något än.")])
    return review(request, line, _WHAT, typed, diff, path=_PATH.format(municipality=line.slug), is_late=is_late)


def _form(request: Request, line: MunicipalityLine, typed: Typed, errors: list[FieldError] | None = None) -> Response:
    page = FreeDaysPage(frame=framed(request, line, "settings"), typed=typed, errors=tuple(errors or ()))
    return shown(request, "settings_free_days.html", page, status=422 if errors else 200)


def _unsealed(request: Request, line: MunicipalityLine, fields: FormData) -> tuple[str, Typed]:
    found = unsealed(request, line.municipality_id, _WHAT, fields)
    if found is None:
        raise HTTPException(404)
    return found


def _rows(typed: Typed) -> Iterator[tuple[int, str, str]]:
    for row in range(_MOST_ROWS):
        on, name = (tidy(next(iter(typed.get(f"{part}-{row}", ())), "")) for part in ("on", "name"))
        if on or name:
            yield row, on, name


def _read(typed: Typed) -> tuple[tuple[FreeDay, ...], list[FieldError]]:
    """Return the days in their order, and what cannot be read as one."""
    days, errors = [], []
    for row, on, name in _rows(typed):
        day = _day(on)
        if day is None:
            errors.append(FieldError(f"on-{row}", "Skriv datumet som 2027-05-07."))
        elif not name:
            errors.append(FieldError(f"name-{row}", "Skriv vad det är för dag."))
        else:
            days.append(FreeDay(day, name))
    return tuple(sorted(days)), errors


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _fault(sentence: str, typed: Typed) -> FieldError:
    """Put the core's sentence beside the row whose day it names, or beside the first one."""
    words = sentence.partition(": ")[2]
    days = {row: day.isoformat() for row, on, _ in _rows(typed) if (day := _day(on))}
    row = next((row for row, day in days.items() if day in words), next(iter(days), 0))
    return FieldError(f"on-{row}", f"{words[:1].upper()}{words[1:]}")
