"""One case: how it stands, why it is there, what has happened and what will, and the mails about it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.domain.act import Act
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.cases.view import CaseView, case_view
from styrhjul.web.home import home_of
from styrhjul.web.official.case_words import ACTS, Coming, coming
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.timeline import Happening, timeline

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(OfficialPage):
    """One case. `acts` are those the reader may do, with their words."""

    view: CaseView
    past: tuple[Happening, ...]
    coming: tuple[Coming, ...]
    acts: tuple[tuple[Act, str], ...]

    @property
    def offers_drafts(self) -> bool:
        """Whether it is a revision that still waits to be prepared."""
        return bool(self.view.policy and self.view.acts) and self.view.case.lifecycle == LifecycleKey.REVISION


@router.get("/{municipality}/case/{case_id}")
def case(request: Request, municipality: str, case_id: str) -> Response:
    """Show one case; another municipality's is not here at all."""
    home = home_of(request)
    view = case_view(home.database, municipality, case_id, home.clock.now())
    frame = framed(request, view.municipality, "case")
    may_decide = frame.may("POST", "/{municipality}/case/{case_id}/act/{act}/done")
    page = CasePage(
        frame=frame,
        view=view,
        past=tuple(timeline(view)),
        coming=tuple(coming(view)),
        acts=tuple((act, ACTS[act]) for act in view.acts) if may_decide else (),
    )
    return shown(request, "case.html", page)
