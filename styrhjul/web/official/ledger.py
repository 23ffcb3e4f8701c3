"""The mail ledger: what left, to whom, and how it went."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.overview import LedgerView, ledger_view
from styrhjul.web.official.frame import OfficialPage, framed, home_of, shown

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage(OfficialPage):
    """A page of the mail ledger."""

    view: LedgerView


@router.get("/{municipality}/mail")
def mail(request: Request, municipality: str, page: str = "1") -> Response:
    """Show a page of the mail ledger."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    view = ledger_view(home_of(request).database, municipality, number)
    return shown(request, "mail.html", LedgerPage(frame=framed(request, view.municipality, "mail"), view=view))
