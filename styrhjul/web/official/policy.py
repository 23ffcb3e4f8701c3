"""The policies, and one of them: what it states and what it does not, its text marked where it binds somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Protocol

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.policies.view import PolicyList, PolicyView, policy_list, policy_view
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_words
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.official.policy_words import Told, told

router = APIRouter()


class Spanned(Protocol):
    """Anything that stands somewhere in a text."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The first character after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a policy's text. Duties are numbered from 1: those that cover it, begin with it, and end with it."""

    text: str
    duties: tuple[tuple[int, Spanned], ...]
    begins: tuple[int, ...]
    ends: tuple[tuple[int, Spanned], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesPage(OfficialPage):
    """The list of policies."""

    view: PolicyList
    lead: str
    say: ModuleType = policy_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage(OfficialPage):
    """One policy, its text marked where it binds somebody."""

    view: PolicyView
    lead: str
    segments: tuple[Segment, ...]
    history: tuple[Told, ...]
    say: ModuleType = policy_words


@router.get("/{municipality}/policies")
def policies(request: Request, municipality: str) -> Response:
    """List the policies with what waits in each."""
    home = home_of(request)
    view = policy_list(home.database, municipality, home.clock.now())
    page = PoliciesPage(
        frame=framed(request, view.municipality, "policy"), view=view, lead=policy_words.list_lead(view.policies)
    )
    return shown(request, "policies.html", page)


@router.get("/{municipality}/policy/{policy}")
def policy(request: Request, municipality: str, policy: str) -> Response:
    """Show a policy with its duties where they stand."""
    home = home_of(request)
    view = policy_view(home.database, municipality, policy, home.clock.now())
    page = PolicyPage(
        frame=framed(request, view.municipality, "policy"),
        view=view,
        lead=policy_words.lead(view),
        segments=tuple(segments(view.policy.text, view.duties, [duty.number for duty in view.duties])),
        history=tuple(told(entry) for entry in view.entries),
    )
    return shown(request, "policy.html", page)


def segments(text: str, duties: Sequence[Spanned], numbers: Sequence[int] | None = None) -> Iterator[Segment]:
    """Yield the text in stretches, whole and in order; where duties overlap, a stretch belongs to each of them.

    Without `numbers` the duties are counted from 1.
    """
    numbered = tuple(zip(numbers or range(1, len(duties) + 1), duties, strict=True))
    cuts = sorted({0, len(text), *(duty.start for duty in duties), *(duty.end for duty in duties)})
    for start, end in pairwise(cuts):
        covering = tuple((number, duty) for number, duty in numbered if duty.start <= start and end <= duty.end)
        yield Segment(
            text=text[start:end],
            duties=covering,
            begins=tuple(number for number, duty in covering if duty.start == start),
            ends=tuple((number, duty) for number, duty in covering if duty.end == end),
        )
