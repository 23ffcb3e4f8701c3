"""What an answer is, and what makes one complete: goals, a follow-up or the outcome of a revision.

Nothing here knows of forms or tables. What is wrong comes back as sentences for the person who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from styrhjul.domain.lifecycle import Event
from styrhjul.domain.written import LONG, SHORT, faults_in, is_paragraph

#: What the program can show and print; no policy asks for as many.
MOST_GOALS = 12

#: A late answer may be corrected this long after it came.
CHANGE_DAYS = 14


def change_until(due_on: date, answered_on: date) -> date:
    """Return the last day an answer may be changed: the due day, or a while after an answer that came late."""
    return due_on if answered_on <= due_on else answered_on + timedelta(days=CHANGE_DAYS)


def goal_bounds(bounds: Iterable[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """Return the fewest and the most goals that satisfy every sentence; None = no sentence says.

    Where two sentences cannot both be satisfied the most demanding one decides, so that there is an answer.
    """
    given = list(bounds)
    fewest = max((low for low, _ in given if low is not None), default=None)
    most = [high for _, high in given if high is not None]
    if fewest is not None and most and min(most) < fewest:
        return fewest, max(fewest, *most)
    return fewest, min(most, default=None)


class Asked(StrEnum):
    """What a question asks for: the keys of the lifecycles that ask."""

    GOALS = "goal_setting"
    FOLLOW_UP = "follow_up"
    REVISION = "revision"


class Attainment(StrEnum):
    """How far a body came, by its own judgement."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"


