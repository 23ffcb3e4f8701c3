"""The installation that serves a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation


def home_of(request: HTTPConnection) -> Installation:
    """Return the installation that the application was made with."""
    home: Installation = request.app.state.installation
    return home
