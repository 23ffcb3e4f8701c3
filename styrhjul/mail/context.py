"""What each template pair is given: one frozen class a pair, and the choice between them.

The mails about one matter stand in `matter.py`; those around signing in in `sign_in.py`, the one a
chair has sent in `delegation.py`; here are those about several, and the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from styrhjul.mail import sample
from styrhjul.mail.catalogue import quoted
from styrhjul.mail.delegation import CaseDelegated
from styrhjul.mail.feedback import AccessibilityFeedback
from styrhjul.mail.item import Item, Quote, Recipient, Sender
from styrhjul.mail.late import LateMails
from styrhjul.mail.matter import OF_ONE, EmailContext
from styrhjul.mail.sign_in import BreakGlassOpened, SignInCode
from styrhjul.mail.urgency import drawn_together, most_urgent_first

__all__ = ["CONTEXTS", "EmailContext", "Item", "Quote", "Receipt", "Recipient", "Sender", "context_for", "sample_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(EmailContext):
    """Several matters for one mailbox, most urgent first; `still_open` are those told of in earlier mails."""

    key = "digest"
    items: tuple[Item, ...]
    still_open: tuple[Item, ...] = ()

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
    """What went up to the chief executive, most urgent first; then, in short, what has been up since earlier."""

    key = "escalation_digest"
    items: tuple[Item, ...]
    still_open: tuple[Item, ...] = ()

    @classmethod
    def sample(cls) -> Self:
        """Return a late follow-up from a committee and from a company, a late goal round, and two older matters."""
        goals, company = sample.item("goals_escalation"), sample.item("follow_up_escalation")
        committee = replace(company, body_name="Kultur- och fritidsnämnden", head_title="förvaltningschef")
        items = (goals, replace(company, today=goals.today), replace(committee, today=goals.today))
        linked = [replace(item, url=sample.url(number)) for number, item in enumerate(items)]
        older = (sample.item("handover_escalation"), replace(company, policy_title="Klimatprogram"))
        return cls(
            items=most_urgent_first(linked, goals.today),
            recipient=sample.recipient(goals),
            sender=sample.SENDER,
            still_open=tuple(
                replace(item, today=goals.today, url=sample.url(7 + number)) for number, item in enumerate(older)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(EmailContext):
    """An answer has come in. The link of `item` is where it may be changed."""

    key = "receipt"
    item: Item
    #: What was handed in, one line each, in the recipient's language; what the person wrote stays as it was written.
    handed_in: tuple[str, ...]
    handed_in_on: date
    handed_in_by: str
    #: The office they answered in: "sekreterare, socialnämnden"; empty where none is known.
    handed_in_office: str
    #: Offices that the answer went to.
    sent_to: tuple[str, ...]
    #: The last day it may be changed; None = it came late and may be changed until the case closes.
    change_until: date | None
    decided_on: date | None
    paragraph: str | None
    #: The decision's § is to follow.
    paragraph_missing: bool
    #: Nothing is handed in yet: the answer says that work has begun, and the question stands.
    has_begun: bool = False

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
            handed_in_by="Kim Exempel",
            handed_in_office="sekreterare, socialnämnden",
            sent_to=("ordförande, socialnämnden", "registrator, kommunstyrelsen"),
            change_until=item.due_on,
            decided_on=date(2027, 3, 16),
            paragraph=None,
            paragraph_missing=True,
        )


def sample_in(key: str, language: str) -> EmailContext:
    """Return a mail's sample as somebody who reads a language gets it. KeyError for an unknown key."""
    sampled = CONTEXTS[key].sample()
    sampled = replace(sampled, recipient=replace(sampled.recipient, language=language))
    if isinstance(sampled, Receipt):
        return replace(sampled, handed_in=tuple(quoted(line, language) for line in sampled.handed_in))
    if isinstance(sampled, CaseDelegated):
        return replace(sampled, note=quoted(sampled.note, language))
    return sampled


CONTEXTS: dict[str, type[EmailContext]] = {
    **OF_ONE,
    **{
        context.key: context
        for context in (
            *(Digest, EscalationDigest, LateMails, Receipt, CaseDelegated),
            *(SignInCode, BreakGlassOpened, AccessibilityFeedback),
        )
    },
}


def context_for(
    items: Iterable[Item], recipient: Recipient, sender: Sender, today: date, *, still_open: Iterable[Item] = ()
) -> EmailContext:
    """Return the context for one mailbox and day: the item's own mail when it is alone, else a digest.

    `items`, what is new, may come in any order and must not be empty (ValueError). `still_open` are matters that the
    same reader was told of before: they get a line each, and make a digest of a single new one too.
    """
    ordered, older = drawn_together(most_urgent_first(items, today)), most_urgent_first(still_open, today)
    if not ordered:
        raise ValueError("a mail needs at least one item")
    if len(ordered) == 1 and not older and not ordered[0].alike:
        return OF_ONE[ordered[0].email](item=ordered[0], recipient=recipient, sender=sender)
    several = EscalationDigest if all(item.is_at_the_top for item in ordered) else Digest
    return several(items=ordered, recipient=recipient, sender=sender, still_open=older)
