"""What one sentence proposes: its lifecycle duties, or else at most one other duty."""

from __future__ import annotations

import re
from dataclasses import replace

from styrhjul.documents.duties.binding import bindings
from styrhjul.documents.duties.clauses import Binding, Clauses
from styrhjul.documents.duties.exclusions import concerns_one_person, goes_on
from styrhjul.documents.duties.laws import (
    binds_others,
    follows_from_law,
    goes_on_with_law,
    is_anybody,
    is_others_act,
    left_to_law,
    names_law_next,
    retells_another,
    retells_law,
)
from styrhjul.documents.duties.lifecycle import lifecycle
from styrhjul.documents.duties.other_acts import other_act, other_proposal
from styrhjul.documents.duties.proposals import Proposal, Surroundings
from styrhjul.documents.duties.sayings import said_bindings
from styrhjul.documents.duties.wide import wide_bindings
from styrhjul.documents.language.lexicon import DOCUMENT_WORD
from styrhjul.documents.language.recurrence import find_frequency
from styrhjul.domain.vocabulary import ActionKind, Confidence

_THAT = re.compile(
    r"((?:[\w-]{1,40}\s){0,4}[\w-]{3,40}),?\s(?:som|vilken|vilket)\s(?:[\w-]{1,20}\s){0,2}\Z", re.IGNORECASE
)
_BARE_TYPE = len("styrdokumentet")
#: "en särskild plan som": not this one.
_SOME = re.compile(r"\b(?:en|ett)\s(?:[\w-]{1,30}\s){0,2}[\w-]{3,40}\Z", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\Z")
_STEM = 5
_DEFINITE_ENDS = ("n", "na", "et")


def propose(clauses: Clauses, around: Surroundings) -> list[Proposal]:
    """Return what a sentence proposes: its lifecycle duties in order, or else at most one other duty."""
    if concerns_one_person(clauses.text) or retells_another(clauses.text, around.own_words):
        return []
    if around.after_one and goes_on(clauses.text):
        return []
    found = _own(clauses, bindings(clauses), around)
    proposed = lifecycle(clauses, found, around)
    proposed += _at_a_second_look(clauses, found, proposed, around)
    if proposed or around.leads_in:
        return proposed
    act = other_act(clauses, around)
    other = other_proposal(clauses, act, around) if act is not None else None
    return [other] if other is not None else []


def _own(clauses: Clauses, found: list[Binding], around: Surroundings) -> list[Binding]:
    """Return the bindings that are this document's own, and not a law's, an authority's or another paper's."""
    return [
        one
        for one in found
        if not binds_others(one.subject)
        and not retells_law(clauses.text, one.subject)
        and not _of_another_document(clauses.text, one, around)
        and not (is_others_act(one.actor, clauses.text[one.hit.end :]) or left_to_law(clauses.text, one.actor))
        and not (names_law_next(clauses.text[one.hit.end :]) and find_frequency(clauses.text) is None)
        and not ((around.of_others or (around.after_law and goes_on_with_law(clauses.text))) and is_anybody(one.actor))
    ]


def _at_a_second_look(
    clauses: Clauses, found: list[Binding], proposed: list[Proposal], around: Surroundings
) -> list[Proposal]:
    """Return the kinds that only the wider look finds, with low confidence; none where the text gives reasons."""
    if around.background or around.of_others or follows_from_law(clauses.text):
        return []
    kinds = {one.kind for one in proposed}
    taken = {one.hit.start for one in found} if proposed else set()
    second = [one for one in wide_bindings(clauses) if one.hit.start not in taken]
    wide = lifecycle(clauses, _own(clauses, second, around), around)
    wide = [replace(one, confidence=Confidence.LOW) for one in wide if one.kind not in kinds]
    return wide or ([] if proposed else _in_plain_words(clauses, around))


def _in_plain_words(clauses: Clauses, around: Surroundings) -> list[Proposal]:
    """Return what is told without any word of a lifecycle, where nothing else is found."""
    plain = lifecycle(clauses, _own(clauses, said_bindings(clauses), around), around)
    return [replace(one, confidence=Confidence.LOW) for one in plain]


def _of_another_document(text: str, binding: Binding, around: Surroundings) -> bool:
    """Tell whether a verb stands with another document than this: "trafikstrategin, som följs upp av nämnden"."""
    if binding.hit.kind is ActionKind.REVISE and _IN_BRACKETS.search(text[: binding.hit.start]):
        return True
    relative = _THAT.search(text[: binding.hit.start])
    if relative is None or not binding.hit.form.passive:
        return False
    words = [word.lower() for word in relative[1].split() if DOCUMENT_WORD.fullmatch(word)]
    if not words:
        return binding.hit.kind is ActionKind.REVISE
    word = words[-1]
    return (
        _SOME.search(relative[1]) is not None
        or not word.endswith(_DEFINITE_ENDS)
        or (len(word) > _BARE_TYPE and not any(own[:_STEM] == word[:_STEM] for own in around.own_words))
    )
