"""Which program calls: the key in the header, and only there, and what its scopes let it do."""

from __future__ import annotations

from starlette.requests import Request

from styrhjul.services.api.token import Program, find_program
from styrhjul.web.home import home_of

API = "/api/"


class NoKey(Exception):
    """No key that holds came with the call."""


class NotInScope(Exception):
    """The key holds, and is not for this."""


def is_api(request: Request) -> bool:
    """Whether a program is answered, and not a person."""
    return request.url.path.startswith(API)


def admitted(request: Request) -> Program | None:
    """Return who calls; None without a key that holds. A key anywhere but in the header opens nothing."""
    home = home_of(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    return find_program(home.database, token.strip(), home.clock.now())


def program_of(request: Request) -> Program:
    """Return who calls; only where the route's rule takes a key."""
    program: Program = request.state.program
    return program
