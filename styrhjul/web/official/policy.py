"""One policy: what it states and what it does not, its text marked where it binds somebody, its rounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.db.overview_query import DutyLine
from styrhjul.services.overview import PolicyView, policy_view
from styrhjul.web.official.frame import OfficialPage, framed, home_of, shown

router = APIRouter()


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


@router.get("/{municipality}/policy/{policy}")
def policy(request: Request, municipality: str, policy: str) -> Response:
    """Show a policy with its duties where they stand."""
    home = home_of(request)
    view = policy_view(home.database, municipality, policy, home.clock.now())
    page = PolicyPage(
        frame=framed(request, view.municipality, "policy"),
        view=view,
        segments=tuple(segments(view.rounds.policy.text, view.rounds.policy.duties)),
    )
    return shown(request, "policy.html", page)


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
