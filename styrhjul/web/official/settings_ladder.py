"""Ladders: when who is reminded, in general and in one document; what a change moves is shown before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.moment import local_date
from styrhjul.domain.override import WrongLadder
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.ladder import LadderLine, show_ladders
from styrhjul.services.municipality.ladder_edit import (
    BrokenElsewhere,
    LadderEdit,
    ladder_policies,
    ladder_sheet,
    set_ladder,
)
from styrhjul.services.municipality.settings import Since, ladders_since
from styrhjul.services.overview.forecast_diff import ladder_diff
from styrhjul.services.words import LIFECYCLE_WORDS
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_ladder_form import (
    RungForm,
    beside,
    field_names,
    read_rungs,
    rung_forms,
    typed_of,
)
from styrhjul.web.official.settings_review import FormPage, SettingsPage, Typed, fields_of, review, saved, unsealed
from styrhjul.web.permission import posted
from workflows import LIFECYCLES

router = APIRouter()

_ALL = "/{municipality}/settings/ladders"
_ONE = "/{municipality}/settings/ladders/{lifecycle}"
_POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaddersPage(SettingsPage):
    """Every ladder as it is climbed, by lifecycle, in general or in the chosen document; `policies` are all."""

    ladders: Mapping[str, tuple[LadderLine, ...]]
    policies: tuple[tuple[str, str], ...]
    chosen: str | None
    since: Mapping[str, Since]


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderPage(FormPage):
    """One ladder as a form. `policy` is the document's short name and title; None = in general."""

    lifecycle: str
    name: str
    rungs: tuple[RungForm, ...]
    policy: tuple[str, str] | None


@router.get(_ALL)
def ladders(request: Request, municipality: str, policy: str = "") -> Response:
    """Show the ladders as they are climbed."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    policies = ladder_policies(home.database, line.municipality_id)
    chosen = _known(policy, policies)
    lines = show_ladders(home.database, line.municipality_id, chosen)
    page = LaddersPage(
        frame=framed(request, line, "settings"),
        ladders={key: tuple(each for each in lines if each.lifecycle == key) for key in LIFECYCLES},
        policies=policies,
        chosen=chosen,
        since=ladders_since(home.database, line.municipality_id),
    )
    return shown(request, "settings_ladders.html", page)


@router.get(_ONE)
def ladder(request: Request, municipality: str, lifecycle: str, policy: str = "") -> Response:
    """Show one ladder, in fields."""
    line = municipality_by(home_of(request).database, municipality)
    return _form(request, line, _Place(request, line, lifecycle, policy), None)


@router.post(f"{_ONE}/review")
def review_ladder(
    request: Request, municipality: str, lifecycle: str, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Show what the form would change; with a signed review instead of fields, the form again as it was typed."""
    line = municipality_by(home_of(request).database, municipality)
    if "signed" in fields:
        _, typed = _unsealed(request, line, lifecycle, fields)
        return _form(request, line, _Place(request, line, lifecycle, _policy_of(typed)), typed)
    if lifecycle not in LIFECYCLES:
        raise HTTPException(404)
    return _review(request, line, lifecycle, fields_of(fields, [*field_names(LIFECYCLES[lifecycle]), _POLICY]))


@router.post(_ONE)
def save_ladder(
    request: Request, municipality: str, lifecycle: str, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Save what was looked at, unless something else has changed since."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    version, typed = _unsealed(request, line, lifecycle, fields)
    place = _Place(request, line, lifecycle, _policy_of(typed))
    edit, _ = place.edit(typed)
    by = framed(request, line, "settings").actor.name
    try:
        set_ladder(home.database, line.municipality_id, edit, home.clock.now(), by=by, seen=version)
    except ChangedMeanwhile:
        return _review(request, line, lifecycle, typed, is_late=True)
    path = f"/{line.slug}/settings/ladders" + (f"?policy={edit.policy}" if edit.policy else "")
    return saved(request, path, "Trappan är sparad. Öppna ärenden räknas om vid nästa puls.")


class _Place:
    """Which ladder a request is about; one that is not here is a 404."""

    def __init__(self, request: Request, line: MunicipalityLine, lifecycle: str, policy: str) -> None:
        if lifecycle not in LIFECYCLES:
            raise HTTPException(404)
        home = home_of(request)
        self.lifecycle = lifecycle
        self.policies = dict(ladder_policies(home.database, line.municipality_id))
        self.policy = _known(policy, tuple(self.policies.items()))
        self.sheet = ladder_sheet(home.database, line.municipality_id, lifecycle, self.policy)

    def edit(self, typed: Typed) -> tuple[LadderEdit, list[FieldError]]:
        """Return what was typed, and what cannot be read of it."""
        rungs, errors = read_rungs(LIFECYCLES[self.lifecycle], self.sheet.below, typed)
        return LadderEdit(lifecycle=self.lifecycle, policy=self.policy, rungs=rungs), errors


def _review(
    request: Request, line: MunicipalityLine, lifecycle: str, typed: Typed, *, is_late: bool = False
) -> Response:
    home = home_of(request)
    place = _Place(request, line, lifecycle, _policy_of(typed))
    edit, errors = place.edit(typed)
    if errors:
        return _form(request, line, place, typed, errors)
    try:
        diff = ladder_diff(home.database, line.municipality_id, edit, local_date(home.clock.now()))
    except (WrongLadder, BrokenElsewhere) as wrong:
        first = FieldError(f"{edit.rungs[0].rung}-days", str(wrong))
        return _form(request, line, place, typed, [beside(wrong, typed) if isinstance(wrong, WrongLadder) else first])
    if not diff.names:
        unchanged = FieldError(f"{edit.rungs[0].rung}-days", "Du har inte ändrat något än.")
        return _form(request, line, place, typed, [unchanged])
    path = f"/{line.slug}/settings/ladders/{lifecycle}"
    return review(request, line, _what(lifecycle), typed, diff, path=path, is_late=is_late)


def _form(
    request: Request,
    line: MunicipalityLine,
    place: _Place,
    typed: Typed | None,
    errors: list[FieldError] | None = None,
) -> Response:
    page = LadderPage(
        frame=framed(request, line, "settings"),
        typed=typed_of(place.sheet.followed.values()) if typed is None else typed,
        errors=tuple(errors or ()),
        lifecycle=place.lifecycle,
        name=LIFECYCLE_WORDS[place.lifecycle],
        rungs=rung_forms(LIFECYCLES[place.lifecycle], place.sheet.below),
        policy=(place.policy, place.policies[place.policy]) if place.policy else None,
    )
    return shown(request, "settings_ladder.html", page, status=422 if errors else 200)


def _known(policy: str, policies: tuple[tuple[str, str], ...]) -> str | None:
    if policy and policy not in dict(policies):
        raise HTTPException(404)
    return policy or None


def _policy_of(typed: Typed) -> str:
    return next(iter(typed.get(_POLICY, ())), "")


def _what(lifecycle: str) -> str:
    return f"ladder {lifecycle}"


def _unsealed(request: Request, line: MunicipalityLine, lifecycle: str, fields: FormData) -> tuple[str, Typed]:
    found = unsealed(request, line.municipality_id, _what(lifecycle), fields)
    if found is None:
        raise HTTPException(404)
    return found
