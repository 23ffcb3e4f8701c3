"""Deciding about a case: a form, a review that shows the effect, and the decision itself, signed by whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.domain.act import Act
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.api.publication import becomes_public
from styrhjul.services.cases.act import Effect, Wanted, preview_act, take
from styrhjul.services.cases.choice import Choices, choices_for
from styrhjul.services.cases.decision import CaseAt, CaseChanged, Decision, DecisionRefused
from styrhjul.services.cases.view import CaseHead, case_head
from styrhjul.web.home import home_of
from styrhjul.web.official.case_form import Typed, refused_field, typed_in, wanted_of
from styrhjul.web.official.case_words import ACTS, DAYS, DONE, MEANINGS, PUBLIC_NOW, effects, mail_rows
from styrhjul.web.official.frame import Frame, OfficialPage, framed, shown
from styrhjul.web.permission import posted
from styrhjul.web.session import set_flash
from styrhjul.web.timeline import Happening, told_since

router = APIRouter()
#: What a form says of itself when it was sent from the chief executive's page.
FROM_DECISIONS = "decisions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage(OfficialPage):
    """The form of one act. `messages` are the errors by field."""

    view: CaseHead
    act: Act
    word: str
    meaning: str
    day_word: str
    choices: Choices
    typed: Typed
    errors: tuple[FieldError, ...]

    @property
    def messages(self) -> dict[str, str]:
        """The first error of each field."""
        return {error.field: error.message for error in reversed(self.errors)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(OfficialPage):
    """What would change. `mails` are rows of a day, a step, whom it goes to and what is new."""

    view: CaseHead
    act: Act
    word: str
    typed: Typed
    to_word: str
    told: tuple[str, ...]
    mails: tuple[tuple[str, str, str, str], ...]
    came_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPage(OfficialPage):
    """Somebody else was first: what they did, and what this reader had typed."""

    view: CaseHead
    act: Act
    word: str
    typed: Typed
    since: tuple[Happening, ...]


@router.get("/{municipality}/case/{case_id}/act/{act}")
def form(request: Request, municipality: str, case_id: str, act: Act) -> Response:
    """Show the form of one act, nothing chosen in it."""
    view = _view(request, municipality, case_id)
    return _form(request, view, act, Typed(act=act, seen=view.seen))


@router.post("/{municipality}/case/{case_id}/act/{act}")
def review(
    request: Request, municipality: str, case_id: str, act: Act, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Show what the decision would change, before it is made; changes nothing."""
    view = _view(request, municipality, case_id)
    typed = typed_in(fields, act)
    if fields.get("edit"):
        return _form(request, view, act, typed)
    found = reviewed(request, view, typed, came_from=str(fields.get("from", "")))
    return found if isinstance(found, Response) else _form(request, view, act, typed, found)


@router.post("/{municipality}/case/{case_id}/act/{act}/done")
def done(
    request: Request, municipality: str, case_id: str, act: Act, fields: Annotated[FormData, Depends(posted)]
) -> Response:
    """Make the decision and go back to where it was begun; pressed twice it is made once."""
    view = _view(request, municipality, case_id)
    typed = typed_in(fields, act)
    wanted, faults = wanted_of(typed)
    if wanted is None:
        return _form(request, view, act, typed, faults)
    home, frame = home_of(request), framed(request, view.municipality, "case")
    try:
        take(home.database, at_of(view, typed), wanted, decision_of(frame, typed), home.clock.now())
    except CaseChanged as changed:
        return _changed(request, view, typed, changed)
    except DecisionRefused as refused:
        return _form(request, view, act, typed, _refused(act, refused))
    back = "decisions" if fields.get("from") == FROM_DECISIONS else f"case/{view.case.case_id}"
    response = RedirectResponse(f"/{view.municipality.slug}/{back}", status_code=303)
    set_flash(request, response, DONE[act])
    return response


def reviewed(
    request: Request, view: CaseHead, typed: Typed, *, came_from: str = ""
) -> Response | tuple[FieldError, ...]:
    """Return the page that shows what a decision would change, or that somebody was first; else what is wrong."""
    wanted, faults = wanted_of(typed)
    if wanted is None:
        return faults
    home, frame = home_of(request), framed(request, view.municipality, "case")
    try:
        effect = preview_act(home.database, at_of(view, typed), wanted, decision_of(frame, typed), home.clock.now())
    except CaseChanged as changed:
        return _changed(request, view, typed, changed)
    except DecisionRefused as refused:
        return _refused(wanted.act, refused)
    return shown(request, "case_review.html", _review(request, frame, view, typed, wanted, effect, came_from))


def at_of(view: CaseHead, typed: Typed) -> CaseAt:
    """Return the case as whoever decides had seen it."""
    return CaseAt(view.municipality.municipality_id, view.case.case_id, seen=typed.seen)


def decision_of(frame: Frame, typed: Typed) -> Decision:
    """Return who decides and why."""
    return Decision(by=frame.actor.name, reason=typed.reason)


def _view(request: Request, municipality: str, case_id: str) -> CaseHead:
    home = home_of(request)
    return case_head(home.database, municipality, case_id, home.clock.now())


def _form(request: Request, view: CaseHead, act: Act, typed: Typed, errors: Sequence[FieldError] = ()) -> Response:
    if act not in view.acts and not errors:
        raise HTTPException(404)
    home = home_of(request)
    page = ActPage(
        frame=framed(request, view.municipality, "case"),
        view=view,
        act=act,
        word=ACTS[act],
        meaning=_meaning(request, view, act),
        day_word=DAYS.get(act, ""),
        choices=choices_for(home.database, view.municipality.municipality_id, view.case.case_id, act, view.today),
        typed=typed,
        errors=tuple(errors),
    )
    return shown(request, "case_act.html", page, status=422 if errors else 200)


def _meaning(request: Request, view: CaseHead, act: Act) -> str:
    """Return what an act means; who lets anybody read an answer is told so."""
    at = (view.municipality.municipality_id, view.case.lifecycle)
    is_opening = act is Act.APPROVE and becomes_public(home_of(request).database, *at)
    return f"{MEANINGS[act]} {PUBLIC_NOW}" if is_opening else MEANINGS[act]


def _review(  # noqa: PLR0917 - who asks, about what, what they want and what it does
    request: Request, frame: Frame, view: CaseHead, typed: Typed, wanted: Wanted, effect: Effect, came_from: str
) -> ReviewPage:
    home = home_of(request)
    offices = choices_for(home.database, view.municipality.municipality_id, view.case.case_id, wanted.act, view.today)
    words = {choice.value: choice.word for choice in (*offices.offices, *offices.bodies)}
    return ReviewPage(
        frame=frame,
        view=view,
        act=wanted.act,
        word=ACTS[wanted.act],
        typed=typed,
        to_word=", ".join(words.get(each, each) for each in (wanted.to, *wanted.bodies) if each),
        told=tuple(effects(wanted.act, effect, view.today)),
        mails=tuple(mail_rows(effect.mails, view.today)),
        came_from=FROM_DECISIONS if came_from == FROM_DECISIONS else "",
    )


def _refused(act: Act, refused: DecisionRefused) -> tuple[FieldError, ...]:
    return (FieldError(refused_field(act, str(refused)), str(refused)),)


def _changed(request: Request, view: CaseHead, typed: Typed, changed: CaseChanged) -> Response:
    act = Act(typed.act)
    page = ChangedPage(
        frame=framed(request, view.municipality, "case"),
        view=view,
        act=act,
        word=ACTS[act],
        typed=typed,
        since=tuple(told_since(view, changed.since)),
    )
    return shown(request, "case_changed.html", page, status=409)
