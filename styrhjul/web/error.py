"""The pages for what went wrong: plain words, never a trace, an id to give to whoever can look."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse

from styrhjul.mail.catalogue import SOURCE, message
from styrhjul.mail.language import spoken
from styrhjul.web.page import show
from styrhjul.web.security import MOST_FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What happened and what to do; `request_id` only where it was our own fault, `back` where there is a way back."""

    heading: str
    text: str
    request_id: str = ""
    limit: str = ""
    back: str = ""


_PAGES = {
    404: ErrorPage(
        heading=message("Sidan finns inte"),
        text=message("Kontrollera adressen. Kom du hit från ett mejl, öppna länken i mejlet igen."),
    ),
    405: ErrorPage(
        heading=message("Det går inte att göra här"), text=message("Gå tillbaka och använd knapparna på sidan.")
    ),
    413: ErrorPage(
        heading=message("Det du skickade är för stort"),
        text=message("Inget har sparats. Korta texten, eller välj en mindre fil, och försök igen."),
    ),
}
#: Pages of whoever followed a link, in their language.
_TO_A_LINK = ("/a/", "/answer/")
_IMPORTS = re.compile(r"(?P<form>/[a-z0-9-]+/policies/import)(?:/store)?$")
#: An official's form that nobody could read.
_UNREAD = ErrorPage(
    heading="Formuläret gick inte att läsa",
    text="Inget har ändrats. Formuläret är trasigt, eller har fler fält och filer än som går att skicka på en gång. "
    "Gå tillbaka och skicka färre åt gången.",
)
_OURS = ErrorPage(
    heading=message("Något gick fel hos oss"),
    text=message("Inget har ändrats. Försök igen om en minut. Händer det igen, skicka numret här under till kansliet."),
)


def error_page(status: int, request_id: str = "", language: str = SOURCE) -> HTMLResponse:
    """Return the page of a status; one without words of its own is told as a page that is not there."""
    if status >= 500:
        page = ErrorPage(heading=_OURS.heading, text=_OURS.text, request_id=request_id)
        return show("error.html", page, status=status, language=language)
    return show("error.html", _PAGES.get(status, _PAGES[404]), status=status, language=language)


def too_much_page(status: int, path: str) -> HTMLResponse | None:
    """Return the page for a form that is too large, or has too many files; None where its status says enough.

    Where documents are read in, it tells the limit and the way back.
    """
    told = {400: _UNREAD, 413: _PAGES[413]}.get(status)
    found = _IMPORTS.match(path)
    if told is None or (found is None and status == 413) or path.startswith(_TO_A_LINK):
        return None
    if found is not None:
        limit = f"Högst {MOST_FILES} filer åt gången. En fil får vara högst 10 MB, och alla tillsammans högst 20 MB."
        told = replace(told, limit=limit, back=found["form"])
    return show("error.html", told, status=status)


def wait_page(page: ErrorPage, wait: timedelta, language: str = SOURCE) -> HTMLResponse:
    """Return the page for somebody who has asked too often, with how long to wait."""
    response = show("error.html", page, status=429, language=language)
    response.headers["Retry-After"] = str(max(math.ceil(wait.total_seconds()), 1))
    return response


def language_of(request: Request) -> str:
    """Return the language of whoever followed a link: as the link was opened, else as the browser wishes.

    Pages for officials are in Swedish.
    """
    if not request.url.path.startswith(_TO_A_LINK):
        return SOURCE
    wished = request.headers.get("accept-language", "").partition(",")[0].partition("-")[0]
    return str(getattr(request.state, "language", "")) or spoken(wished.strip().lower())
