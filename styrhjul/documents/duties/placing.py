"""What was proposed, each at its place in the document, until all of it is known and can be told with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from styrhjul.documents.duties.proposals import Proposal
from styrhjul.documents.duties.reasons import reason_in_full
from styrhjul.documents.reading import FoundDuty
from styrhjul.documents.text import CleanText
from styrhjul.domain.vocabulary import ActionKind

#: How many duties back a sentence may name the actor of.
_NEARBY = 20


@dataclass(frozen=True, slots=True)
class Placed:
    """A proposal with its section and its offsets in the text that was read."""

    section: int
    start: int
    end: int
    proposal: Proposal

    def found(self, source: str) -> FoundDuty:
        """Return the duty, with the whole reason in words: only now is nothing about it still to come."""
        one = self.proposal
        return FoundDuty(
            quote=source[self.start : self.end],
            start=self.start,
            end=self.end,
            actor=one.actor,
            modality=one.modality,
            action_kind=one.kind,
            artefact=one.artefact,
            recurrence=one.recurrence,
            deadline=one.deadline,
            goal_min=one.goals[0],
            goal_max=one.goals[1],
            condition=one.condition,
            addressees=one.addressees,
            confidence=one.confidence,
            reason=reason_in_full(one.reason, one.actor, one.confidence),
        )


@dataclass(slots=True)
class Duties:
    """The duties so far, with what the whole document lends each sentence, and what was too long to read."""

    clean: CleanText
    own_words: frozenset[str]
    terms: Mapping[str, tuple[str, ...]]
    placed: list[Placed] = field(default_factory=list)
    too_long: int = 0

    def add(self, section: int, start: int, end: int, proposal: Proposal) -> None:
        """Give a proposal its place: offsets in the clean text become offsets in the text that was read."""
        self.placed.append(Placed(section, *self.clean.span(start, end), proposal))

    def give_actor(self, section: int, kind: ActionKind, actor: str) -> bool:
        """Name who answers for a duty of the section that had no actor; False if there is none."""
        first = max(0, len(self.placed) - _NEARBY)
        for number, one in enumerate(self.placed[first:], start=first):
            if one.section == section and one.proposal.kind is kind and one.proposal.actor is None:
                self.placed[number] = replace(one, proposal=replace(one.proposal, actor=actor))
                return True
        return False

    def found(self) -> tuple[FoundDuty, ...]:
        """Return the duties in the order of the text."""
        in_order = sorted(self.placed, key=lambda one: (one.start, one.end))
        return tuple(one.found(self.clean.source) for one in in_order)
