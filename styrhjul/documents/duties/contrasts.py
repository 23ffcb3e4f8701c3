"""What the second half of a sentence demands where the first gives leave.

"X får göras av A, medan Y beslutas av B", "rådet får lämna förslag till nämnden, som ska svara".
"""

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
_WHO_SHALL = re.compile(
    r"(?P<before>[^,;]{3,160}),\s(?:som|vilken|vilket|vilka)\s(?P<rest>(?:[\w-]{1,20}\s){0,2}?(?:ska|skall|måste)\s.{4,300})\Z",
    re.IGNORECASE,
)
#: The name of a body has no more words.
_LONGEST_NAME = 4


def demanded_after(text: str, before: list[Proposal], around: Surroundings) -> list[Proposal]:
    """Return what a sentence goes on to demand, where all that was read in it is leave. Empty for other sentences."""
    if not before or any(one.modality is not Modality.MAY for one in before):
        return []
    contrast = _CONTRAST.search(text)
    if contrast is None:
        return _of_whoever_is_named(text, around)
    clauses = read_clauses(contrast["rest"], None, None)
    stronger = [one for one in propose(clauses, around) if one.modality is not Modality.MAY]
    decided = _DECIDED_BY.search(contrast["rest"]) if not stronger and clauses.main is None else None
    actor = actor_at(decided["who"].split()) if decided else None
    if actor is None:
        return stronger
    reason = reason_for(ActionKind.OTHER_DUTY, Modality.MUST, "", "")
    return [Proposal(ActionKind.OTHER_DUTY, Modality.MUST, actor, reason)]


def _of_whoever_is_named(text: str, around: Surroundings) -> list[Proposal]:
    """Return what a relative clause demands of the body right before it."""
    relative = _WHO_SHALL.search(text)
    if relative is None:
        return []
    words = relative["before"].split()[-_LONGEST_NAME:]
    names = (" ".join(words[first:]) for first in range(len(words)))
    who = next((name for name in names if actor_at(name.split()) == name), None)
    return propose(read_clauses(f"{who} {relative['rest']}", None, None), around) if who else []
