"""What the papers of a revision are made from: what is known of a policy, frozen. What nobody knows stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.domain.vocabulary import Modality
from styrhjul.reports.chapter import GoalRow, WentUp, Years
from styrhjul.reports.chapter_facts import KnownCase, KnownEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDuty:
    """A confirmed sentence of the text that holds. `action` is in words; `bodies` are those a person confirmed."""

    quote: str
    actor: str | None
    bodies: tuple[str, ...]
    action: str
    modality: Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFacts:
    """One policy on a day. `adopter` is the body that decides; `prepared_by` whoever proposes to the council, or None.

    `judged` comes by year, and `went_up`, all that ever has, by day, the latest first. `cases`: every revision,
    review and opinion, by due day.
    """

    municipality: str
    policy_slug: str
    title: str
    on: date
    adopter: str
    prepared_by: str | None
    editions: tuple[KnownEdition, ...]
    duties: tuple[KnownDuty, ...]
    years: Years
    judged: tuple[tuple[int, GoalRow], ...]
    went_up: tuple[WentUp, ...]
    #: How many have answered what, as the chapters of the years say it.
    answered: tuple[str, ...]
    cases: tuple[KnownCase, ...]
    #: Whom the draft is, or would be, referred to.
    asked: tuple[str, ...]
    #: The first day that can be asked for, when the letter leaves on `on`.
    earliest_on: date
    text: str

    @property
    def edition(self) -> KnownEdition:
        """The text that holds."""
        return next((each for each in self.editions if each.superseded_on is None), self.editions[-1])
