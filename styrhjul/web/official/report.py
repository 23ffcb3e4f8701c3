"""The annual report's chapter on a page, with the files that it leaves as: the same blocks in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from styrhjul.reports.block import Block, Document, Heading, Picture, Table
from styrhjul.reports.chapter import Chapter
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.services.foundation.leaving_file import format_named
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.reports.chapter import ChapterView, chapter_of, policy_names
from styrhjul.services.reports.chapter_file import ChapterFormat, chapter_file
from styrhjul.web.download import download
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.official.overview import number_in

router = APIRouter()
_FIRST_YEAR, _LAST_YEAR = 1990, 2190
#: So many documents stand on one page, and in a file made meanwhile; of more, one is chosen, and a file is ordered.
MOST_ON_A_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(OfficialPage):
    """A chapter as it stands now."""

    chapter: Chapter
    document: Document
    policy: str
    #: The years before and after that can be shown.
    beside: tuple[int, ...]
    formats: tuple[ChapterFormat, ...] = tuple(ChapterFormat)

    def kind(self, block: Block) -> Literal["heading", "table", "picture", "text"]:
        """Return which of the four a block is."""
        if isinstance(block, Heading):
            return "heading"
        return "table" if isinstance(block, Table) else "picture" if isinstance(block, Picture) else "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage(OfficialPage):
    """The documents of a municipality that has more than a page holds: short name and title."""

    year: int
    policies: tuple[tuple[str, str], ...]
    formats: tuple[ChapterFormat, ...] = tuple(ChapterFormat)


@router.get("/{municipality}/report/{year}")
def report(request: Request, municipality: str, year: str, policy: str = "") -> Response:
    """Show the chapter of a year, of one policy where one is chosen or there are too many for a page."""
    if not policy:
        home = home_of(request)
        line = municipality_by(home.database, municipality)
        names = policy_names(home.database, line.municipality_id)
        if len(names) > MOST_ON_A_PAGE:
            page = ChoosePage(frame=framed(request, line, "policy"), year=year_in(year), policies=names)
            return shown(request, "report_choose.html", page)
    return _chapter(request, municipality, year, policy)


def _chapter(request: Request, municipality: str, year: str, policy: str) -> Response:
    view = _view(request, municipality, year, policy)
    page = ReportPage(
        frame=framed(request, view.municipality, "policy"),
        chapter=view.chapter,
        document=chapter_document(view.chapter),
        policy=policy,
        beside=view.beside,
    )
    return shown(request, "report.html", page)


@router.get("/{municipality}/report/{year}/{kind}")
def report_as_file(request: Request, municipality: str, year: str, kind: str, policy: str = "") -> Response:
    """Give the chapter as a file while somebody waits; one of more documents than a page holds is ordered there."""
    home, asked = home_of(request), format_named(ChapterFormat, kind)
    if asked is None:
        raise NotHere(kind)
    line = municipality_by(home.database, municipality)
    if not policy and len(policy_names(home.database, line.municipality_id)) > MOST_ON_A_PAGE:
        return RedirectResponse(f"/{line.slug}/report/{year_in(year)}", status_code=303)
    return download(chapter_file(home.database, _view(request, municipality, year, policy), asked, home.clock.now()))


def _view(request: Request, slug: str, year: str, policy: str) -> ChapterView:
    home = home_of(request)
    return chapter_of(home.database, slug, year_in(year), home.clock.now(), policy[:200] or None)


def year_in(year: str) -> int:
    """Return the year that an address or a field names. Raises NotHere."""
    number = number_in(year, 0)
    if not _FIRST_YEAR < number < _LAST_YEAR:
        raise NotHere(year)
    return number
