"""Deciding about a duty: it holds, it says something else, it is none, or it was overlooked and is added by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.documents import ONLY_EXISTING_PLANS
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.domain.written import tidy
from styrhjul.services.cases.decision import Decision
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.policies.duty_decide import (
    Addition,
    DutyAt,
    NoSuchDuty,
    NoSuchPolicy,
    TermsRefused,
    add_duty,
    confirm_duty,
    correct_duty,
    reject_duty,
    terms_of,
)
from styrhjul.services.policies.duty_place import NotInText, Place, StandsTwice
from styrhjul.services.policies.duty_terms import DutyRefused, Terms, TermsFault
from styrhjul.services.policies.view import DutyView, duty_view
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official import policy_words
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.permission import posted
from styrhjul.web.session import set_flash

router = APIRouter()
Fields = Annotated[FormData, Depends(posted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPage(OfficialPage):
    """A duty and the forms to decide about it, with what was typed. `faults` hold the words beside each field."""

    view: DutyView
    typed: Mapping[str, str]
    bodies: frozenset[str]
    faults: tuple[TermsFault, ...] = ()
    places: tuple[Place, ...] = ()
    #: How far one has come who goes through what waits; "" for whoever looks at this one alone.
    walk: str = ""
    say: ModuleType = policy_words

    @property
    def errors(self) -> dict[str, str]:
        """The faults by their fields, the first of each."""
        return {fault.field: fault.message for fault in reversed(self.faults)}


@dataclass(frozen=True, slots=True)
class _Where:
    """The addresses of one request."""

    request: Request
    municipality: str
    policy: str
    duty: str | None = None
    municipality_id: str = field(default="")
    walks: bool = False

    def at(self, fields: FormData) -> DutyAt:
        return DutyAt(
            municipality_id=self.municipality_id, duty_id=self.duty or "", version=_text(fields, "version") or "-"
        )


@router.get("/{municipality}/policy/{policy}/duty")
def new(request: Request, municipality: str, policy: str) -> Response:
    """Show the form to add a duty."""
    where = _Where(request, municipality, policy)
    return _page(where, _view(where), {"holder": Holder.BODY.value}, frozenset())


@router.get("/{municipality}/policy/{policy}/duty/{duty}")
def one(request: Request, municipality: str, policy: str, duty: str) -> Response:
    """Show a duty with the forms to decide about it."""
    where = _Where(request, municipality, policy, duty, walks="walk" in request.query_params)
    view = _view(where)
    return _page(where, view, *_as_it_stands(view))


@router.post("/{municipality}/policy/{policy}/duty/{duty}/confirm")
def confirm(request: Request, municipality: str, policy: str, duty: str, fields: Fields) -> Response:
    """Confirm a duty as it stands."""
    home = home_of(request)
    where = _located(_Where(request, municipality, policy, duty))
    by = actor_of(request).name
    return _decided(
        where,
        fields,
        lambda: confirm_duty(home.database, where.at(fields), by=by, now=home.clock.now()),
        "Skyldigheten är bekräftad.",
    )


@router.post("/{municipality}/policy/{policy}/duty/{duty}/correct")
def correct(request: Request, municipality: str, policy: str, duty: str, fields: Fields) -> Response:
    """Correct a duty, and stand behind it."""
    home = home_of(request)
    where = _located(_Where(request, municipality, policy, duty))
    said = _decision(request, fields)
    return _decided(
        where,
        fields,
        lambda: correct_duty(home.database, where.at(fields), _terms(fields), decision=said, now=home.clock.now()),
        "Skyldigheten är rättad och bekräftad. Ärenden som redan är öppna behåller sin frist.",
    )


@router.post("/{municipality}/policy/{policy}/duty/{duty}/reject")
def reject(request: Request, municipality: str, policy: str, duty: str, fields: Fields) -> Response:
    """Reject a duty with a reason."""
    home = home_of(request)
    where = _located(_Where(request, municipality, policy, duty))
    said = Decision(by=actor_of(request).name, reason=_text(fields, "why") or "")
    return _decided(
        where,
        fields,
        lambda: reject_duty(home.database, where.at(fields), decision=said, now=home.clock.now()),
        "Skyldigheten är avvisad.",
    )


@router.post("/{municipality}/policy/{policy}/duty")
def add(request: Request, municipality: str, policy: str, fields: Fields) -> Response:
    """Add a duty with its quote."""
    home = home_of(request)
    where = _located(_Where(request, municipality, policy))
    place = _text(fields, "place") or ""
    start = int(place) if place.isascii() and place.isdigit() and len(place) < 9 else None
    addition = Addition(policy_slug=policy, quote=str(fields.get("quote", "")), start=start)
    said = _decision(request, fields)
    return _decided(
        where,
        fields,
        lambda: add_duty(
            home.database, where.municipality_id, addition, _terms(fields), decision=said, now=home.clock.now()
        ),
        "Skyldigheten är tillagd.",
    )


def _decided(where: _Where, fields: FormData, decide: Callable[[], object], said: str) -> Response:
    """Decide and go back to the policy; a refusal is shown on the same page with what was typed."""
    where = replace(where, walks=where.duty is not None and "walk" in fields)
    following = _view(where).following if where.walks else None
    try:
        decide()
    except (NoSuchDuty, NoSuchPolicy):
        raise NotHere from None
    except StandsTwice as twice:
        return _refused(where, fields, (TermsFault("place", str(twice)),), twice.places)
    except NotInText as missing:
        return _refused(where, fields, (TermsFault("quote", str(missing)),))
    except TermsRefused as refused:
        return _refused(where, fields, refused.faults)
    except DutyRefused as refused:
        name = "why" if refused.field == "reason" else refused.field
        return _refused(where, fields, (TermsFault(name or "duty", str(refused)),))
    return _back(where, said, following)


def _refused(
    where: _Where, fields: FormData, faults: tuple[TermsFault, ...], places: tuple[Place, ...] = ()
) -> Response:
    view = _view(where)
    typed, bodies = _typed(fields), frozenset(str(each) for each in fields.getlist("bodies"))
    if "modality" not in fields and view.duty is not None:  # another of the page's forms was sent
        standing, bodies = _as_it_stands(view)
        typed = {**standing, "why": typed.get("why", "")}
    return _page(where, view, typed, bodies, faults=faults, places=places, status=422)


def _page(
    where: _Where,
    view: DutyView,
    typed: Mapping[str, str],
    bodies: frozenset[str],
    *,
    faults: tuple[TermsFault, ...] = (),
    places: tuple[Place, ...] = (),
    status: int = 200,
) -> Response:
    page = DutyPage(
        frame=framed(where.request, view.municipality, "policy"),
        view=view,
        typed=typed,
        bodies=bodies,
        faults=faults,
        places=places,
        walk=_progress(view) if where.walks else "",
    )
    return shown(where.request, "policy_duty.html", page, status=status)


def _view(where: _Where) -> DutyView:
    home = home_of(where.request)
    return duty_view(home.database, where.municipality, where.policy, where.duty, home.clock.now())


def _located(where: _Where) -> _Where:
    """Return the addresses with the municipality's id; a duty has to be one of this policy. Raises NotHere."""
    if where.duty is not None:
        _view(where)
    line = municipality_by(home_of(where.request).database, where.municipality)
    return replace(where, municipality_id=line.municipality_id)


