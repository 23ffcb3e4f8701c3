"""The mail ledger: what left, to whom, and how it went; and what will leave."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.overview.pages import ComingView, LedgerView, coming_view, ledger_view
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage(OfficialPage):
    """A page of the mail ledger."""

    view: LedgerView


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingPage(OfficialPage):
    """The mails of the next days."""

    view: ComingView


@router.get("/{municipality}/mail/coming")
def coming(request: Request, municipality: str) -> Response:
    """Show the mails that would leave in the next 30 days."""
    home = home_of(request)
    view = coming_view(home.database, municipality, home.clock.now())
    return shown(request, "mail_coming.html", ComingPage(frame=framed(request, view.municipality, "mail"), view=view))


@router.get("/{municipality}/mail")
def mail(request: Request, municipality: str, page: str = "1") -> Response:
    """Show a page of the mail ledger."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    view = ledger_view(home_of(request).database, municipality, number)
    return shown(request, "mail.html", LedgerPage(frame=framed(request, view.municipality, "mail"), view=view))
