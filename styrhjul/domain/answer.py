"""What an answer is: one kind for each lifecycle that asks, and what a complete one must hold.

Nothing here knows of forms or tables. `domain.completeness` says in words what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from styrhjul.domain.lifecycle import ANSWERED_STATES, Event, State
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey

#: What the program can show and print; no policy asks for as many goals, plans or projects.
MOST_GOALS = 12
MOST_PLANS = 12
MOST_PROJECTS = 40

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


#: Answers that a body decides at a meeting: its day and § belong to them, and may follow.
DECIDED = frozenset({LifecycleKey.GOAL_SETTING, LifecycleKey.FOLLOW_UP, LifecycleKey.REVISION, LifecycleKey.REFERRAL})


class Attainment(StrEnum):
    """How far a body came, by its own judgement."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"


class Trend(StrEnum):
    """Which way the measured value goes, by the body's own judgement."""

    RISING = "rising"
    UNCHANGED = "unchanged"
    FALLING = "falling"
    MISSING = "missing"


class Better(StrEnum):
    """Which way is the good one, as the goal itself says it."""

    HIGHER = "higher"
    LOWER = "lower"


def goes_well(trend: Trend | None, better: Better | None) -> bool | None:
    """Tell whether a trend goes the goal's way; None where it goes no way, or the goal does not say which is good."""
    if trend not in {Trend.RISING, Trend.FALLING} or better is None:
        return None
    return (trend is Trend.RISING) is (better is Better.HIGHER)


class Outcome(StrEnum):
    """The three honest ends of a revision."""

    UNCHANGED = "unchanged"
    REVISE = "revise"
    REPEAL = "repeal"


class Planning(StrEnum):
    """Whether there are action plans."""

    PLANS = "plans"
    NO_PLAN = "no_plan"


class Projects(StrEnum):
    """Whether there were projects to follow up."""

    PROJECTS = "projects"
    NO_PROJECTS = "no_projects"


class Compilation(StrEnum):
    """How far the section of the annual report has come."""

    COMPILED = "compiled"
    HANDED_OVER = "handed_over"


class Opinion(StrEnum):
    """What a body says of a draft."""

    SUPPORTS = "supports"
    SUPPORTS_WITH_REMARKS = "supports_with_remarks"
    REJECTS = "rejects"
    ABSTAINS = "abstains"


class Currency(StrEnum):
    """Whether a document still holds."""

    CURRENT = "current"
    NEEDS_REVISION = "needs_revision"
    SHOULD_BE_REPEALED = "should_be_repealed"


class Handover(StrEnum):
    """That the list of who holds a body's offices is right."""

    CONFIRMED = "confirmed"  # where it is wrong the list is mended, and that is the answer


