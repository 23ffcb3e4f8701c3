"""The operator's way in: its address shows what it opens, and a press opens it, once and for a while."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.foundation.limit import OPENINGS_OF_CALLER
from styrhjul.services.sign_in.oidc import ways_in
from styrhjul.services.sign_in.operator import look_at_opening, use_opening
from styrhjul.web.home import home_of
from styrhjul.web.sign_in.page import OperatorPage, count_caller, csrf_of, let_in, shown

router = APIRouter()


@router.get("/sign-in/operator/{token}")
def look(request: Request, token: str) -> Response:
    """Show which municipality opens, why and until when. Changes nothing. Raises OpeningGone."""
    count_caller(request, OPENINGS_OF_CALLER)
    home = home_of(request)
    opening = look_at_opening(home.database, token, home.clock.now())
    name = next(way.name for way in ways_in(home.database) if way.municipality_id == opening.municipality_id)
    ends_at = f"{opening.ends_at.astimezone(STOCKHOLM):%H.%M}"
    page = OperatorPage(name=name, reason=opening.reason, ends_at=ends_at, csrf=csrf_of(request))
    return shown(request, "sign_in_operator.html", page)


@router.post("/sign-in/operator/{token}")
def enter(request: Request, token: str) -> Response:
    """Begin the operator's session; the address works never again. Raises OpeningGone."""
    count_caller(request, OPENINGS_OF_CALLER)
    home = home_of(request)
    return let_in(request, use_opening(home.database, token, home.clock.now()), "/")
