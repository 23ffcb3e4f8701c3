"""Project follow-up: projects and activities that a policy wants followed up are registered and judged.

Once a year, or for each half-year, tertial or quarter where the text says so: the same list, gone through anew.
"""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, LastWorkingDayOf, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Holder, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import PeriodRound, YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import officials_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(1, 7),
    due=LastWorkingDayOf(2),
    years_from_period=+1,
    legal_limit=On(4, 15),  # the annual report is handed over by then: KL 11:20
    source="Kommunens standard: projekten följs upp senast sista arbetsdagen i februari, i tid till årsredovisningen.",
)
_DURING_THE_YEAR = (
    "Kommunens standard: projekten följs upp senast månaden efter periodens slut, efter sommaren om den månaden är "
    "ledig, så att uppföljningen hinner med i delårsrapporten (KL 11 kap. 16 §)."
)

PROJECT_FOLLOW_UP = Lifecycle(
    key=LifecycleKey.PROJECT_FOLLOW_UP,
    action_kinds=frozenset({ActionKind.FOLLOW_UP}),
    rounds={
        None: _YEARLY,  # not stated: once a year is the default
        RecurrenceKind.ANNUAL: _YEARLY,
        RecurrenceKind.SEMIANNUAL: PeriodRound(months=6, source=_DURING_THE_YEAR, last=_YEARLY),
        RecurrenceKind.TERTIAL: PeriodRound(months=4, source=_DURING_THE_YEAR, last=_YEARLY),
        RecurrenceKind.QUARTERLY: PeriodRound(months=3, source=_DURING_THE_YEAR, last=_YEARLY),
    },
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=officials_ladder("projects"),
    at_meeting=False,
    default_holder=Holder.CHIEF_EXECUTIVE,
)
