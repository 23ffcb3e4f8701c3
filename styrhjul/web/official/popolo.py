"""Who holds what, as a file that other programs read: for whoever may read the pages about people."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.reports.popolo import popolo_json
from styrhjul.services.api.popolo import popolo_of
from styrhjul.services.foundation.leaving_file import leaving
from styrhjul.web.download import download
from styrhjul.web.home import home_of

router = APIRouter()


@router.get("/{municipality}/people/popolo.json")
def organisation(request: Request, municipality: str) -> Response:
    """Give bodies, posts, memberships and persons in Popolo's shape."""
    content = popolo_json(popolo_of(home_of(request).database, municipality))
    return download(leaving(f"{municipality}-popolo.json", content))
