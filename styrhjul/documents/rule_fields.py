"""Fields that are duties: "Revideringsintervall: Varje mandatperiod" binds as a sentence does."""

from __future__ import annotations

from collections.abc import Sequence

from styrhjul.documents.duties.placing import Duties
from styrhjul.documents.duties.proposals import Proposal
from styrhjul.documents.duties.reasons import reason_for_field
from styrhjul.documents.language.actions import find_actions
from styrhjul.documents.language.recurrence import deadline_or_rhythm, find_deadline, find_frequency, recurrence_of
from styrhjul.documents.metadata.labels import Field, Label
from styrhjul.domain.vocabulary import ActionKind, Modality

_RULES = {
    Label.REVISION_RULE: (ActionKind.REVISE, Label.REVISED_BY),
    Label.FOLLOW_UP_RULE: (ActionKind.FOLLOW_UP, Label.FOLLOWED_UP_BY),
}


def read_rule_fields(duties: Duties, fields: Sequence[Field]) -> None:
    """Add the duty of each field that states one, unless a sentence already says the same."""
    stated = {(one.proposal.kind, one.proposal.recurrence) for one in duties.placed}
    for one in fields:
        if one.label not in _RULES or not one.value:
            continue
        kind, answers = _RULES[one.label]
        frequency, deadline = find_frequency(one.value), find_deadline(f"{one.word} {one.value}")
        recurrence = recurrence_of(frequency, deadline)
        said = any(hit.form.finite for hit in find_actions(one.value)) and kind in {each for each, _ in stated}
        if said or (kind, recurrence) in stated or (frequency is None and deadline is None):
            continue
        actor = next((field.value for field in fields if field.label is answers and field.value), None)
        duties.add(
            0,
            one.start,
            one.end,
            Proposal(
                kind=kind,
                modality=Modality.MUST,
                actor=actor,
                reason=reason_for_field(kind, one.word),
                recurrence=recurrence,
                deadline=deadline_or_rhythm(deadline, frequency),
            ),
        )
