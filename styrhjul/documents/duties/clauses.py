"""A sentence with its binding words, and what its list and the sentence before lend it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from styrhjul.documents.language.actions import Hit
from styrhjul.documents.language.actors import Subject
from styrhjul.documents.language.modality import Governor, find_governors
from styrhjul.domain.vocabulary import Modality

#: "Nämnderna bör" + "se till att …": the line above says how strongly.
_ENSURES = ("se till", "tillse", "säkerställa", "sörja", "verka")


@dataclass(frozen=True, slots=True)
class Lead:
    """What the unfinished line above a list gives each item: actor, binding word, and the words it stands in."""

    actor: str | None
    governor: Governor | None
    text: str
    examples: tuple[str, ...] = ()
    tasks: bool = False  #: what follows is somebody's tasks, in whatever form: "Följa upp målen"


@dataclass(frozen=True, slots=True)
class Said:
    """Who acted in the sentence before, for "de" and for a passive that goes on about the same."""

    actor: str | None
    answers: bool


@dataclass(frozen=True, slots=True)
class Binding:
    """A verb that binds, with the word that does it ("" where the present tense alone does)."""

    hit: Hit
    modality: Modality
    words: str
    actor: str | None
    subject: Subject
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clauses:
    """A sentence with its binding words, and what stands around it."""

    text: str
    governors: list[Governor]
    lead: Lead | None
    before: Said | None
    topical: bool = False  #: the section is about how the document is carried out, followed up or kept

    @property
    def main(self) -> Governor | None:
        return next((one for one in self.governors if not one.subordinate), None)


def read_clauses(text: str, lead: Lead | None, before: Said | None, *, topical: bool = False) -> Clauses:
    """Find the binding words of a sentence."""
    governors = find_governors(text)
    if lead is not None and lead.governor is not None and governors and governors[0].words.lower().startswith(_ENSURES):
        governors[0] = replace(governors[0], modality=lead.governor.modality)
    return Clauses(text, governors, lead, before, topical)
