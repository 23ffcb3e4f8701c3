"""What the second half of a sentence demands where the first gives leave: "X får göras av A, medan Y beslutas av B"."""

from __future__ import annotations

import re

from styrhjul.documents.duties.clauses import read_clauses
from styrhjul.documents.duties.one_sentence import propose
from styrhjul.documents.duties.proposals import Proposal, Surroundings
from styrhjul.documents.duties.reasons import reason_for
from styrhjul.documents.language.actors import actor_at
from styrhjul.domain.vocabulary import ActionKind, Modality

_CONTRAST = re.compile(
    r"(?:,\s(?:medan|men|däremot)|;(?:\s(?:medan|men|däremot))?)\s(?P<rest>.{8,400})\Z", re.IGNORECASE
)
_DECIDED_BY = re.compile(
    r"\b(?:beslutas|avgörs|godkänns|fastställs|antas|prövas|görs|bestäms)\sav\s(?P<who>.{3,120})", re.IGNORECASE
)


def demanded_after(text: str, before: list[Proposal], around: Surroundings) -> list[Proposal]:
    """Return what a sentence goes on to demand, where all that was read in it is leave. Empty for other sentences."""
    contrast = _CONTRAST.search(text)
    if contrast is None or not before or any(one.modality is not Modality.MAY for one in before):
        return []
    clauses = read_clauses(contrast["rest"], None, None)
    stronger = [one for one in propose(clauses, around) if one.modality is not Modality.MAY]
    decided = _DECIDED_BY.search(contrast["rest"]) if not stronger and clauses.main is None else None
    actor = actor_at(decided["who"].split()) if decided else None
    if actor is None:
        return stronger
    reason = reason_for(ActionKind.OTHER_DUTY, Modality.MUST, "", "")
    return [Proposal(ActionKind.OTHER_DUTY, Modality.MUST, actor, reason)]
