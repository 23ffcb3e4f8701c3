"""The words that the database, JSON and the code share. Values are permanent."""

from __future__ import annotations

from enum import StrEnum


class Modality(StrEnum):
    """How strongly a text binds: ska, bör, kan and får inte, kept as decided."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    MUST_NOT = "must_not"


class LifecycleKey(StrEnum):
    """Every lifecycle by its key; workflows/ declares what each of them is."""

    GOAL_SETTING = "goal_setting"
    ACTION_PLANNING = "action_planning"
    FOLLOW_UP = "follow_up"
    PROJECT_FOLLOW_UP = "project_follow_up"
    ANNUAL_REPORT = "annual_report"
    REVISION = "revision"
    REFERRAL = "referral"
    CURRENCY_REVIEW = "currency_review"
    HANDOVER = "handover"


class ActionKind(StrEnum):
    """What a duty asks for. Every kind but the last belongs to a lifecycle."""

    SET_GOALS = "set_goals"
    ACTION_PLAN = "action_plan"
    FOLLOW_UP = "follow_up"
    REPORT = "report"
    REVISE = "revise"
    OTHER_DUTY = "other_duty"


class Confidence(StrEnum):
    """How plainly a rule saw a duty: only what is high may be confirmed unseen, the rest a person has to judge."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class BodyKind(StrEnum):
    """What sort of body: each kind has its own term of office and its own way of being reached."""

    COUNCIL = "council"
    EXECUTIVE_BOARD = "executive_board"
    COMMITTEE = "committee"
    SUBCOMMITTEE = "subcommittee"
    ADMINISTRATION = "administration"
    UNIT = "unit"
    COMPANY = "company"
    JOINT_AUTHORITY = "joint_authority"


class DueBasis(StrEnum):
    """Where a due day comes from, so that a default is never shown as the document's own word."""

    TEXT = "text"
    CORRECTION = "correction"  # somebody here wrote the day: the text does not state it
    DEFAULT = "default"
    LAW = "law"
    DECISION = "decision"
