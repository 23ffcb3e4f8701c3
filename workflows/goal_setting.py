"""Goal setting: each body that a policy binds decides its goals, or its undertakings, for the coming planning year."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayAfterEpiphany, FirstWorkingDayFrom, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import Clock, TermRound, YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import usual_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(9, 1),
    due=On(11, 30),  # the budget with its goals is fixed by the end of November: KL 11:6, 11:10
    years_from_period=-1,
    source="Kommunens standard: målen beslutas senast den 30 november, då budgeten ska vara fastställd "
    "(KL 11 kap. 6 och 10 §§).",
)

GOAL_SETTING = Lifecycle(
    key=LifecycleKey.GOAL_SETTING,
    action_kinds=frozenset({ActionKind.SET_GOALS}),
    rounds={
        None: _YEARLY,  # not stated: once a planning year is the default
        RecurrenceKind.ANNUAL: _YEARLY,
        RecurrenceKind.EVERY_N_YEARS: _YEARLY,
        RecurrenceKind.MANDATE_PERIOD: TermRound(  # on the body's own clock: KL 6:18, 6:19
            clock=Clock.BODY,
            due=On(3, 31),
            source="Kommunens standard: mandatperiodens mål beslutas senast den 31 mars under dess första hela år.",
        ),
    },
    first_year=YearRound(  # a new committee sets its own goals: KL 6:19, practice
        opens=FirstWorkingDayAfterEpiphany(),
        due=On(3, 31),
        source="Kommunens standard det år nya nämnder tillträder: målen beslutas senast den 31 mars.",
    ),
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=usual_ladder("goals"),
)
