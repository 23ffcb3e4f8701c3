"""What the pages of signing in share: what they show, how callers are counted, and how somebody is let in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from styrhjul.domain.field_fault import FieldError
from styrhjul.services.foundation.limit import Limit, caller_name, refuse_often
from styrhjul.services.sign_in.oidc import WayIn
from styrhjul.services.sign_in.session import find_session, sign_out
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.session import keep_official_cookie, keep_session, official_csrf, session_token, signer_of
from styrhjul.web.sign_in.next_page import safe_next


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page with one form. `errors` in the order of its fields."""

    csrf: str
    errors: tuple[FieldError, ...] = ()

    @property
    def said(self) -> Mapping[str, str]:
        """The faults by field."""
        return {error.field: error.message for error in reversed(self.errors)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(FormPage):
    """The page where one says who one is. `chosen` is the only municipality that is shown, if one was asked for."""

    ways: tuple[WayIn, ...]
    chosen: WayIn | None
    next: str
    flash: str | None = None
    municipality: str = ""
    address: str = ""

    @property
    def by_code(self) -> tuple[WayIn, ...]:
        """The municipalities whose users get a code."""
        return tuple(way for way in self._shown if not way.has_provider)

    @property
    def by_account(self) -> tuple[WayIn, ...]:
        """Those whose users sign in with the municipality's own account."""
        return tuple(way for way in self._shown if way.has_provider)

    @property
    def _shown(self) -> tuple[WayIn, ...]:
        return (self.chosen,) if self.chosen else self.ways


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(FormPage):
    """The page where the six digits are typed. `sent_to` is masked; `sent_at` in Swedish time."""

    name: str
    sent_to: str
    sent_at: str
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorPage(FormPage):
    """What an operator confirms: which municipality, why, and until when in Swedish time."""

    name: str
    reason: str
    ends_at: str


def count_caller(request: Request, limit: Limit) -> None:
    """Count one more try of this caller. Raises TooOften."""
    home = home_of(request)
    caller = caller_name(request.client.host if request.client else "")
    refuse_often(home.database, home.sign_in_key, limit, caller, home.clock.now())


def shown(request: Request, template: str, page: FormPage, *, status: int = 200) -> Response:
    """Render a page and let the browser keep the cookie that its form goes with."""
    response = show(template, page, status=status)
    keep_official_cookie(request, response)
    return response


def csrf_of(request: Request) -> str:
    """Return the form token of a page that is shown before anybody has signed in."""
    return official_csrf(request)


def let_in(request: Request, token: str, wanted: str) -> Response:
    """Give the browser a session that it did not have before, end the one it had, and go on to what was wanted."""
    home, before = home_of(request), session_token(request)
    now = home.clock.now()
    if before and (old := find_session(home.database, before, now)) is not None:
        sign_out(home.database, old, now)
    response = RedirectResponse(safe_next(wanted), status_code=303)
    keep_session(response, signer_of(request), token)
    return response