class Outcome(StrEnum):
    """The three honest ends of a revision."""

    UNCHANGED = "unchanged"
    REVISE = "revise"
    REPEAL = "repeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalText:
    """One goal as written; only `text` must be there."""

    text: str
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    responsible: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is written."""
        return not (self.text or self.indicator or self.baseline or self.target or self.responsible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How it went: for one goal, or for the whole when `goal_id` is None. `attainment` None = nothing chosen."""

    goal_id: str | None
    attainment: Attainment | None
    analysis: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What every answer has: who signs, and the body's decision as far as it is known."""

    signed_by: str
    decided_on: date | None = None
    paragraph: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsAnswer(Signed):
    """The goals a body has decided, in order."""

    goals: tuple[GoalText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswer(Signed):
    """A year in the body's own judgement."""

    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionAnswer(Signed):
    """What becomes of the document. `outcome` None = nothing chosen."""

    outcome: Outcome | None
    comment: str = ""


Answer = GoalsAnswer | FollowUpAnswer | RevisionAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a complete answer must hold.

    `goal_ids` are the goals to judge, in order; empty = judge the year as a whole. `may_begin` tells whether a
    revision can still be noted as begun. `body` is the body's short Swedish word, as in "nämnden".
    """

    asked: Asked
    body: str
    goal_min: int = 1
    goal_max: int = MOST_GOALS
    goal_ids: tuple[str, ...] = ()
    may_begin: bool = True


@dataclass(frozen=True, slots=True)
class FieldError:
    """A Swedish sentence about one field, named as the form names it: `goals-0-text`, `decided_on`."""

    field: str
    message: str


def event_of(answer: Answer) -> Event:
    """Return what the answer does to its case: a revision promised but not yet decided is only begun."""
    if isinstance(answer, RevisionAnswer) and answer.outcome is Outcome.REVISE and answer.decided_on is None:
        return Event.BEGIN
    return Event.SUBMIT


def validate(answer: Answer, demand: Demand, today: date) -> tuple[FieldError, ...]:
    """Return what is wrong, in the order of the form; empty when the answer can be handed in."""
    if isinstance(answer, GoalsAnswer):
        content = _goal_faults(answer, demand)
    elif isinstance(answer, FollowUpAnswer):
        content = _judgement_faults(answer, demand)
    else:
        content = _revision_faults(answer, demand)
    return (*content, *_decision_faults(answer, today), *_signature_faults(answer.signed_by))


def _goal_faults(answer: GoalsAnswer, demand: Demand) -> Iterator[FieldError]:
    written = [(number, goal) for number, goal in enumerate(answer.goals) if not goal.is_blank]
    if len(written) < demand.goal_min:
        missing = next((n for n in range(len(answer.goals)) if answer.goals[n].is_blank), len(answer.goals))
        yield FieldError(f"goals-{missing}-text", _too_few(demand))
    if len(written) > demand.goal_max:
        most = "ett mål" if demand.goal_max == 1 else f"{demand.goal_max} mål"
        yield FieldError(f"goals-{written[demand.goal_max][0]}-text", f"Skriv högst {most}. Ta bort de andra")
    for number, goal in written:
        field = f"goals-{number}"
        yield from _required(f"{field}-text", goal.text, f"Skriv vad {demand.body} vill uppnå")
        for name in ("indicator", "baseline", "target", "responsible"):
            yield from _fit(f"{field}-{name}", getattr(goal, name), SHORT)


def _too_few(demand: Demand) -> str:
    if demand.goal_min == 1:
        return f"Skriv vad {demand.body} vill uppnå"
    return f"Skriv vad {demand.body} vill uppnå. Policyn kräver minst {demand.goal_min} mål"


def _judgement_faults(answer: FollowUpAnswer, demand: Demand) -> Iterator[FieldError]:
    expected: tuple[str | None, ...] = demand.goal_ids or (None,)
    if tuple(judgement.goal_id for judgement in answer.judgements) != expected:
        yield FieldError("judgements-0-attainment", "Målen har ändrats sedan sidan öppnades. Öppna länken igen")
        return
    for number, judgement in enumerate(answer.judgements):
        field = f"judgements-{number}"
        if judgement.attainment is None:
            yield FieldError(f"{field}-attainment", "Välj hur det gick")
        yield from _required(f"{field}-analysis", judgement.analysis, "Skriv hur det gick och varför")
        yield from _fit(f"{field}-next_step", judgement.next_step, LONG)


def _revision_faults(answer: RevisionAnswer, demand: Demand) -> Iterator[FieldError]:
    if answer.outcome is None:
        yield FieldError("outcome", "Välj vad som ska hända med dokumentet")
        return
    yield from _required("comment", answer.comment, "Skriv en mening om varför")
    if event_of(answer) is Event.BEGIN and not demand.may_begin:
        yield FieldError(
            "outcome", "Ett beslut är redan inlämnat. Be kansliet öppna ärendet igen om dokumentet ska revideras"
        )
    if answer.outcome is not Outcome.REVISE and answer.decided_on is None:
        yield FieldError("decided_on", "Skriv vilken dag beslutet fattades")


def _decision_faults(answer: Signed, today: date) -> Iterator[FieldError]:
    if answer.decided_on is not None and answer.decided_on > today:
        yield FieldError("decided_on", f"Beslutets dag kan inte vara efter i dag, {today.isoformat()}")
    if answer.paragraph is None:
        return
    if not is_paragraph(answer.paragraph):
        yield FieldError("paragraph", "Skriv paragrafen som 82")
    elif answer.decided_on is None:
        yield FieldError("decided_on", "Skriv vilken dag beslutet fattades, eller ta bort paragrafen")


def _signature_faults(signed_by: str) -> Iterator[FieldError]:
    yield from _required("signed_by", signed_by, "Skriv ditt namn", at_most=SHORT)
    if signed_by.strip() and not any(character.isalpha() for character in signed_by):
        yield FieldError("signed_by", "Skriv ditt namn med bokstäver")


def _required(field: str, text: str, otherwise: str, *, at_most: int = LONG) -> Iterator[FieldError]:
    if not text.strip():
        yield FieldError(field, otherwise)
    else:
        yield from _fit(field, text, at_most)


def _fit(field: str, text: str, at_most: int) -> Iterator[FieldError]:
    yield from (FieldError(field, fault) for fault in faults_in(text, at_most))