#: What can be chosen, by question; the values differ between all of them.
CHOICES: dict[LifecycleKey, type[StrEnum]] = {
    LifecycleKey.ACTION_PLANNING: Planning,
    LifecycleKey.PROJECT_FOLLOW_UP: Projects,
    LifecycleKey.ANNUAL_REPORT: Compilation,
    LifecycleKey.REVISION: Outcome,
    LifecycleKey.REFERRAL: Opinion,
    LifecycleKey.CURRENCY_REVIEW: Currency,
    LifecycleKey.HANDOVER: Handover,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalText:
    """One goal as written; only `text` must be there. `better` says which way its indicator should go."""

    text: str
    indicator: str = ""
    better: Better | None = None
    baseline: str = ""
    target: str = ""
    responsible: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is written."""
        return not (self.text or self.indicator or self.better or self.baseline or self.target or self.responsible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How it went: for one goal, or for the whole when `goal_id` is None. `attainment` None = nothing chosen.

    `result` is what was measured, in the indicator's own terms; neither it nor the trend must be given.
    """

    goal_id: str | None
    attainment: Attainment | None
    analysis: str
    next_step: str = ""
    result: str = ""
    trend: Trend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanText:
    """One action plan as written. `known_id` is the plan it was shown as; `holds` whether that one still does.

    `holds` None = nothing chosen; of a plan that is new there is nothing to choose.
    """

    title: str
    decided_on: date | None = None
    responsible: str = ""
    known_id: str | None = None
    holds: bool | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is written."""
        return not (self.title or self.decided_on or self.responsible or self.known_id)

    @property
    def is_named(self) -> bool:
        """Whether the answer says that there is this plan."""
        return not self.is_blank and (self.known_id is None or self.holds is True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectText:
    """One project or activity, with how it went. `attainment` None = nothing chosen."""

    title: str
    responsible: str = ""
    attainment: Attainment | None = None
    analysis: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is written."""
        return not (self.title or self.responsible or self.attainment or self.analysis)


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
    """A period in the body's own judgement."""

    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansAnswer(Signed):
    """The action plans there are, or that there is none. `outcome` None = nothing chosen, here and below."""

    outcome: Planning | None
    plans: tuple[PlanText, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectsAnswer(Signed):
    """The year's projects and activities, or that there were none and why."""

    outcome: Projects | None
    projects: tuple[ProjectText, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswer(Signed):
    """How far the section of the annual report has come; `decided_on` is the day it was handed over."""

    outcome: Compilation | None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionAnswer(Signed):
    """What becomes of the document.

    `decided_by` is the key of the body that decided, as `Demand.deciders` lists them; `replaces` names the edition
    that a new one takes the place of, as `Demand.editions` does.
    """

    outcome: Outcome | None
    comment: str = ""
    decided_by: str | None = None
    diary_number: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswer(Signed):
    """What a body thinks of a draft."""

    outcome: Opinion | None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyAnswer(Signed):
    """Whether the document is current: a suggestion, which opens nothing by itself."""

    outcome: Currency | None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverAnswer(Signed):
    """That the list of who holds the body's offices is right."""

    outcome: Handover | None
    comment: str = ""


Chosen = PlansAnswer | ProjectsAnswer | ReportAnswer | RevisionAnswer | ReferralAnswer | CurrencyAnswer | HandoverAnswer
Answer = GoalsAnswer | FollowUpAnswer | Chosen


#: How high a body stands; everybody else is a committee, and stands between.
_RANKS = {BodyKind.COUNCIL: 3, BodyKind.EXECUTIVE_BOARD: 2, BodyKind.ADMINISTRATION: 0, BodyKind.UNIT: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Who can be said to have decided about a document: a body, or an official when `key` is `official`."""

    key: str
    name: str
    kind: BodyKind
    is_adopter: bool = False

    @property
    def rank(self) -> int:
        """How high it stands: council, executive board, committee, official (3 to 0)."""
        return _RANKS.get(self.kind, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a complete answer must hold.

    `goal_ids` are the goals to judge, in order; empty = judge the period as a whole. `may_begin` tells whether work
    can still be noted as begun. `may_decline` tells whether "no plan" is an answer: where the text says *kan* or
    *bör*. `vacant` names the offices of which at least one must be held, while none is. `body` is the body's short
    Swedish word, as in "nämnden".
    """

    asked: LifecycleKey
    body: str
    goal_min: int = 1
    goal_max: int = MOST_GOALS
    goal_ids: tuple[str, ...] = ()
    may_begin: bool = True
    may_decline: bool = False
    plan_ids: tuple[str, ...] = ()
    deciders: tuple[Decider, ...] = ()
    editions: tuple[str, ...] = ()
    vacant: tuple[str, ...] = ()

    @property
    def adopter(self) -> Decider | None:
        """Who adopted the document, as far as it is known here."""
        return next((decider for decider in self.deciders if decider.is_adopter), None)


def stands(state: State, *, has_answer: bool) -> bool:
    """Tell whether a case is answered: something was handed in, and nobody has sent it back.

    Word that work has begun is no answer yet, and a handover that the list of officials settled has none.
    """
    return has_answer and state in ANSWERED_STATES


def is_sent_back(state: State, outcome: str | None, decided_on: date | None) -> bool:
    """Tell whether the last thing that came in to a case was sent back, with nothing in its place: it counts no more.

    `outcome` and `decided_on` are its own. Word that work has begun cannot be sent back.
    """
    return not stands(state, has_answer=True) and not only_begins(outcome, decided_on)


def event_of(answer: Answer) -> Event:
    """Return what the answer does to its case."""
    begins = isinstance(answer, RevisionAnswer | ReportAnswer) and only_begins(answer.outcome, answer.decided_on)
    return Event.BEGIN if begins else Event.SUBMIT


def only_begins(outcome: str | None, decided_on: date | None) -> bool:
    """Whether an answer says no more than that work has begun: a revision promised, or a report compiled."""
    return outcome == Compilation.COMPILED or (outcome == Outcome.REVISE and decided_on is None)
