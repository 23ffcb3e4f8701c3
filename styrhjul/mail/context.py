"""What each template pair is given: one frozen class a pair, and the choice between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Self

from styrhjul.mail import sample
from styrhjul.mail.item import Item, Quote, Recipient, Sender
from styrhjul.mail.urgency import most_urgent_first

__all__ = ["CONTEXTS", "EmailContext", "Item", "Quote", "Receipt", "Recipient", "Sender", "context_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContext:
    """What every mail knows. `key` names the template pair and is permanent."""

    key: ClassVar[str]
    recipient: Recipient
    sender: Sender

    def values(self) -> dict[str, Any]:
        """Return the fields by name, as the templates see them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def sample(cls) -> Self:
        """Return a realistic one, for previews and golden texts."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneItem(EmailContext):
    item: Item

    @classmethod
    def sample(cls) -> Self:
        item = sample.item(cls.key)
        return cls(item=item, recipient=sample.recipient(item), sender=sample.SENDER)


class GoalsOpened(_OneItem):
    key = "goals_opened"


class GoalsReminder(_OneItem):
    key = "goals_reminder"


class GoalsLastReminder(_OneItem):
    key = "goals_last_reminder"


class GoalsWarning(_OneItem):
    key = "goals_warning"


class GoalsOverdue(_OneItem):
    key = "goals_overdue"


class GoalsEscalation(_OneItem):
    key = "goals_escalation"


class FollowUpOpened(_OneItem):
    key = "follow_up_opened"


class FollowUpReminder(_OneItem):
    key = "follow_up_reminder"


class FollowUpLastReminder(_OneItem):
    key = "follow_up_last_reminder"


class FollowUpWarning(_OneItem):
    key = "follow_up_warning"


class FollowUpOverdue(_OneItem):
    key = "follow_up_overdue"


class FollowUpEscalation(_OneItem):
    key = "follow_up_escalation"


class RevisionOpened(_OneItem):
    key = "revision_opened"


class RevisionReminder(_OneItem):
    key = "revision_reminder"


class RevisionLastReminder(_OneItem):
    key = "revision_last_reminder"


class RevisionWarning(_OneItem):
    key = "revision_warning"


class RevisionOverdue(_OneItem):
    key = "revision_overdue"


class RevisionEscalation(_OneItem):
    key = "revision_escalation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(EmailContext):
    """Several matters for one mailbox, most urgent first."""

    key = "digest"
    items: tuple[Item, ...]

    @classmethod
    def sample(cls) -> Self:
        """Return a committee's spring: two goal rounds, a follow-up on its last day but one and a revision."""
        follow_up = sample.item("follow_up_warning")
        goals = replace(sample.item("goals_last_reminder"), today=follow_up.today)
        climate = replace(goals.quotes[0], document_title="Klimatprogram", diary_number=None, paragraph="14")
        items = (
            goals,
            replace(goals, policy_title="Klimatprogram", goal_max=None, quotes=(climate,)),
            replace(
                follow_up,
                body_name=goals.body_name,
                head_title=goals.head_title,
                other_recipients=goals.other_recipients,
            ),
            replace(sample.item("revision_opened"), body_name=goals.body_name, today=goals.today),
        )
        linked = [replace(item, url=sample.url(number)) for number, item in enumerate(items)]
        ordered = most_urgent_first(linked, goals.today)
        return cls(items=ordered, recipient=sample.recipient(goals), sender=sample.SENDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDigest(EmailContext):
    """Several matters that went up to the chief executive, most urgent first."""

    key = "escalation_digest"
    items: tuple[Item, ...]

    @classmethod
    def sample(cls) -> Self:
        """Return a late follow-up from a committee and from a company, and a late goal round."""
        goals, company = sample.item("goals_escalation"), sample.item("follow_up_escalation")
        committee = replace(company, body_name="Kultur- och fritidsnämnden", head_title="förvaltningschef")
        items = (goals, replace(company, today=goals.today), replace(committee, today=goals.today))
        linked = [replace(item, url=sample.url(number)) for number, item in enumerate(items)]
        ordered = most_urgent_first(linked, goals.today)
        return cls(items=ordered, recipient=sample.recipient(goals), sender=sample.SENDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(EmailContext):
    """An answer has come in. The link of `item` is where it may be changed."""

    key = "receipt"
    item: Item
    #: What was handed in, one line each, as the person wrote it.
    handed_in: tuple[str, ...]
    handed_in_on: date
    handed_in_by: str
    #: Offices that the answer went to.
    sent_to: tuple[str, ...]
    #: The last day it may be changed; None = it came late and may be changed until the case closes.
    change_until: date | None
    decided_on: date | None
    paragraph: str | None
    #: The decision's § is to follow.
    paragraph_missing: bool

    @classmethod
    def sample(cls) -> Self:
        """Return the receipt of two goals whose § is to follow."""
        item = sample.item("goals_reminder")
        return cls(
            item=item,
            recipient=sample.recipient(item),
            sender=sample.SENDER,
            handed_in=(
                "Alla nyanlända som möter socialtjänsten får information på ett språk de förstår.",
                "Andelen föräldrar i föräldrastödet som är utrikes födda ökar till 30 procent.",
            ),
            handed_in_on=date(2027, 3, 17),
            handed_in_by="Kim Exempel, sekreterare i socialnämnden",
            sent_to=("ordförande, socialnämnden", "registrator, kommunstyrelsen"),
            change_until=item.due_on,
            decided_on=date(2027, 3, 16),
            paragraph=None,
            paragraph_missing=True,
        )


_OF_ONE: dict[str, type[_OneItem]] = {context.key: context for context in _OneItem.__subclasses__()}

CONTEXTS: dict[str, type[EmailContext]] = {
    **_OF_ONE,
    **{context.key: context for context in (Digest, EscalationDigest, Receipt)},
}


def context_for(items: Iterable[Item], recipient: Recipient, sender: Sender, today: date) -> EmailContext:
    """Return the context for one mailbox and day: the item's own mail when it is alone, else a digest.

    `items` may come in any order and must not be empty (ValueError).
    """
    ordered = most_urgent_first(items, today)
    if not ordered:
        raise ValueError("a mail needs at least one item")
    if len(ordered) == 1:
        return _OF_ONE[ordered[0].email](item=ordered[0], recipient=recipient, sender=sender)
    to_the_top = all(item.rung == "chief_executive" for item in ordered)
    several = EscalationDigest if to_the_top else Digest
    return several(items=ordered, recipient=recipient, sender=sender)
