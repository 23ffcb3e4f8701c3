"""The calendar somebody subscribes to, behind a link of its own. Reading it changes nothing."""

from __future__ import annotations

import contextlib
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.cases.calendar_feed import NoSuchCalendar, calendar_feed
from styrhjul.services.policies.calendar_feed import policy_feed
from styrhjul.web.error import error_page
from styrhjul.web.home import home_of

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation

router = APIRouter()
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: Calendars ask every hour or so; a proxy on the way keeps nothing.
_CACHE = "private, max-age=3600"


def _content(home: Installation, token: str) -> bytes | None:
    """Return a post's days, or a policy's; None where the link is to neither."""
    for feed_of in (calendar_feed, policy_feed):
        with contextlib.suppress(NoSuchCalendar):
            return feed_of(home.database, token, home.settings.base_url, home.clock.now())
    return None


@router.get("/calendar/{token}.ics")
def feed(request: Request, token: str) -> Response:
    """Give one post's days, or one policy's; 304 where the reader has them already, 404 for a link that is none."""
    home = home_of(request)
    if not _TOKEN.fullmatch(token):
        return error_page(404)
    content = _content(home, token)
    if content is None:
        return error_page(404)
    tag = f'"{sha256(content).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": _CACHE}
    known = (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(","))
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(
        content,
        media_type="text/calendar; charset=utf-8",
        headers={**headers, "Content-Disposition": 'inline; filename="styrhjul.ics"'},
    )
