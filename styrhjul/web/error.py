"""The pages for what went wrong: plain words, never a trace, an id to give to whoever can look."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import HTMLResponse

from styrhjul.web.page import show


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What happened and what to do; `request_id` only where it was our own fault."""

    heading: str
    text: str
    request_id: str = ""


_PAGES = {
    404: ErrorPage(
        heading="Sidan finns inte",
        text="Kontrollera adressen. Kom du hit från ett mejl, öppna länken i mejlet igen.",
    ),
    405: ErrorPage(heading="Det går inte att göra här", text="Gå tillbaka och använd knapparna på sidan."),
    413: ErrorPage(heading="Det du skickade är för stort", text="Inget har sparats. Korta texten och försök igen."),
}
_OURS = ErrorPage(
    heading="Något gick fel hos oss",
    text="Inget har ändrats. Försök igen om en minut. Händer det igen, skicka numret här under till kansliet.",
)


def error_page(status: int, request_id: str = "") -> HTMLResponse:
    """Return the page of a status; one without words of its own is told as a page that is not there."""
    if status >= 500:
        page = ErrorPage(heading=_OURS.heading, text=_OURS.text, request_id=request_id)
        return show("error.html", page, status=status)
    return show("error.html", _PAGES.get(status, _PAGES[404]), status=status)
