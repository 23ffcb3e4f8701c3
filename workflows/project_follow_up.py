"""Project follow-up: projects and activities that a policy wants followed up are registered and judged once a year."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, LastWorkingDayOf, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Holder, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import officials_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(1, 7),
    due=LastWorkingDayOf(2),
    years_from_period=+1,
    legal_limit=On(4, 15),  # the annual report is handed over by then: KL 11:20
    source="Kommunens standard: projekten följs upp senast sista arbetsdagen i februari, i tid till årsredovisningen.",
)

PROJECT_FOLLOW_UP = Lifecycle(
    key=LifecycleKey.PROJECT_FOLLOW_UP,
    action_kinds=frozenset({ActionKind.FOLLOW_UP}),
    rounds={None: _YEARLY, RecurrenceKind.ANNUAL: _YEARLY},
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=officials_ladder("projects"),
    at_meeting=False,
    default_holder=Holder.CHIEF_EXECUTIVE,
)
