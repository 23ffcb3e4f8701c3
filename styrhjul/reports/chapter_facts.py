"""What a chapter of the annual report is made from: facts as they are given, frozen, with no way back to a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from styrhjul.domain.act import Act
from styrhjul.domain.answer import Attainment, Better, Trend
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGoal:
    """A goal as it was decided; empty strings where nothing was written."""

    goal_id: str
    text: str
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    responsible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJudgement:
    """How it went, by the body's own judgement; `goal_id` None = the period as a whole."""

    goal_id: str | None
    goal: str | None
    attainment: Attainment
    result: str = ""
    trend: Trend | None = None
    better: Better | None = None
    analysis: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """The answer that holds. `outcome` is in words, as people chose it; None where there is nothing to choose.

    `items` are plans or projects, one line each.
    """

    submitted_on: date
    decided_on: date | None = None
    paragraph: str | None = None
    decided_by: str | None = None
    outcome: str | None = None
    comment: str = ""
    goals: tuple[KnownGoal, ...] = ()
    judgements: tuple[KnownJudgement, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody was told of a case: the mail had arrived on that day. `is_above` = an office above whoever answers."""

    on: date
    office: str
    is_above: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a case. `until` is the day it sets, `to` the office or bodies it went to."""

    on: date
    act: Act
    by: str
    reason: str = ""
    until: date | None = None
    paragraph: str | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """One body asked about one thing; `told` and `decisions` by day. `answer` None = none, or it was sent back."""

    case_id: str
    lifecycle: LifecycleKey
    period: str
    #: "Uppföljning 2027", as people call it.
    name: str
    body_id: str
    body: str
    body_kind: BodyKind
    state: State
    opens_on: date
    due_on: date
    is_binding: bool = True
    answer: KnownAnswer | None = None
    told: tuple[Told, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEdition:
    """One text of a policy, by what it says of itself. None = it does not; superseded_on None = it holds."""

    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None = None
    document_owner: str | None = None
    superseded_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPolicy:
    """A policy with its texts, in any order, and every case that may belong to the year."""

    slug: str
    title: str
    editions: tuple[KnownEdition, ...]
    #: The office that owns it here; None = nobody is appointed.
    owner: str | None = None
    repealed_on: date | None = None
    cases: tuple[KnownCase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that a year's chapter takes; `on` is the day it is made. `of_one`: it is of one policy by itself."""

    municipality: str
    slug: str
    year: int
    on: date
    policies: tuple[KnownPolicy, ...]
    of_one: bool = False


class Standing(StrEnum):
    """How far a body came with a goal, or why nobody knows."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    MISSING = "missing"  # asked, and no answer
    NO_ANSWER = "no_answer"  # the same, of what it was free to answer: never missing
    AWAITED = "awaited"  # asked, and the day has not passed
    WAIVED = "waived"  # somebody decided that it needs no answer
    NOT_ASKED = "not_asked"  # no sentence asks how it went


#: Nobody has said how it went.
UNANSWERED = (Standing.MISSING, Standing.NO_ANSWER, Standing.AWAITED, Standing.WAIVED)
