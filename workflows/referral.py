"""Referral (remiss): a draft revision goes to the committees, and each gives its opinion or abstains."""

from __future__ import annotations

from styrhjul.domain.lifecycle import ORDINARY_TRANSITIONS, Lifecycle, State
from styrhjul.domain.round_rule import EventRound
from styrhjul.domain.vocabulary import LifecycleKey
from workflows.ladder import usual_ladder

REFERRAL = Lifecycle(
    key=LifecycleKey.REFERRAL,
    action_kinds=frozenset(),  # started by whoever revises the document: KL 6:13, the board may ask for opinions
    rounds={None: EventRound()},
    transitions=ORDINARY_TRANSITIONS,
    chased=frozenset({State.OPEN}),
    ladder=usual_ladder("referral"),
)
