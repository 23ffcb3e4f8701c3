"""Action planning: those named are asked once a year for their action plans; where the text says *kan*, no is final."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import OnceRound, YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import usual_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(9, 1),
    due=On(11, 30),  # beside the goals, for the same planning year
    years_from_period=-1,
    source="Kommunens standard: frågan om handlingsplan ställs en gång om året och besvaras senast den 30 november.",
)

ACTION_PLANNING = Lifecycle(
    key=LifecycleKey.ACTION_PLANNING,
    action_kinds=frozenset({ActionKind.ACTION_PLAN}),
    rounds={
        None: _YEARLY,
        RecurrenceKind.ANNUAL: _YEARLY,
        RecurrenceKind.EVERY_N_YEARS: _YEARLY,
        RecurrenceKind.ONCE: OnceRound(lead_months=3, source="Dagen anges i dokumentets text."),
    },
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=usual_ladder("action_plan"),  # climbed to its top only where the text says *ska*
)