def _back(where: _Where, said: str, following: str | None) -> Response:
    """Go back to the policy; for whoever goes through what waits, on to the next of it, and to its heading."""
    page = f"/{where.municipality}/policy/{where.policy}"
    place = f"{page}/duty/{following}?walk=yes#duty" if following else f"{page}#skyldigheter"
    response = RedirectResponse(place, status_code=303)
    set_flash(where.request, response, said)
    return response


def _progress(view: DutyView) -> str:
    return f"{len(view.waiting)} av {view.total} kvar." if view.waiting else "Inget mer väntar."


# -- what was typed --------------------------------------------------------------------------------------------------


def _as_it_stands(view: DutyView) -> tuple[dict[str, str], frozenset[str]]:
    if view.duty is None:
        return {}, frozenset()
    terms = terms_of(view.duty, view.duty.body_ids)
    of_plans = terms.condition == ONLY_EXISTING_PLANS
    values = {
        "modality": terms.modality.value,
        "action_kind": terms.action_kind.value,
        "holder": terms.holder.value,
        "actor": terms.actor,
        "recurrence": terms.recurrence,
        "deadline": terms.deadline,
        "goal_min": terms.goal_min,
        "goal_max": terms.goal_max,
        "condition": None if of_plans else terms.condition,
        "plans": "yes" if of_plans else None,
    }
    return {name: str(value) for name, value in values.items() if value is not None}, frozenset(terms.body_ids)


def _typed(fields: FormData) -> dict[str, str]:
    return {name: value for name, value in fields.items() if isinstance(value, str) and name != "csrf"}


def _decision(request: Request, fields: FormData) -> Decision:
    return Decision(by=actor_of(request).name, reason=_text(fields, "reason") or "")


def _terms(fields: FormData) -> Terms:
    """Return what the form says. Raises TermsRefused for a choice that was not made."""
    chosen = {name: str(fields.get(name, "")) for name in ("modality", "action_kind", "holder")}
    known = {"modality": Modality, "action_kind": ActionKind, "holder": Holder}
    asked = {"modality": "Välj styrka.", "action_kind": "Välj vad meningen kräver.", "holder": "Välj vem som svarar."}
    faults = [TermsFault(name, asked[name]) for name, value in chosen.items() if value not in set(known[name])]
    numbers = {name: _text(fields, name) for name in ("goal_min", "goal_max")}
    faults += [TermsFault(name, "Skriv antalet med siffror.") for name, text in numbers.items() if not _is_count(text)]
    if faults:
        raise TermsRefused(faults)
    return Terms(
        modality=Modality(chosen["modality"]),
        action_kind=ActionKind(chosen["action_kind"]),
        holder=Holder(chosen["holder"]),
        actor=_text(fields, "actor"),
        body_ids=tuple(sorted({str(each) for each in fields.getlist("bodies")})),
        recurrence=_text(fields, "recurrence"),
        deadline=_text(fields, "deadline"),
        goal_min=int(numbers["goal_min"]) if numbers["goal_min"] else None,
        goal_max=int(numbers["goal_max"]) if numbers["goal_max"] else None,
        condition=ONLY_EXISTING_PLANS if fields.get("plans") else _text(fields, "condition"),
    )


def _is_count(text: str | None) -> bool:
    return text is None or (text.isascii() and text.isdigit() and len(text) < 4)


def _text(fields: FormData, name: str) -> str | None:
    """Return what was typed, tidied; None for nothing."""
    value = fields.get(name)
    return tidy(value) or None if isinstance(value, str) else None
