"""The drafts that a revision is prepared with, as files: the same as the command line writes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.chapter_file import MIME_TYPES, ChapterFormat
from styrhjul.services.overview import NotHere, municipality_by
from styrhjul.services.own_template import in_own_template
from styrhjul.services.revision_paper import Paper, PaperFormat, paper_file, paper_name, paper_of
from styrhjul.web.official.frame import home_of

router = APIRouter()


@router.get("/{municipality}/policy/{policy}/paper/{paper}/{kind}")
def revision_paper(request: Request, municipality: str, policy: str, paper: str, kind: str) -> Response:
    """Give a draft as a Word file or a PDF."""
    if paper not in list(Paper) or kind not in list(PaperFormat):
        raise NotHere(paper)
    home, asked, ending = home_of(request), Paper(paper), PaperFormat(kind)
    now = home.clock.now()
    content = paper_file(paper_of(home.database, municipality, policy[:200], asked, now), ending, now)
    if ending is PaperFormat.DOCX:
        line = municipality_by(home.database, municipality)
        content = in_own_template(home.database, line.municipality_id, content)
    disposition = f'attachment; filename="{paper_name(policy[:200], asked, ending)}"'
    media_type = MIME_TYPES[ChapterFormat(kind)]
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
