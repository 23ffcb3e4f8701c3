"""Which mail is chosen, and in which order it takes things up."""

from __future__ import annotations

import random
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from styrhjul.mail import sample
from styrhjul.mail.context import Digest, EscalationDigest, Item, context_for
from styrhjul.mail.matter import OF_ONE, GoalsOpened
from styrhjul.mail.urgency import by_policy, by_source, most_urgent_first, one_per_rule

TODAY = date(2027, 3, 1)
GOALS = sample.item("goals_opened")
TO = sample.recipient(GOALS)


def case(ref: str, **changes: object) -> Item:
    return replace(GOALS, case_ref=ref, today=TODAY, **changes)  # type: ignore[arg-type]


def refs(items: tuple[Item, ...]) -> str:
    return "".join(item.case_ref for item in items)


def test_one_matter_gets_its_rungs_own_mail() -> None:
    for key in OF_ONE:
        assert context_for([sample.item(key)], TO, sample.SENDER, TODAY).key == key


def test_several_matters_become_a_digest() -> None:
    context = context_for([GOALS, sample.item("follow_up_opened")], TO, sample.SENDER, TODAY)
    assert isinstance(context, Digest)


def test_several_matters_for_the_chief_executive_become_a_list_of_decisions() -> None:
    escalated = [sample.item("goals_escalation"), sample.item("revision_escalation")]
    assert isinstance(context_for(escalated, TO, sample.SENDER, TODAY), EscalationDigest)
    assert isinstance(context_for([*escalated, GOALS], TO, sample.SENDER, TODAY), Digest)


def test_a_mail_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        context_for([], TO, sample.SENDER, TODAY)


def test_a_context_cannot_be_changed() -> None:
    context = GoalsOpened.sample()
    with pytest.raises(FrozenInstanceError):
        context.item = GOALS  # type: ignore[misc]


def test_the_longest_overdue_comes_first_and_papers_count_before_the_last_day() -> None:
    items = [
        case("a", due_on=date(2027, 2, 1), agenda_on=None),
        case("b", due_on=date(2027, 2, 26), agenda_on=None),
        case("c", due_on=date(2027, 3, 31), agenda_on=date(2027, 3, 3)),
        case("d", due_on=date(2027, 3, 5), agenda_on=None, height=3),
        case("e", due_on=date(2027, 3, 5), agenda_on=None, height=1),
        case("f", due_on=date(2027, 3, 6), agenda_on=date(2027, 2, 6)),
    ]
    for seed in range(20):
        shuffled = random.Random(seed).sample(items, len(items))
        assert refs(most_urgent_first(shuffled, TODAY)) == "abcdef"


def test_policies_stand_in_the_order_of_their_first_matter() -> None:
    items = [case("1", policy_title="B"), case("2", policy_title="A"), case("3", policy_title="B")]
    assert [(title, refs(tuple(group))) for title, group in by_policy(items)] == [("B", "13"), ("A", "2")]


def test_sentences_of_one_decision_stand_together_once() -> None:
    first, second = sample.item("follow_up_opened").quotes
    grouped = by_source([case("1", quotes=(first, second)), case("2", quotes=(second,))])
    assert [sentences for _, sentences in grouped] == [(first.text, second.text)]


def test_a_rule_that_holds_for_many_is_told_once() -> None:
    items = [case("1"), case("2"), case("3", due_on=date(2027, 4, 1))]
    assert refs(tuple(one_per_rule(items))) == "13"
