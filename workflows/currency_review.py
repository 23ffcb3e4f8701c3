"""Currency review (aktualitetsprövning): once a year the document's owner says whether it is still current."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Holder, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import YearRound
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import officials_ladder

_YEARLY = YearRound(
    opens=FirstWorkingDayFrom(10, 1),
    due=On(11, 15),  # before the year's planning is closed
    source="Kommunens standard: dokumentet aktualitetsprövas senast den 15 november varje år.",
)

CURRENCY_REVIEW = Lifecycle(
    key=LifecycleKey.CURRENCY_REVIEW,
    action_kinds=frozenset({ActionKind.REVISE}),
    rounds={
        None: _YEARLY,
        RecurrenceKind.ANNUAL: _YEARLY,
        RecurrenceKind.EVERY_N_YEARS: _YEARLY,
    },
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=officials_ladder("currency_review"),
    at_meeting=False,
    default_holder=Holder.DOCUMENT_OWNER,  # asked of every document where the municipality has decided so
)
