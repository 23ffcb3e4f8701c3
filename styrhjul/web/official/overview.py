"""Every municipality on one page, and one of them today with a year of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from styrhjul.domain.moment import local_date
from styrhjul.reports.wheel import draw
from styrhjul.reports.wheel_layout import Row, rows
from styrhjul.services.overview.pages import Overview, overview_of
from styrhjul.services.overview.standing import MunicipalityStanding, standings
from styrhjul.services.overview.wheel import Asked, summary_of
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown

router = APIRouter()
_YEARS_AROUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(OfficialPage):
    """The municipalities, a line each."""

    standings: tuple[MunicipalityStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityPage(OfficialPage):
    """One municipality today. `wheel` is drawn; `rows` are the same in words. `everything`: no list is cut short."""

    overview: Overview
    asked: Asked
    wheel: Markup
    rows: tuple[Row, ...]
    everything: bool

    def to(self, **changes: str | int) -> str:
        """Return the same page with another choice, what is not chosen left out."""
        now = {"year": self.asked.year, "body": self.asked.body, "policy": self.asked.policy}
        places = {"ring": self.asked.ring, "page": self.asked.page + 1 if self.asked.page else 0}
        chosen = {**now, **places, **changes}
        if chosen["year"] == self.overview.today.year:
            del chosen["year"]
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


@router.get("/")
def start(request: Request) -> Response:
    """List the municipalities; whoever has signed in has one, and goes there."""
    home, own = home_of(request), actor_of(request).municipality
    if own is not None:
        return RedirectResponse(f"/{own}", status_code=303)
    found = tuple(standings(home.database, home.clock.now()))
    held = next((each.municipality.held for each in found), None)
    frame = framed(request, None, "start", held=held)
    return shown(request, "start.html", StartPage(frame=frame, standings=found))


@router.get("/{municipality}")
def municipality(  # noqa: PLR0917 - each choice in the address is a parameter
    request: Request,
    municipality: str,
    year: str = "",
    body: str = "",
    policy: str = "",
    ring: str = "",
    page: str = "",
    show: str = "",
) -> Response:
    """Show one municipality today, with the year, the body, the document and the pages that are asked for."""
    home = home_of(request)
    now = home.clock.now()
    asked = Asked(
        year=year_in(year, local_date(now).year),
        body=body[:200],
        policy=policy[:200],
        ring=number_in(ring, 0),
        page=number_in(page, 1) - 1,
    )
    overview = overview_of(home.database, municipality, now, asked)
    wheel = overview.wheel.wheel
    shown_page = MunicipalityPage(
        frame=framed(request, overview.municipality, "overview"),
        overview=overview,
        asked=asked,
        wheel=Markup(draw(wheel, summary_of(wheel))),  # noqa: S704 - draw escapes every word it is given
        rows=tuple(rows(wheel)),
        everything=show == "all",
    )
    return shown(request, "municipality.html", shown_page)


def year_in(text: str, this_year: int) -> int:
    """Return the year that an address asks for; this year for anything else, and for years far away."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2027") else this_year
    return year if abs(year - this_year) <= _YEARS_AROUND else this_year


def number_in(text: str, least: int) -> int:
    """Return the number that an address asks for; the least for anything else."""
    return max(int(text), least) if text.isascii() and text.isdigit() and len(text) < 6 else least
