"""Annual report: what the bodies answered is compiled and handed over with the municipality's annual report.

It has no rounds for parts of the year: there is one annual report, for a whole year (KL 11:20). A text that wants
more often than that is answered by the follow-up itself, in time for the interim report (KL 11:16).
"""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Event, Holder, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import officials_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(3, 1),  # the follow-up is in by the end of February
    due=On(3, 25),  # before the executive board adopts the annual report: KL 11:19
    years_from_period=+1,
    legal_limit=On(4, 15),  # handed over to the council and the auditors: KL 11:20
    source="Kommunens standard: avsnittet är klart senast den 25 mars, så att årsredovisningen kan lämnas över senast "
    "den 15 april (KL 11 kap. 20 §).",
)

ANNUAL_REPORT = Lifecycle(
    key=LifecycleKey.ANNUAL_REPORT,
    action_kinds=frozenset({ActionKind.REPORT}),
    rounds={None: _YEARLY, RecurrenceKind.ANNUAL: _YEARLY},
    transitions={
        **ORDINARY_TRANSITIONS,
        (State.OPEN, Event.BEGIN): State.UNDER_WAY,  # compiled, not yet handed over
        (State.UNDER_WAY, Event.BEGIN): State.UNDER_WAY,
        (State.SUBMITTED, Event.BEGIN): State.UNDER_WAY,
        (State.UNDER_WAY, Event.SUBMIT): State.SUBMITTED,
        (State.UNDER_WAY, Event.WAIVE): State.WAIVED,
        (State.UNDER_WAY, Event.CLOSE): State.LAPSED,
    },
    chased=frozenset({State.OPEN, State.UNDER_WAY}),
    ladder=officials_ladder("annual_report", up_after=3),  # the law's day is only three weeks off
    at_meeting=False,
    default_holder=Holder.COORDINATOR,
)
