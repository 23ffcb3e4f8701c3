"""The control that turns the demo's wheel: next day, next week, next event. Only where the clock is a demo's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.domain.moment import local_date
from styrhjul.web.home import home_of
from styrhjul.web.permission import is_here, posted
from styrhjul.web.session import official_csrf, set_flash
from styrhjul.web.words import weekday

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoControl:
    """What the control shows; `is_shown` is False outside the demo. `here` is the page to come back to."""

    is_shown: bool
    today: date
    csrf: str
    here: str
    has_inbox: bool


def demo_control(request: Request) -> DemoControl:
    """Return the control as it stands on this page."""
    home = home_of(request)
    return DemoControl(
        is_shown=not home.clock.is_wall and is_here(request),
        today=local_date(home.clock.now()),
        csrf=official_csrf(request),
        here=request.url.path,
        has_inbox=home.settings.is_embedded and is_here(request),
    )


@router.post("/demo/turn")
def turn(request: Request, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Play the days up to the next day, week or event, then go back to the page."""
    home = home_of(request)
    if home.clock.is_wall:
        raise HTTPException(404)
    response = RedirectResponse(_back(str(fields.get("here", "/"))), status_code=303)
    set_flash(request, response, _turn(home, str(fields.get("step", ""))))
    return response


def _turn(home: Installation, step: str) -> str:
    from styrhjul.services.operations import play  # noqa: PLC0415 - only the demo plays

    today = local_date(home.clock.now())
    to = {"day": today + timedelta(days=1), "week": today + timedelta(days=7)}.get(step)
    if step == "event":
        to = play.next_event(home)
    if to is None:
        return "Inget mer väntar på att hända."
    try:
        turned = play.turn(home, to)
    except play.TooEarly:  # somebody else turned it further in the same moment
        return "Hjulet hade redan vridits längre fram."
    return f"{weekday(to).capitalize()}: {_happened(turned.sent, turned.opened)}."


def _happened(sent: int, opened: int) -> str:
    mails = "inga mejl skickades" if not sent else f"{sent} mejl skickades"
    cases = "inga ärenden öppnades" if not opened else f"{opened} ärende{'n' if opened > 1 else ''} öppnades"
    return f"{mails}, {cases}"


def _back(here: str) -> str:
    """Return the path to go back to; never an address elsewhere."""
    parts = urlsplit(here)
    is_ours = here.startswith("/") and not here.startswith(("//", "/\\")) and not parts.netloc
    return parts.path if is_ours else "/"
