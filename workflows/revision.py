"""Revision: a policy is kept as it is, revised or repealed: at a new term, at an interval, or when its time is out."""

from __future__ import annotations

from styrhjul.domain.date_rule import FirstWorkingDayFrom, On
from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Event, Holder, Lifecycle, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import IntervalRound, OnceRound, TermRound, YearRound
from styrhjul.domain.rung import Anchor, Audience, Offset, Rung
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey
from workflows.ladder import usual_ladder

_USUAL = usual_ladder("revision")

REVISION = Lifecycle(
    key=LifecycleKey.REVISION,
    action_kinds=frozenset({ActionKind.REVISE}),
    rounds={  # a text that states no interval is never made to: no None here
        RecurrenceKind.MANDATE_PERIOD: TermRound(  # on the adopting body's own clock: KL 5:9, 6:18, 6:19
            due=On(12, 31),
            source="Kommunens standard: beslutet fattas senast den 31 december under mandatperiodens första hela år. "
            "Ingen lag anger någon dag.",
        ),
        RecurrenceKind.EVERY_N_YEARS: IntervalRound(  # counted from the last decision, not from the calendar
            lead_months=9,
            source="Intervallet anges i dokumentets text och räknas från det senaste beslutet.",
        ),
        RecurrenceKind.ANNUAL: YearRound(
            opens=FirstWorkingDayFrom(3, 1),
            due=On(12, 15),
            source="Texten säger varje år. Kommunens standard: beslutet fattas senast den 15 december.",
        ),
        RecurrenceKind.ONCE: OnceRound(  # "giltig till": it does not lapse by itself, a decision is needed
            lead_months=9, source="Dokumentet gäller till den dag som anges i det."
        ),
    },
    transitions={
        **ORDINARY_TRANSITIONS,
        (State.OPEN, Event.BEGIN): State.UNDER_WAY,  # to be revised, not yet adopted anew: the promise still stands
        (State.UNDER_WAY, Event.BEGIN): State.UNDER_WAY,
        (State.SUBMITTED, Event.BEGIN): State.UNDER_WAY,
        (State.UNDER_WAY, Event.REFER): State.REFERRED,  # the draft goes to the committees for their opinion
        (State.REFERRED, Event.REFER): State.REFERRED,
        (State.UNDER_WAY, Event.PREPARE): State.PREPARED,  # the executive board prepares it: KL 5:26, 6:13
        (State.REFERRED, Event.PREPARE): State.PREPARED,
        (State.UNDER_WAY, Event.SUBMIT): State.SUBMITTED,
        (State.REFERRED, Event.SUBMIT): State.SUBMITTED,
        (State.PREPARED, Event.SUBMIT): State.SUBMITTED,
        (State.UNDER_WAY, Event.WAIVE): State.WAIVED,
        (State.REFERRED, Event.WAIVE): State.WAIVED,
        (State.PREPARED, Event.WAIVE): State.WAIVED,
        (State.UNDER_WAY, Event.CLOSE): State.LAPSED,
        (State.REFERRED, Event.CLOSE): State.LAPSED,
        (State.PREPARED, Event.CLOSE): State.LAPSED,
    },
    chased=frozenset({State.OPEN, State.UNDER_WAY, State.REFERRED, State.PREPARED}),
    adopter_decides=True,  # the same body or a higher one: domain rule R6; the board prepares for the council
    default_holder=Holder.DOCUMENT_OWNER,
    ladder=(
        *_USUAL[:1],
        # Half a year on a proposal should lie with the document's owner: practice, no law says when.
        Rung(key="halfway", at=Offset(Anchor.OPENING, 120), to=Audience.HOLDER, email="revision_reminder"),
        *_USUAL[1:],
    ),
)
