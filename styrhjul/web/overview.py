"""The pages for officials: every municipality, one of them, a policy, a case, the mail ledger. They read only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.db.overview_query import DutyLine, MunicipalityLine
from styrhjul.db.record_query import MailLink
from styrhjul.services.overview import (
    CaseView,
    LedgerView,
    Overview,
    PolicyView,
    case_view,
    ledger_view,
    overview_of,
    overviews,
    policy_view,
)
from styrhjul.services.record_export import mails_about
from styrhjul.web.demo import DemoControl, demo_control
from styrhjul.web.page import show
from styrhjul.web.session import keep_official_cookie

if TYPE_CHECKING:
    from styrhjul.services.installation import Installation

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialPage:
    """What every page for officials has. `municipality` is None on the page that lists them."""

    municipality: MunicipalityLine | None
    current: str
    demo: DemoControl
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(OfficialPage):
    """The municipalities, one sentence each."""

    overviews: tuple[Overview, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityPage(OfficialPage):
    """One municipality today."""

    overview: Overview


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a policy's text; `number` counts the duties it belongs to from 1, None = it binds nobody."""

    text: str
    number: int | None
    duty: DutyLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage(OfficialPage):
    """One policy, its text marked where it binds somebody."""

    view: PolicyView
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(OfficialPage):
    """One case, and the mails about it, oldest first."""

    view: CaseView
    mails: tuple[MailLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage(OfficialPage):
    """A page of the mail ledger."""

    view: LedgerView


@router.get("/")
def start(request: Request) -> Response:
    """List the municipalities."""
    home = _home(request)
    found = tuple(overviews(home.database, home.clock.now()))
    control = demo_control(request)
    return _shown(
        request,
        "start.html",
        StartPage(municipality=None, current="start", demo=control, today=control.today, overviews=found),
    )


@router.get("/{municipality}")
def municipality(request: Request, municipality: str) -> Response:
    """Show one municipality today."""
    home = _home(request)
    overview = overview_of(home.database, municipality, home.clock.now())
    control = demo_control(request)
    page = MunicipalityPage(
        municipality=overview.municipality, current="overview", demo=control, today=control.today, overview=overview
    )
    return _shown(request, "municipality.html", page)


@router.get("/{municipality}/mail")
def mail(request: Request, municipality: str, page: str = "1") -> Response:
    """Show a page of the mail ledger."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    view = ledger_view(_home(request).database, municipality, number)
    control = demo_control(request)
    shown = LedgerPage(municipality=view.municipality, current="mail", demo=control, today=control.today, view=view)
    return _shown(request, "mail.html", shown)


@router.get("/{municipality}/policy/{policy}")
def policy(request: Request, municipality: str, policy: str) -> Response:
    """Show a policy with its duties where they stand."""
    home = _home(request)
    view = policy_view(home.database, municipality, policy, home.clock.now())
    control = demo_control(request)
    page = PolicyPage(
        municipality=view.municipality,
        current="policy",
        demo=control,
        today=control.today,
        view=view,
        segments=tuple(segments(view.rounds.policy.text, view.rounds.policy.duties)),
    )
    return _shown(request, "policy.html", page)


@router.get("/{municipality}/case/{case_id}")
def case(request: Request, municipality: str, case_id: str) -> Response:
    """Show one case; another municipality's is not here at all."""
    home = _home(request)
    view = case_view(home.database, municipality, case_id, home.clock.now())
    control = demo_control(request)
    page = CasePage(
        municipality=view.municipality,
        current="case",
        demo=control,
        today=control.today,
        view=view,
        mails=tuple(mails_about(home.database, view.municipality.municipality_id, case_id)),
    )
    return _shown(request, "case.html", page)


def segments(text: str, duties: Sequence[DutyLine]) -> Iterator[Segment]:
    """Yield the text in stretches, whole and in order. A sentence that holds two duties is marked with the first."""
    position = 0
    for number, duty in enumerate(duties, 1):
        if duty.start < position:
            continue
        if duty.start > position:
            yield Segment(text=text[position : duty.start], number=None, duty=None)
        yield Segment(text=text[duty.start : duty.end], number=number, duty=duty)
        position = duty.end
    if position < len(text):
        yield Segment(text=text[position:], number=None, duty=None)


def _home(request: Request) -> Installation:
    home: Installation = request.app.state.installation
    return home


def _shown(request: Request, template: str, page: OfficialPage) -> Response:
    response = show(template, page)
    keep_official_cookie(request, response)
    return response
