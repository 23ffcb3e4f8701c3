"""Goal setting: each body that a policy binds decides its goals for the coming planning year."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayAfterEpiphany, FirstWorkingDayFrom, On
from styrhjul.domain.lifecycle import (
    Audience,
    Event,
    Lifecycle,
    Rung,
    State,
    YearRound,
    after_due,
    before_due,
    before_papers,
    digest_after_due,
    opening,
)
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import ActionKind

GOAL_SETTING = Lifecycle(
    key="goal_setting",
    action_kinds=frozenset({ActionKind.SET_GOALS}),
    recurrences=frozenset({RecurrenceKind.ANNUAL, None}),  # not stated: once a planning year is the default
    round=YearRound(
        opens=FirstWorkingDayFrom(9, 1),
        due=On(11, 30),  # the budget with its goals is fixed by the end of November: KL 11:6, 11:10
        years_from_period=-1,
        source="Kommunens standard: målen beslutas senast den 30 november, då budgeten ska vara fastställd "
        "(KL 11 kap. 6 och 10 §§).",
    ),
    first_year=YearRound(  # a new committee sets its own goals: KL 6:19, practice
        opens=FirstWorkingDayAfterEpiphany(),
        due=On(3, 31),
        source="Kommunens standard det år nya nämnder tillträder: målen beslutas senast den 31 mars.",
    ),
    transitions={
        (State.OPEN, Event.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Event.SUBMIT): State.SUBMITTED,  # an answer may be changed until the deadline
        (State.SUBMITTED, Event.RETURN): State.OPEN,
        (State.SUBMITTED, Event.APPROVE): State.DONE,
        (State.OPEN, Event.WAIVE): State.WAIVED,
    },
    chased=frozenset({State.OPEN}),
    ladder=(
        Rung(key="opened", at=opening(), to=Audience.HOLDER, email="goals_opened"),
        Rung(key="reminder", at=before_papers(10), to=Audience.HOLDER, email="goals_reminder"),
        Rung(key="last_reminder", at=before_papers(3), to=Audience.HOLDER, email="goals_last_reminder"),
        Rung(key="warning", at=before_due(1), to=Audience.HOLDER, email="goals_warning"),  # names the days
        Rung(
            key="head",
            at=after_due(3),
            to=Audience.HEAD_OF_ADMINISTRATION,
            email="goals_overdue",
            after="warning",
        ),
        Rung(
            key="chief_executive",  # KL 7:1, and the executive board's oversight, KL 6:1
            at=digest_after_due(8),
            to=Audience.CHIEF_EXECUTIVE,
            email="goals_escalation",
            after="warning",
        ),
    ),
)
