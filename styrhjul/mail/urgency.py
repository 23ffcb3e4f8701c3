"""In which order a mail takes up its matters, and how it groups them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail.item import Item, Owed, Quote

Matter = TypeVar("Matter", Item, Owed)

#: A digest tells this many matters in full; the rest get a line and their link each.
TOLD_IN_FULL = 7


def most_urgent_first(items: Iterable[Item], today: date) -> tuple[Item, ...]:
    """Return the late ones, the longest overdue first, then the others by the next day something is needed.

    That day is when the papers must be in, or else the due day. On the same day a higher rung comes first.
    """
    return tuple(sorted(items, key=lambda item: _urgency(item, today)))


def drawn_together(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items with those about a new term, which differ in nothing but the body, gathered in their first.

    Only for whoever answers them all: above, each body's matter is decided by itself.
    """
    groups: dict[object, list[Item]] = {}
    for number, item in enumerate(items):
        is_one_of_many = item.lifecycle == LifecycleKey.HANDOVER and item.audience is Audience.HOLDER
        own = (item.rung, item.period, item.due_on) if is_one_of_many else number
        groups.setdefault(own, []).append(item)
    return tuple(replace(first, alike=tuple(others)) if others else first for first, *others in groups.values())


def by_policy(items: Iterable[Matter]) -> list[tuple[str, list[Matter]]]:
    """Return (policy title, its items) in the order in which each policy first appears."""
    groups: dict[str, list[Matter]] = {}
    for item in items:
        groups.setdefault(item.policy_title, []).append(item)
    return list(groups.items())


def by_source(items: Iterable[Item | Owed]) -> list[tuple[Quote, tuple[str, ...]]]:
    """Return (decision, as a quote without text; its sentences, each once), in the order of the items."""
    decisions: dict[Quote, dict[str, None]] = {}
    for item in items:
        for quote in item.quotes:
            decisions.setdefault(replace(quote, text=""), {})[quote.text] = None
    return [(decision, tuple(sentences)) for decision, sentences in decisions.items()]


def one_per_rule(items: Iterable[Item]) -> list[Item]:
    """Return the first item of each day and rule, so that a rule that holds for many is told once."""
    firsts: dict[tuple[date, str, str | None], Item] = {}
    for item in items:
        of_the_text = item.policy_title if item.interval_unstated else None
        firsts.setdefault((item.due_on, item.due_source, of_the_text), item)
    return list(firsts.values())


def _urgency(item: Item, today: date) -> tuple[bool, date, int, str, str, str]:
    late = item.due_on < today
    papers_ahead = item.agenda_on is not None and item.agenda_on >= today
    needed_on = item.agenda_on if papers_ahead and item.agenda_on else item.due_on
    return (not late, needed_on, -item.height, item.policy_title, item.body_name, item.case_ref)
