"""One case: how it stands, what has happened and what will, and the mails about it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.db.record_query import MailLink
from styrhjul.services.overview import CaseView, case_view
from styrhjul.services.record_export import mails_about
from styrhjul.web.official.frame import OfficialPage, framed, home_of, shown

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(OfficialPage):
    """One case, and the mails about it, oldest first."""

    view: CaseView
    mails: tuple[MailLink, ...]


@router.get("/{municipality}/case/{case_id}")
def case(request: Request, municipality: str, case_id: str) -> Response:
    """Show one case; another municipality's is not here at all."""
    home = home_of(request)
    view = case_view(home.database, municipality, case_id, home.clock.now())
    page = CasePage(
        frame=framed(request, view.municipality, "case"),
        view=view,
        mails=tuple(mails_about(home.database, view.municipality.municipality_id, case_id)),
    )
    return shown(request, "case.html", page)
