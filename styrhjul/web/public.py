"""Pages for anybody: how accessible the rest is and where to say so, what is kept about whom, and what this is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.written import tidy
from styrhjul.mail.catalogue import message
from styrhjul.mail.language import spoken
from styrhjul.services.foundation.limit import TooOften, caller_name
from styrhjul.services.mailing.feedback import FEEDBACK_OF_CALLER, Feedback, Unclear, send_feedback
from styrhjul.services.sign_in.oidc import WayIn, ways_in
from styrhjul.web.error import ErrorPage, wait_page
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.permission import posted
from styrhjul.web.retelling import said
from styrhjul.web.session import keep_official_cookie, official_csrf

router = APIRouter()
_ENOUGH = ErrorPage(
    heading=message("Vänta en stund med nästa synpunkt"),
    text=message("Härifrån har det nyss kommit flera. Det du skrev är inte skickat: försök igen om en timme."),
)
_NO_MUNICIPALITY = message("Välj vilken kommun det gäller")
#: What the service says of a text, so that the catalogue has it.
_SAID = (message("Skriv vad som inte fungerade"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """A page for anybody; what was typed and what is wrong with it, where it has a form."""

    path: str
    municipalities: Sequence[WayIn] = ()
    csrf: str = ""
    municipality: str = ""
    text: str = ""
    reply_to: str = ""
    errors: Sequence[FieldError] = ()
    is_sent: bool = False
    version: str = ""
    #: Where the source of this very program is fetched; "" where whoever runs it has not said.
    source_url: str = ""

    @property
    def messages(self) -> dict[str, str]:
        """The first fault of each field."""
        return {error.field: error.message for error in reversed(self.errors)}


@router.get("/accessibility")
def accessibility(request: Request, language: str = "", sent: str = "") -> Response:
    """Tell how accessible the pages are, and offer a form to say where they are not."""
    return _shown(request, replace(_accessibility(request), is_sent=bool(sent)), language)


@router.post("/accessibility")
def feedback(request: Request, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Send what was typed to the municipality's registrar."""
    language = spoken(str(fields.get("language", "")))
    page = replace(
        _accessibility(request),
        municipality=str(fields.get("municipality", "")),
        text=tidy(str(fields.get("text", ""))),
        reply_to=tidy(str(fields.get("reply_to", ""))),
    )
    chosen = {each.slug: each for each in page.municipalities}.get(page.municipality)
    if chosen is None:
        return _refused(request, page, language, (FieldError("municipality", _NO_MUNICIPALITY),))
    home = home_of(request)
    try:
        send_feedback(
            home.database,
            home.mailroom,
            home.sign_in_key,
            Feedback(text=page.text, reply_to=page.reply_to),
            municipality_id=chosen.municipality_id,
            caller=caller_name(request.client.host if request.client else ""),
            now=home.clock.now(),
        )
    except Unclear as unclear:
        return _refused(request, page, language, unclear.errors)
    except TooOften:
        return wait_page(_ENOUGH, FEEDBACK_OF_CALLER.within, language)
    return RedirectResponse(f"/accessibility?sent=yes&language={language}", status_code=303)


@router.get("/privacy")
def privacy(request: Request, language: str = "") -> Response:
    """Tell what is kept about whom, why and for how long."""
    return _shown(request, PublicPage(path="privacy"), language)


@router.get("/about")
def about(request: Request, language: str = "") -> Response:
    """Tell what this is, which version, and on what terms."""
    home = home_of(request)
    return _shown(request, PublicPage(path="about", version=_version(), source_url=home.settings.source_url), language)


def _accessibility(request: Request) -> PublicPage:
    home = home_of(request)
    ways = ways_in(home.database)
    only = ways[0].slug if len(ways) == 1 else ""
    return PublicPage(path="accessibility", municipalities=ways, municipality=only, csrf=official_csrf(request))


def _refused(request: Request, page: PublicPage, language: str, errors: Sequence[FieldError]) -> Response:
    told = tuple(replace(error, message=said(error.message, language=language)) for error in errors)
    return _shown(request, replace(page, errors=told), language, status=422)


def _shown(request: Request, page: PublicPage, language: str, *, status: int = 200) -> Response:
    response = show(f"{page.path}.html", page, status=status, language=spoken(language))
    keep_official_cookie(request, response)
    return response


def _version() -> str:
    try:
        return version("styrhjul")
    except PackageNotFoundError:
        return ""
