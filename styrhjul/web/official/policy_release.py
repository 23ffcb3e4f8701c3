"""Letting the mails about a policy leave, after the coming year has been seen; and who owns it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.domain.months import MONTHS
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.overview.forecast import ForecastLine
from styrhjul.services.policies.duty_decide import NoSuchPolicy
from styrhjul.services.policies.owner import OwnerRefused, choose_owner
from styrhjul.services.policies.release import (
    Load,
    NothingToRelease,
    NotLive,
    Release,
    preview_release,
    release_policies,
)
from styrhjul.services.policies.view import OwnerView, owner_view
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.permission import posted
from styrhjul.web.session import set_flash

router = APIRouter()
Fields = Annotated[FormData, Depends(posted)]
#: So many of the first mails are named one by one.
FIRST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTable:
    """The load as it is drawn: a row for each body with a count for each month, and the sums."""

    months: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage(OfficialPage):
    """What would leave; `release` is None where the policy is released already, or cannot be, and `why` says so."""

    view: OwnerView
    release: Release | None
    table: LoadTable
    first: tuple[ForecastLine, ...] = ()
    why: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPage(OfficialPage):
    """The choice of an owner."""

    view: OwnerView
    errors: dict[str, str]


@router.get("/{municipality}/policy/{policy}/release")
def preview(request: Request, municipality: str, policy: str) -> Response:
    """Show the load and the first mails of the next twelve months; nothing leaves."""
    return _page(request, owner_view(home_of(request).database, municipality, policy))


@router.post("/{municipality}/policy/{policy}/release")
def release(request: Request, municipality: str, policy: str, fields: Fields) -> Response:
    """Let the mails leave, for somebody who says that they have seen the forecast."""
    home = home_of(request)
    view = owner_view(home.database, municipality, policy)
    if fields.get("seen") != "yes":
        return _page(request, view, {"seen": "Kryssa i att du har läst prognosen."})
    try:
        release_policies(
            home.database,
            view.municipality.municipality_id,
            [policy],
            home.clock.now(),
            by=actor_of(request).name,
        )
    except NotLive as refused:
        return _page(request, view, {"seen": str(refused)})
    except NothingToRelease:
        return _to_policy(request, view, "Mejlen var redan släppta.")
    return _to_policy(request, view, "Mejlen är släppta. De första lämnar nästa gång posten går.")


@router.get("/{municipality}/policy/{policy}/owner")
def owner(request: Request, municipality: str, policy: str) -> Response:
    """Show who could own the policy."""
    return _owner_page(request, owner_view(home_of(request).database, municipality, policy), {})


@router.post("/{municipality}/policy/{policy}/owner")
def choose(request: Request, municipality: str, policy: str, fields: Fields) -> Response:
    """Let a post own the policy."""
    home = home_of(request)
    view = owner_view(home.database, municipality, policy)
    try:
        choose_owner(
            home.database,
            view.municipality.municipality_id,
            policy,
            str(fields.get("post", "")),
            by=actor_of(request).name,
            now=home.clock.now(),
        )
    except NoSuchPolicy:
        raise NotHere from None
    except OwnerRefused as refused:
        return _owner_page(request, view, {"post": str(refused)})
    return _to_policy(request, view, "Dokumentansvarig är vald.")


def load_table(load: Iterable[Load]) -> LoadTable:
    """Return the load by body and month; every month between the first and the last stands there."""
    lines = list(load)
    months = _between(sorted({line.month for line in lines}))
    counts = {(line.body, line.month): line.notices for line in lines}
    rows = tuple(
        (body, numbers, sum(numbers))
        for body in sorted({line.body for line in lines})
        for numbers in [tuple(counts.get((body, month), 0) for month in months)]
    )
    named = tuple((f"{MONTHS[int(month[5:]) - 1][:3]}", month[:4]) for month in months)
    return LoadTable(months=named, rows=rows, total=sum(total for *_, total in rows))


def _between(months: list[str]) -> list[str]:
    if not months:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (months[0], months[-1]))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _page(request: Request, view: OwnerView, errors: dict[str, str] | None = None) -> Response:
    home = home_of(request)
    found, why = None, ""
    try:
        found = preview_release(home.database, view.municipality.municipality_id, [view.policy.slug], home.clock.now())
    except NotLive as refused:
        why = str(refused)
    except NothingToRelease:
        why = "Mejlen om dokumentet är redan släppta, eller så är det upphävt."
    page = ReleasePage(
        frame=framed(request, view.municipality, "policy"),
        view=view,
        release=found,
        table=load_table(found.load if found else ()),
        first=tuple(sorted(found.lines, key=lambda line: line.on)[:FIRST_SHOWN]) if found else (),
        why=why,
        errors=errors or {},
    )
    return shown(request, "policy_release.html", page, status=422 if errors else 200)


def _owner_page(request: Request, view: OwnerView, errors: dict[str, str]) -> Response:
    page = OwnerPage(frame=framed(request, view.municipality, "policy"), view=view, errors=errors)
    return shown(request, "policy_owner.html", page, status=422 if errors else 200)


def _to_policy(request: Request, view: OwnerView, said: str) -> Response:
    response = RedirectResponse(f"/{view.municipality.slug}/policy/{view.policy.slug}", status_code=303)
    set_flash(request, response, said)
    return response
