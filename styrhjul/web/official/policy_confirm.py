"""Confirming what is clear, many duties at once: each is read on the page first, and never by one press."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.policy_page_query import PageDuty
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.policies.duty_context import Context, context_of
from styrhjul.services.policies.duty_decide import NoSuchPolicy, confirm_plain_duties
from styrhjul.services.policies.view import PolicyView, policy_view
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_words
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.permission import posted
from styrhjul.web.session import set_flash

router = APIRouter()
#: So many are read at once; each has a tick of its own in one form.
MOST_AT_ONCE = 200
Fields = Annotated[FormData, Depends(posted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage(OfficialPage):
    """What is clear in a policy, with its number and its paragraph. Of `unticked` duties the tick was taken away.

    `left` counts those that are clear too, and come when these are decided.
    """

    view: PolicyView
    clear: tuple[tuple[int, PageDuty, Context], ...]
    left: int
    unticked: Collection[str]
    errors: Mapping[str, str]
    say: ModuleType = policy_words


@router.get("/{municipality}/policy/{policy}/confirm")
def read(request: Request, municipality: str, policy: str) -> Response:
    """Show what is clear, to be read."""
    return _page(request, municipality, policy, {})


@router.post("/{municipality}/policy/{policy}/confirm")
def confirm(request: Request, municipality: str, policy: str, fields: Fields) -> Response:
    """Confirm those that are ticked and still as they were read; the others wait."""
    if "seen" not in fields:
        errors = {"seen": "Läs meningarna och kryssa för att du har gjort det."}
        return _page(request, municipality, policy, errors, _ticks(fields))
    home, by = home_of(request), actor_of(request).name
    line = municipality_by(home.database, municipality)
    read = _ticks(fields)
    try:
        count = confirm_plain_duties(
            home.database, line.municipality_id, policy, by=by, now=home.clock.now(), read=read
        )
    except NoSuchPolicy:
        raise NotHere from None
    said = "En skyldighet är bekräftad." if count == 1 else f"{count} skyldigheter är bekräftade."
    if count < len(read):
        said = f"{said if count else ''} Några har ändrats sedan du läste dem, och väntar.".strip()
    response = RedirectResponse(f"/{municipality}/policy/{policy}#skyldigheter", status_code=303)
    set_flash(request, response, said if read else "Inget var valt.")
    return response


def _ticks(fields: FormData) -> dict[str, str]:
    """Return the versions, by id, of the duties that are ticked."""
    return dict(str(each).partition(":")[::2] for each in fields.getlist("clear"))


def _page(
    request: Request, municipality: str, policy: str, errors: Mapping[str, str], ticks: Mapping[str, str] | None = None
) -> Response:
    """Show what is clear, ticked; with the `ticks` of a form only what they named as it still stands."""
    home = home_of(request)
    view = policy_view(home.database, municipality, policy, home.clock.now())
    plain = view.plain
    page = ConfirmPage(
        frame=framed(request, view.municipality, "policy"),
        view=view,
        clear=tuple((number, duty, context_of(view.policy, duty)) for number, duty in plain[:MOST_AT_ONCE]),
        left=max(len(plain) - MOST_AT_ONCE, 0),
        unticked={duty.duty_id for _, duty in plain if ticks is not None and ticks.get(duty.duty_id) != duty.version},
        errors=errors,
    )
    return shown(request, "policy_confirm.html", page, status=422 if errors else 200)
