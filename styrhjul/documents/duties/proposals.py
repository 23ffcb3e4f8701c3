"""What is proposed, and what is known around the sentence that proposes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from styrhjul.documents.duties.clauses import Clauses
from styrhjul.documents.duties.conditions import condition_of
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality


@dataclass(frozen=True, slots=True)
class Proposal:
    """A duty as its sentence states it, before it gets its place in the document.

    `reason` tells what the rule saw, and neither the actor nor the confidence: those may still become others.
    """

    kind: ActionKind
    modality: Modality
    actor: str | None
    reason: str
    confidence: Confidence = Confidence.HIGH
    recurrence: str | None = None
    deadline: str | None = None
    artefact: str | None = None
    goals: tuple[int | None, int | None] = (None, None)
    condition: str | None = None
    names_who: bool = False  #: "Kommunchefen ansvarar för uppföljningen": whose it is, of what a sentence nearby says
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the document tells about every sentence of a section."""

    section: int  #: its number, by which duties of one section find each other
    title: str
    own_words: frozenset[str]
    terms: Mapping[str, tuple[str, ...]]
    background: bool
    #: A section on what others have decided: only a body named in it can be bound, and not surely.
    of_others: bool = False
    after_law: bool = False  #: the sentences before retell a law; what nobody is named for goes on about it
    after_one: bool = False  #: the sentences before are about one person's plan
    leads_in: bool = False  #: an unfinished line above a list: its items are the duties, not the line itself


def condition(clauses: Clauses, kind: ActionKind, verb_end: int) -> str | None:
    """Return the words a duty of a sentence depends on; `verb_end` is where its verb ends."""
    return condition_of(clauses.text, kind, main_at=clauses.main.start if clauses.main else None, verb_end=verb_end)
