"""Every municipality on one page, and one of them today."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from styrhjul.services.overview import Overview, overview_of, overviews
from styrhjul.web.actor import actor_of
from styrhjul.web.official.frame import OfficialPage, framed, home_of, shown

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(OfficialPage):
    """The municipalities, one sentence each."""

    overviews: tuple[Overview, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityPage(OfficialPage):
    """One municipality today."""

    overview: Overview


@router.get("/")
def start(request: Request) -> Response:
    """List the municipalities; whoever has signed in has one, and goes there."""
    home, own = home_of(request), actor_of(request).municipality
    if own is not None:
        return RedirectResponse(f"/{own}", status_code=303)
    found = tuple(overviews(home.database, home.clock.now()))
    return shown(request, "start.html", StartPage(frame=framed(request, None, "start"), overviews=found))


@router.get("/{municipality}")
def municipality(request: Request, municipality: str) -> Response:
    """Show one municipality today."""
    home = home_of(request)
    overview = overview_of(home.database, municipality, home.clock.now())
    page = MunicipalityPage(frame=framed(request, overview.municipality, "overview"), overview=overview)
    return shown(request, "municipality.html", page)
