"""Cases that are alike: what the planner says of one of them it says of all, whatever document they are about.

A committee's cases about many documents open, are asked about and are due on the same days, by the same offices.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from styrhjul.domain.action import Action, OpenCase
from styrhjul.domain.facts import CaseFacts
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.planner import apply, plan, wake_on

#: Stands for the ids in what is true of any of the cases that are alike.
ANY = "any"


def nameless(facts: CaseFacts) -> CaseFacts:
    """Return the facts without the ids of the case and of its policy: those of cases that are alike are equal."""
    return replace(facts, case_id=ANY, policy_id=None if facts.policy_id is None else ANY)


def outline(facts: CaseFacts) -> tuple[object, ...]:
    """Return what tells most cases apart that are not alike, as a key."""
    return (facts.opens_on, facts.due_on, *facts.posts.values())


class Decisions:
    """What is decided on one day about case after case. One like the case before it is not reckoned anew."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._last: dict[tuple[object, ...], tuple[Lifecycle, CaseFacts, list[Action], date | None]] = {}

    def about(self, lifecycle: Lifecycle, facts: CaseFacts) -> tuple[list[Action], date | None]:
        """Return what is owed of a case, and when it wakes next once that is written: see `plan` and `wake_on`."""
        key, own = outline(facts), nameless(facts)
        known = self._last.get(key)
        if known is None or known[:2] != (lifecycle, own):
            actions = plan(lifecycle, own, self._today)
            known = (lifecycle, own, actions, wake_on(lifecycle, apply(own, actions, self._today), self._today))
            self._last[key] = known
        _, _, actions, wake = known
        return [_about(facts.case_id, each) for each in actions], wake


def _about(case_id: str, action: Action) -> Action:
    if isinstance(action, OpenCase):
        raise TypeError("a case opens no other")
    return replace(action, case_id=case_id)
