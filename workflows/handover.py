"""Handover: at a body's new term the coordinator says who holds its offices, and they are told what the body owes."""

from __future__ import annotations

from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Holder, Lifecycle, State
from styrhjul.domain.round_rule import Clock, TermRound
from styrhjul.domain.rung import Audience, Rung, before_due, digest_after_due, opening
from styrhjul.domain.vocabulary import LifecycleKey

HANDOVER = Lifecycle(
    key=LifecycleKey.HANDOVER,
    action_kinds=frozenset(),  # asked by law of every body that owes something, not by any policy
    rounds={
        None: TermRound(  # on the body's own clock: KL 5:9, 6:18, 6:19
            clock=Clock.BODY,
            due_working_days=20,
            source="Kommunens standard: uppdragen är kontrollerade inom 20 arbetsdagar från mandatperiodens början.",
        ),
    },
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=(
        Rung(key="opened", at=opening(), to=Audience.HOLDER, email="handover_opened"),
        # All that the body owes; whoever sits needs it also where the posts are confirmed the same morning.
        Rung(key="welcome", at=opening(), to=Audience.BODY, email="handover_welcome", told_anyway=True),
        Rung(key="reminder", at=before_due(10), to=Audience.HOLDER, email="handover_reminder"),
        Rung(key="warning", at=before_due(1), to=Audience.HOLDER, email="handover_warning"),
        Rung(
            key="chief_executive",
            at=digest_after_due(8),
            to=Audience.CHIEF_EXECUTIVE,
            email="handover_escalation",
            after="warning",
        ),
    ),
    at_meeting=False,
    default_holder=Holder.COORDINATOR,
)
