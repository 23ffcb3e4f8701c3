"""What a reading of a policy gives: frozen values, each with the way back to the text. None always means not stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

#: `FoundDuty.condition` where only what somebody chose to draw up is followed up: "de upprättade handlingsplanerna".
ONLY_EXISTING_PLANS = "only plans that exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the document says about itself. `adopted_on` is the decision on this version."""

    municipality: str | None = None
    title: str | None = None
    document_type: str | None = None
    adopted_by: str | None = None
    adopted_on: date | None = None
    first_adopted: str | None = None  #: a year, or an ISO date where the text gives one
    paragraph: str | None = None
    diary_number: str | None = None
    version: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    last_revised_on: date | None = None
    document_owner: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field for which the text gives several values, each with its label; `used` is the one taken, for now."""

    name: str
    values: tuple[tuple[str, str], ...]
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDuty:
    """One duty. `quote` is `text[start:end]` of the text that was read; one sentence may hold several duties."""

    quote: str
    start: int
    end: int
    actor: str | None
    modality: Modality
    action_kind: ActionKind
    artefact: str | None = None
    recurrence: str | None = None
    deadline: str | None = None  #: in the words of the text
    goal_min: int | None = None
    goal_max: int | None = None
    condition: str | None = None
    addressees: tuple[str, ...] = ()  #: whom the actor stands for, where the text itself lists or defines them
    confidence: Confidence = Confidence.HIGH
    reason: str = ""  #: in Swedish, why a rule saw a duty


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReading:
    """A policy as rules read it: duties in the order of the text, warnings in Swedish for the person who confirms."""

    metadata: Metadata
    duties: tuple[FoundDuty, ...]
    defined_terms: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
