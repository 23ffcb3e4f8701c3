"""What a municipality lets anybody read: what it has promised, who was asked, what was decided, and how it went.

Bodies and documents only. No field here can hold who signed, who answers for a goal, or what was written to the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from styrhjul.domain.answer import Attainment, Trend
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality
from styrhjul.reports.popolo import Organization, Post


class RoundStanding(StrEnum):
    """How far a question to a body has come, as far as anybody may know."""

    ANSWERED = "answered"  # decided, or accepted: what was answered is public
    HANDED_IN = "handed_in"  # answered, and not decided or accepted yet: nothing of it is public
    AWAITED = "awaited"  # asked, and the day has not passed
    MISSING = "missing"  # the day has passed
    NO_ANSWER = "no_answer"  # the same, of what was only recommended or allowed
    WAIVED = "waived"  # somebody decided that it needs no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPolicy:
    """A governing document in force. None = its text does not say."""

    policy: str
    title: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A sentence of such a document that binds somebody, confirmed by a person."""

    promise_id: str
    policy: str
    quote: str
    modality: Modality
    action_kind: ActionKind
    recurrence: str | None
    deadline: str | None
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRound:
    """One body asked about one thing. `outcome` is what was chosen, where there was a choice, once it is public."""

    round_id: str
    policy: str
    promises: tuple[str, ...]
    body: str
    lifecycle: LifecycleKey
    name: str
    period: str
    due_on: date
    standing: RoundStanding
    decided_on: date | None
    paragraph: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicGoal:
    """A goal that a body has decided."""

    goal_id: str
    round_id: str
    policy: str
    body: str
    period: str
    goal: str
    indicator: str
    baseline: str
    target: str
    decided_on: date
    paragraph: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAssessment:
    """How a goal went, or a period as a whole (`goal_id` None), by the body's own judgement."""

    assessment_id: str
    round_id: str
    goal_id: str | None
    policy: str
    body: str
    period: str
    goal: str
    attainment: Attainment
    result: str
    trend: Trend | None
    analysis: str
    next_step: str
    decided_on: date | None
    paragraph: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All of it, as on a day: policies in the order of the Swedish alphabet, promises in that of the text."""

    municipality: str
    slug: str
    made_on: date
    policies: tuple[PublicPolicy, ...]
    promises: tuple[Promise, ...]
    rounds: tuple[PublicRound, ...]
    goals: tuple[PublicGoal, ...]
    assessments: tuple[PublicAssessment, ...]
    #: In Popolo's shape; nobody's name is among them.
    organizations: tuple[Organization, ...] = ()
    posts: tuple[Post, ...] = ()
