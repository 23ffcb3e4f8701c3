"""The municipality's calendar: the days on which nothing leaves, and links for offices to subscribe to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.cases.calendar_feed import SharedCalendar, share_calendar
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.quiet_days import CalendarView, calendar_view
from styrhjul.services.policies.calendar_feed import PolicyName, share_policy_calendar, shareable_policies
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, fields_of
from styrhjul.web.permission import posted

router = APIRouter()

_PATH = "/{municipality}/settings/calendar"
_FIELD = "post"
_POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage(FormPage):
    """The quiet days, the posts and the policies. `shared` is the link that was just made: it is shown this once."""

    view: CalendarView
    policies: tuple[PolicyName, ...]
    shared: SharedCalendar | None


@router.get(_PATH)
def calendar(request: Request, municipality: str) -> Response:
    """Show the days on which nothing leaves."""
    return _page(request, municipality_by(home_of(request).database, municipality), {})


@router.post(_PATH)
def share(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Make a link to a post's calendar and show it; those it had end."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    post, by = str(fields.get(_FIELD, "")), framed(request, line, "settings").actor.name
    view = calendar_view(home.database, line.municipality_id, framed(request, line, "settings").today)
    if post not in {each.post_id for each in view.posts}:
        error = FieldError(_FIELD, "Välj ett uppdrag.")
        return _page(request, line, fields_of(fields, [_FIELD]), error=error)
    shared = share_calendar(home.database, line.municipality_id, post, home.settings.base_url, home.clock.now(), by=by)
    return _page(request, line, fields_of(fields, [_FIELD]), shared=shared)


@router.post(f"{_PATH}/policy")
def share_policy(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Make a link to a policy's calendar and show it; those it had end."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    policy, by = str(fields.get(_POLICY, "")), framed(request, line, "settings").actor.name
    if policy not in {each.slug for each in _policies(request, line)}:
        error = FieldError(_POLICY, "Välj ett styrdokument.")
        return _page(request, line, fields_of(fields, [_POLICY]), error=error)
    shared = share_policy_calendar(
        home.database, line.municipality_id, policy, home.settings.base_url, home.clock.now(), by=by
    )
    return _page(request, line, fields_of(fields, [_POLICY]), shared=shared)


def _policies(request: Request, line: MunicipalityLine) -> tuple[PolicyName, ...]:
    return shareable_policies(home_of(request).database, line.municipality_id)


def _page(
    request: Request,
    line: MunicipalityLine,
    typed: dict[str, list[str]],
    *,
    error: FieldError | None = None,
    shared: SharedCalendar | None = None,
) -> Response:
    frame = framed(request, line, "settings")
    page = CalendarPage(
        frame=frame,
        typed=typed,
        errors=(error,) if error else (),
        view=calendar_view(home_of(request).database, line.municipality_id, frame.today),
        policies=_policies(request, line),
        shared=shared,
    )
    return shown(request, "settings_calendar.html", page, status=422 if error else 200)
