"""What has gone up to the chief executive: one decision each, nothing chosen beforehand; and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.domain.act import Act
from styrhjul.domain.decision import MadeDecision
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.status import Status
from styrhjul.mail.swedish import inside, listed, number, start, the_office
from styrhjul.services.cases.desk import OFFERED, Desk, WentUp, desk_of
from styrhjul.services.cases.view import case_head
from styrhjul.services.decision_words import decision_sentence
from styrhjul.services.words import rung_word
from styrhjul.web.answering.owing import owed
from styrhjul.web.home import home_of
from styrhjul.web.official.case_act import FROM_DECISIONS, reviewed
from styrhjul.web.official.case_form import Typed, typed_in
from styrhjul.web.official.case_words import OFFERS
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.permission import posted

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsPage(OfficialPage):
    """The desk. `typed` and `errors` are those of the form of `tried`, the case somebody has just decided about."""

    desk: Desk
    offers: dict[Act, tuple[str, str]]
    tried: str
    typed: Typed
    errors: tuple[FieldError, ...]

    @property
    def messages(self) -> dict[str, str]:
        """The first error of each field."""
        return {error.field: error.message for error in reversed(self.errors)}

    #: How a case stands whose note says that it is seen.
    with_top: ClassVar[Status] = Status.WITH_CHIEF_EXECUTIVE

    def heading(self, went_up: WentUp) -> str:
        """Return what is missing; of whom, too, where an office answers in the place of many bodies."""
        case = went_up.case
        said = owed(case, self.desk.municipality.chief_executive_title, self.desk.today)
        is_named = case.holder is Holder.CHIEF_EXECUTIVE or inside(case.body_name).casefold() in said.casefold()
        return said if is_named else f"{said}: {inside(case.body_name)}"

    @property
    def summary(self) -> str:
        """Return how many are new, and how many rest on each policy."""
        new = self.desk.new
        every = listed([f"{title or 'utan styrdokument'}: {count}" for title, count in self.desk.by_policy])
        told = f"{start(number(new))} gick upp den här veckan." if new else "Inget av dem är nytt den här veckan."
        return f"{told} {start(every)}."

    def told(self, went_up: WentUp) -> list[tuple[date, str]]:
        """Return who was told of a case, step by step: the day, and the step with its offices; the due day among."""
        steps: dict[tuple[date, str], list[str]] = {}
        for step in went_up.steps:
            steps.setdefault((step.on, step.rung), []).append(the_office(step.office))
        told = [(on, f"{rung_word(rung)}: {listed(dict.fromkeys(who))}") for (on, rung), who in steps.items()]
        return sorted([*told, (went_up.case.due_on, "Fristen gick ut")], key=lambda row: row[0])

    def sentence(self, made: MadeDecision) -> str:
        """Return what was decided."""
        return decision_sentence(made)


@router.get("/{municipality}/decisions")
def decisions(request: Request, municipality: str) -> Response:
    """Show what waits for a decision."""
    return _shown(request, municipality)


@router.post("/{municipality}/decisions/{case_id}")
def choose(request: Request, municipality: str, case_id: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Show what the chosen decision would change; a form without a choice, a reason or a day comes back as it was."""
    home = home_of(request)
    view = case_head(home.database, municipality, case_id, home.clock.now())
    typed = typed_in(fields)
    if typed.act in set(Act) - set(OFFERED):
        typed = Typed(until=typed.until, to=typed.to, reason=typed.reason, seen=typed.seen)
    found = reviewed(request, view, typed, came_from=FROM_DECISIONS)
    if isinstance(found, Response):
        return found
    return _shown(request, municipality, tried=case_id, typed=typed, errors=found)


def _shown(
    request: Request,
    municipality: str,
    *,
    tried: str = "",
    typed: Typed | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response:
    home = home_of(request)
    desk = desk_of(home.database, municipality, home.clock.now())
    frame = framed(request, desk.municipality, "decisions")
    page = DecisionsPage(
        frame=frame,
        desk=desk,
        offers=OFFERS,
        tried=tried,
        typed=typed or Typed(),
        # Every form of the page has the same fields: the case's own stand in its address.
        errors=tuple(FieldError(f"{error.field}-{tried[:8]}", error.message) for error in errors),
    )
    return shown(request, "decisions.html", page, status=422 if errors else 200)
