"""Follow-up: each body answers once a year for what the policy promised, in time for the annual report."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, LastWorkingDayOf, On
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

FOLLOW_UP = Lifecycle(
    key="follow_up",
    action_kinds=frozenset({ActionKind.FOLLOW_UP, ActionKind.REPORT}),
    recurrences=frozenset({RecurrenceKind.ANNUAL, None}),  # not stated: once a year is the default
    round=YearRound(
        opens=FirstWorkingDayFrom(1, 7),
        due=LastWorkingDayOf(2),  # leaves March to compile; the executive board sets the day: KL 11:18
        years_from_period=+1,
        legal_limit=On(4, 15),  # the annual report is handed over by then: KL 11:20
        source="Kommunens standard: uppföljningen lämnas senast sista arbetsdagen i februari, så att den hinner "
        "med i årsredovisningen (KL 11 kap. 20 §).",
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
        Rung(key="opened", at=opening(), to=Audience.HOLDER, email="follow_up_opened"),
        Rung(key="reminder", at=before_papers(10), to=Audience.HOLDER, email="follow_up_reminder"),
        Rung(key="last_reminder", at=before_papers(3), to=Audience.HOLDER, email="follow_up_last_reminder"),
        Rung(key="warning", at=before_due(1), to=Audience.HOLDER, email="follow_up_warning"),  # names the days
        Rung(
            key="head",
            at=after_due(3),
            to=Audience.HEAD_OF_ADMINISTRATION,
            email="follow_up_overdue",
            after="warning",
        ),
        Rung(
            key="chief_executive",  # KL 7:1, and the executive board's oversight, KL 6:1
            at=digest_after_due(8),
            to=Audience.CHIEF_EXECUTIVE,
            email="follow_up_escalation",
            after="warning",
        ),
    ),
)
