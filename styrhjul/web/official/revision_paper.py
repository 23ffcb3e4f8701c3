"""The drafts that a revision is prepared with, as files: the same as the command line writes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.foundation.leaving_file import format_named
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.reports.revision_paper import Paper, PaperFormat, paper_file, paper_of
from styrhjul.web.download import download
from styrhjul.web.home import home_of

router = APIRouter()


@router.get("/{municipality}/policy/{policy}/paper/{paper}/{kind}")
def revision_paper(request: Request, municipality: str, policy: str, paper: str, kind: str) -> Response:
    """Give a draft as a Word file or a PDF."""
    asked = format_named(PaperFormat, kind)
    if paper not in list(Paper) or asked is None:
        raise NotHere(paper)
    home = home_of(request)
    now = home.clock.now()
    view = paper_of(home.database, municipality, policy[:200], Paper(paper), now)
    return download(paper_file(home.database, view, asked, now))
