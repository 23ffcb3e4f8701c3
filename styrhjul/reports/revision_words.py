"""The Swedish that the papers of a revision share: what is to be filled in, and how a decision is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey, Modality
from styrhjul.reports import chapter_words as words
from styrhjul.reports.block import Table
from styrhjul.reports.chapter_facts import KnownCase, KnownEdition
from styrhjul.reports.revision_facts import KnownDuty, RevisionFacts

MODALITIES: dict[Modality, str] = {
    Modality.MUST: "ska",
    Modality.SHOULD: "bör",
    Modality.MAY: "kan",
    Modality.MUST_NOT: "får inte",
}


def fill(what: str) -> str:
    """Return the mark of what somebody has to write: nothing is guessed."""
    return f"[Fylls i: {what}]"


def day_or_fill(on: date | None, what: str) -> str:
    """Return a day, or the mark."""
    return str(on) if on else fill(what)


def decided(edition: KnownEdition) -> str:
    """Return "kommunfullmäktige 2015-09-07 § 82" for within a sentence; a mark stands for what the text leaves out."""
    by = words.inside(edition.adopted_by) if edition.adopted_by else fill("vem som antog")
    number = f"§{words.NBSP}{edition.paragraph}" if edition.paragraph else fill("paragraf")
    return f"{by} {day_or_fill(edition.adopted_on, 'dag för antagandet')} {number}"


def revisions(facts: RevisionFacts) -> Iterator[KnownCase]:
    """Yield the rounds in which it was asked whether the policy shall stand."""
    return (case for case in facts.cases if case.lifecycle is not LifecycleKey.REFERRAL)


def opinions(facts: RevisionFacts) -> list[KnownCase]:
    """Return the bodies' cases of the latest referral, answered or not; of each body the last one."""
    asked = [case for case in facts.cases if case.lifecycle is LifecycleKey.REFERRAL]
    return list({case.body_id: case for case in asked}.values())


def open_revision(facts: RevisionFacts) -> KnownCase | None:
    """Return the revision that waits for a decision."""
    waiting = [case for case in revisions(facts) if case.state in _WAITING and case.lifecycle is LifecycleKey.REVISION]
    return waiting[-1] if waiting else None


_WAITING = frozenset({State.OPEN, State.UNDER_WAY, State.REFERRED, State.PREPARED})


def duties_table(facts: RevisionFacts) -> Table:
    """Return the confirmed duties, quoted; a sentence may state several, and each says of what kind it is."""
    return Table(
        caption="Skyldigheter i texten som gäller",
        columns=("Vem", "Ordalydelse", "Slag", "Styrka"),
        rows=tuple(
            (_whom(each), f"”{' '.join(each.quote.split())}”", each.action, MODALITIES[each.modality])
            for each in facts.duties
        ),
        shares=(28, 44, 17, 11),
    )


def _whom(duty: KnownDuty) -> str:
    """Return the text's own word for whoever acts, and the bodies that a person confirmed."""
    word, bodies = duty.actor or "", ", ".join(duty.bodies)
    same = word.casefold() == bodies.casefold()
    return "\n".join(filter(None, ("" if same else word, bodies))) or words.UNSTATED
