"""What a stranger is told: to sign in, to wait, or that an address opens nothing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from styrhjul.web.error import ErrorPage
from styrhjul.web.page import show
from styrhjul.web.sign_in.next_page import with_next

_CLOSED = ErrorPage(
    heading="Du är inte inloggad",
    text="Inget har ändrats. Logga in på sidan Logga in (/sign-in) och gör om det. "
    "Har du fått en länk i ett mejl kan du öppna den i stället, utan att logga in.",
)
_TOO_OFTEN = ErrorPage(
    heading="För många försök",
    text="Härifrån har det kommit många försök att logga in på kort tid. Vänta en timme och försök igen.",
)
_GONE = ErrorPage(
    heading="Adressen öppnar inget",
    text="Den har använts, eller så har tiden gått ut. Öppna på nytt med styrhjul operator open.",
)


async def officials_only(request: Request, error: Exception) -> Response:
    """Lead a reader to where one signs in, and back; refuse a form, which would be lost on the way."""
    del error
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = with_next("/sign-in", wanted if request.method in ("GET", "HEAD") else "/")
    if request.headers.get("hx-request"):
        return show_closed(headers={"HX-Redirect": where})
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(where, status_code=303)
    return show_closed()


def show_closed(headers: dict[str, str] | None = None) -> Response:
    """Return the refusal; htmx reads from its headers where to go."""
    response = show("error.html", _CLOSED, status=403)
    response.headers.update(headers or {})
    return response


async def too_often(request: Request, error: Exception) -> Response:
    """Tell a caller to wait."""
    del request, error
    response = show("error.html", _TOO_OFTEN, status=429)
    response.headers["Retry-After"] = "3600"
    return response


async def opening_gone(request: Request, error: Exception) -> Response:
    """Tell of an operator's address that is used, run out or wrong, all the same."""
    del request, error
    return show("error.html", _GONE, status=404)
