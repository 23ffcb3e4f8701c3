"""Follow-up: each body answers for what the policy promised, in time for the annual report or the interim one."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, LastWorkingDayOf, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import OnceRound, PeriodRound, YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import usual_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(1, 7),
    due=LastWorkingDayOf(2),  # leaves March to compile; the executive board sets the day: KL 11:18
    years_from_period=+1,
    legal_limit=On(4, 15),  # the annual report is handed over by then: KL 11:20
    source="Kommunens standard: uppföljningen lämnas senast sista arbetsdagen i februari, så att den hinner "
    "med i årsredovisningen (KL 11 kap. 20 §).",
)
_DURING_THE_YEAR = (
    "Kommunens standard: uppföljningen lämnas senast månaden efter periodens slut, efter sommaren om den månaden är "
    "ledig, så att den hinner med i delårsrapporten (KL 11 kap. 16 §)."
)

FOLLOW_UP = Lifecycle(
    key=LifecycleKey.FOLLOW_UP,
    action_kinds=frozenset({ActionKind.FOLLOW_UP, ActionKind.REPORT}),
    rounds={
        None: _YEARLY,  # not stated: once a year is the default
        RecurrenceKind.ANNUAL: _YEARLY,
        RecurrenceKind.SEMIANNUAL: PeriodRound(months=6, source=_DURING_THE_YEAR, last=_YEARLY),
        RecurrenceKind.TERTIAL: PeriodRound(months=4, source=_DURING_THE_YEAR, last=_YEARLY),
        RecurrenceKind.QUARTERLY: PeriodRound(months=3, source=_DURING_THE_YEAR, last=_YEARLY),
        RecurrenceKind.MONTHLY: PeriodRound(months=1, source=_DURING_THE_YEAR, last=_YEARLY),
        RecurrenceKind.EVERY_N_YEARS: _YEARLY,  # in the years counted from the adoption
        RecurrenceKind.ONCE: OnceRound(lead_months=3, source="Dagen anges i dokumentets text."),
    },
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=usual_ladder("follow_up"),
)
