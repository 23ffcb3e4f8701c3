"""What a municipality may do though no text asks for it: a suggestion, never a duty, and nothing wakes for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.term import Term, TermNotKnown, term_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A document as far as a suggestion needs it.

    `decided_on` is the latest decision about it: its adoption, or a review since. `asks_for_revision` is true where
    any sentence of it does, or may. An official who adopted it sits for no term of office.
    """

    decided_on: date | None
    asks_for_revision: bool
    by_official: bool
    adopter: BodyFacts


def term_to_review_in(document: Reviewed, today: date) -> Term | None:
    """Return the adopter's present term, where it has begun since the last decision and the text asks for nothing.

    A document decided in one term belongs to that term of the adopting body. None where nothing is suggested.
    """
    if document.asks_for_revision or document.by_official or document.decided_on is None:
        return None
    kind, starts = document.adopter.kind, document.adopter.term_starts
    present = term_of(kind, today, starts)
    try:
        decided_in = term_of(kind, document.decided_on, starts)
    except TermNotKnown:  # before the terms that the calendar knows
        return present
    return present if decided_in.starts_on < present.starts_on else None
