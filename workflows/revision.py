"""Revision: at each new term of the body that adopted it, a policy is kept as it is, revised or repealed."""

from __future__ import annotations

from styrhjul.domain.date_rule import On
from styrhjul.domain.lifecycle import (
    Audience,
    Event,
    Lifecycle,
    Rung,
    State,
    TermRound,
    after_due,
    before_due,
    before_papers,
    digest_after_due,
    opening,
)
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import ActionKind

REVISION = Lifecycle(
    key="revision",
    action_kinds=frozenset({ActionKind.REVISE}),
    recurrences=frozenset({RecurrenceKind.MANDATE_PERIOD}),  # a text that does not say so is never made to
    round=TermRound(  # on the adopting body's own clock: KL 5:9, 6:18, 6:19
        due=On(12, 31),
        source="Kommunens standard: beslutet fattas senast den 31 december under mandatperiodens första hela år. "
        "Ingen lag anger någon dag.",
    ),
    transitions={
        (State.OPEN, Event.SUBMIT): State.SUBMITTED,
        (State.OPEN, Event.BEGIN): State.UNDER_WAY,  # to be revised, not yet adopted anew: the promise still stands
        (State.UNDER_WAY, Event.BEGIN): State.UNDER_WAY,
        (State.UNDER_WAY, Event.SUBMIT): State.SUBMITTED,
        (State.UNDER_WAY, Event.WAIVE): State.WAIVED,
        (State.SUBMITTED, Event.SUBMIT): State.SUBMITTED,  # an answer may be changed until the deadline
        (State.SUBMITTED, Event.BEGIN): State.UNDER_WAY,
        (State.SUBMITTED, Event.RETURN): State.OPEN,
        (State.SUBMITTED, Event.APPROVE): State.DONE,
        (State.OPEN, Event.WAIVE): State.WAIVED,
    },
    chased=frozenset({State.OPEN, State.UNDER_WAY}),
    ladder=(
        Rung(key="opened", at=opening(), to=Audience.HOLDER, email="revision_opened"),
        Rung(key="reminder", at=before_papers(10), to=Audience.HOLDER, email="revision_reminder"),
        Rung(key="last_reminder", at=before_papers(3), to=Audience.HOLDER, email="revision_last_reminder"),
        Rung(key="warning", at=before_due(1), to=Audience.HOLDER, email="revision_warning"),  # names the days
        Rung(
            key="head",
            at=after_due(3),
            to=Audience.HEAD_OF_ADMINISTRATION,
            email="revision_overdue",
            after="warning",
        ),
        Rung(
            key="chief_executive",  # KL 7:1, and the executive board's oversight, KL 6:1
            at=digest_after_due(8),
            to=Audience.CHIEF_EXECUTIVE,
            email="revision_escalation",
            after="warning",
        ),
    ),
)
