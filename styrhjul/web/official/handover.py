"""The handover of a term: a checklist of bodies and posts, and the word that they are right."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from styrhjul.services.cases.decision import NoSuchCase
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.organisation.handover import StillVacant, confirm_handover
from styrhjul.services.organisation.handover_list import HandoverView, handover_view
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.people import CURRENT, Posted, WordedPage, hand_of
from styrhjul.web.official.people_form import Fault
from styrhjul.web.session import set_flash

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPage(WordedPage):
    """The checklist, with what was refused."""

    view: HandoverView
    faults: tuple[Fault, ...] = ()


@router.get("/{municipality}/handover")
def handover(request: Request, municipality: str) -> Response:
    """Show the checklist."""
    return _page(request, municipality)


@router.post("/{municipality}/handover/{case_id}")
def confirm(request: Request, municipality: str, case_id: str, fields: Posted) -> Response:
    """Take somebody's word that a body's posts are right."""
    del fields
    home, hand = home_of(request), hand_of(request)
    found = municipality_by(home.database, municipality)
    try:
        confirm_handover(home.database, found.municipality_id, case_id, hand.now, by=hand.by)
    except NoSuchCase:
        raise NotHere(case_id) from None
    except StillVacant as refused:
        return _page(request, municipality, faults=(Fault(field=f"case-{case_id}", message=str(refused)),))
    response = RedirectResponse(f"/{found.slug}/handover", status_code=303)
    set_flash(request, response, "Uppdragen är bekräftade. Frågan är besvarad.")
    return response


def _page(request: Request, municipality: str, faults: tuple[Fault, ...] = ()) -> Response:
    home = home_of(request)
    view = handover_view(home.database, municipality, home.clock.now())
    page = HandoverPage(frame=framed(request, view.municipality, CURRENT), view=view, faults=faults)
    return shown(request, "people_handover.html", page, status=422 if faults else 200)
