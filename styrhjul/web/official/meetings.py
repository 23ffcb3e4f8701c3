"""The calendar of meetings: a year by month and body, what each meeting decides, and one change at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from styrhjul.services.cases.calendar_feed import SharedCalendar, share_calendar
from styrhjul.services.cases.decision import DecisionRefused
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.organisation.meeting_calendar import MeetingView, YearView, meeting_view, year_view
from styrhjul.services.organisation.meeting_change import MeetingAt, add_meeting, cancel_meeting, move_meeting
from styrhjul.services.organisation.office_seen import ChangeRefused, meetings_seen
from styrhjul.services.organisation.officials_effect import MovedCase
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.people import CURRENT, Posted, WordedPage, body_page, hand_of
from styrhjul.web.official.people_form import Typed, day_in, text, typed
from styrhjul.web.official.people_words import counted
from styrhjul.web.session import set_flash

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage(WordedPage):
    """A year of meetings. `shared` is a link to subscribe to that was made just now: it is shown this once."""

    view: YearView
    shared: SharedCalendar | None = None
    typed: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPage(WordedPage):
    """One meeting. `wanted` is "move" or "cancel" where that was asked for and waits for a yes; `moved` its effect."""

    view: MeetingView
    typed: Typed
    seen: str
    wanted: str = ""
    to: date | None = None
    moved: tuple[MovedCase, ...] = ()


@router.get("/{municipality}/meetings")
def meetings(request: Request, municipality: str, year: str = "") -> Response:
    """Show a year of meetings."""
    return _year_page(
        request, municipality, year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    )


@router.post("/{municipality}/meetings/subscribe")
def subscribe(request: Request, municipality: str, fields: Posted) -> Response:
    """Make a link to a post's calendar; it is shown this once."""
    home = home_of(request)
    found = municipality_by(home.database, municipality)
    hand = hand_of(request)
    post = text(fields, "post")
    if not post:
        return _year_page(request, municipality, typed=typed(fields, ChangeRefused("Välj ett uppdrag.", "post")))
    try:
        shared = share_calendar(
            home.database, found.municipality_id, post, home.settings.base_url, hand.now, by=hand.by
        )
    except DecisionRefused:
        raise NotHere(municipality) from None
    return _year_page(request, municipality, shared=shared)


@router.post("/{municipality}/body/{body}/meeting")
def add(request: Request, municipality: str, body: str, fields: Posted) -> Response:
    """Enter a meeting."""
    home = home_of(request)
    try:
        on = day_in(fields, "on")
        moved = add_meeting(home.database, _at(request, municipality, body, text(fields, "seen")), on, hand_of(request))
    except ChangeRefused as refused:
        return body_page(request, municipality, body, typed(fields, refused, lead_to="on"))
    return _done(request, municipality, body, f"Sammanträdet {on.isoformat()} är inlagt.", moved)


@router.get("/{municipality}/body/{body}/meeting/{on}")
def meeting(request: Request, municipality: str, body: str, on: date) -> Response:
    """Show one meeting and what it decides."""
    return _meeting_page(request, municipality, body, on, typed=Typed())


@router.post("/{municipality}/body/{body}/meeting/{on}/move")
def move(request: Request, municipality: str, body: str, on: date, fields: Posted) -> Response:
    """Show what a move would do; do it when it has been seen."""
    home, is_seen = home_of(request), text(fields, "confirmed") == "yes"
    try:
        to = day_in(fields, "on")
        at = _at(request, municipality, body, text(fields, "seen"))
        moved = move_meeting(home.database, at, on, to, hand_of(request, rehearse=not is_seen))
    except ChangeRefused as refused:
        return _meeting_page(request, municipality, body, on, typed=typed(fields, refused, lead_to="on"))
    if not is_seen:
        return _meeting_page(request, municipality, body, on, typed=typed(fields), wanted="move", to=to, moved=moved)
    told = f"Sammanträdet {on.isoformat()} är flyttat till {to.isoformat()}."
    return _done(request, municipality, body, told, moved)


@router.post("/{municipality}/body/{body}/meeting/{on}/cancel")
def cancel(request: Request, municipality: str, body: str, on: date, fields: Posted) -> Response:
    """Show what it would mean to cancel a meeting; do it when it has been seen."""
    home, is_seen = home_of(request), text(fields, "confirmed") == "yes"
    try:
        at = _at(request, municipality, body, text(fields, "seen"))
        moved = cancel_meeting(home.database, at, on, hand_of(request, rehearse=not is_seen))
    except ChangeRefused as refused:
        return _meeting_page(request, municipality, body, on, typed=typed(fields, refused, lead_to="on"))
    if not is_seen:
        return _meeting_page(request, municipality, body, on, typed=Typed(), wanted="cancel", moved=moved)
    return _done(request, municipality, body, f"Sammanträdet {on.isoformat()} är inställt.", moved)


def _at(request: Request, municipality: str, body: str, seen: str) -> MeetingAt:
    found = municipality_by(home_of(request).database, municipality)
    return MeetingAt(municipality_id=found.municipality_id, body=body, seen=seen)


def _year_page(
    request: Request,
    municipality: str,
    *,
    year: int | None = None,
    shared: SharedCalendar | None = None,
    typed: Typed | None = None,
) -> Response:
    home = home_of(request)
    view = year_view(home.database, municipality, year, home.clock.now())
    frame = framed(request, view.municipality, CURRENT)
    page = YearPage(frame=frame, view=view, shared=shared, typed=typed or Typed())
    return shown(request, "people_meetings.html", page, status=422 if typed else 200)


def _meeting_page(
    request: Request,
    municipality: str,
    body: str,
    on: date,
    *,
    typed: Typed,
    wanted: str = "",
    to: date | None = None,
    moved: tuple[MovedCase, ...] = (),
) -> Response:
    home = home_of(request)
    view = meeting_view(home.database, municipality, body, on, home.clock.now())
    page = MeetingPage(
        frame=framed(request, view.municipality, CURRENT),
        view=view,
        typed=typed,
        seen=meetings_seen(view.meeting.body.body_id, view.days),
        wanted=wanted,
        to=to,
        moved=moved,
    )
    return shown(request, "people_meeting.html", page, status=422 if typed.faults else 200)


def _done(request: Request, municipality: str, body: str, told: str, moved: tuple[MovedCase, ...]) -> Response:
    response = RedirectResponse(f"/{municipality}/body/{body}", status_code=303)
    cases = counted(len(moved), "Ett ärende fick andra dagar.", "ärenden fick andra dagar.")
    set_flash(request, response, f"{told} {cases[:1].upper()}{cases[1:]}" if moved else told)
    return response
