"""A suggestion comes with each new term of the adopting body, and only where the text asks for nothing."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.suggestion import Reviewed, term_to_review_in
from styrhjul.domain.vocabulary import BodyKind

GRUMS = date(2021, 6, 30)  # adopted by the executive board
HERRLJUNGA = date(2017, 11, 14)  # adopted by the council


def label(kind: BodyKind, decided_on: date | None, today: date, *, asks: bool = False, official: bool = False) -> str:
    document = Reviewed(
        decided_on=decided_on,
        asks_for_revision=asks,
        by_official=official,
        adopter=BodyFacts(body_id="b", kind=kind),
    )
    term = term_to_review_in(document, today)
    return term.label if term else ""


@pytest.mark.parametrize(
    ("kind", "decided_on", "today", "expected"),
    [
        (BodyKind.EXECUTIVE_BOARD, GRUMS, date(2022, 12, 31), ""),
        (BodyKind.EXECUTIVE_BOARD, GRUMS, date(2026, 11, 23), "2023–2026"),
        (BodyKind.EXECUTIVE_BOARD, GRUMS, date(2027, 1, 1), "2027–2030"),
        (BodyKind.COUNCIL, HERRLJUNGA, date(2018, 10, 14), ""),
        (BodyKind.COUNCIL, HERRLJUNGA, date(2026, 10, 15), "2026–2030"),
        (BodyKind.COUNCIL, date(2022, 11, 28), date(2026, 10, 14), ""),
        (BodyKind.COUNCIL, date(1990, 1, 1), date(2026, 11, 23), "2026–2030"),
        (BodyKind.COUNCIL, None, date(2026, 11, 23), ""),
    ],
)
def test_a_new_term_of_the_adopter_is_suggested(
    kind: BodyKind, decided_on: date | None, today: date, expected: str
) -> None:
    assert label(kind, decided_on, today) == expected


def test_what_the_text_asks_for_is_no_suggestion() -> None:
    assert label(BodyKind.COUNCIL, HERRLJUNGA, date(2026, 11, 23), asks=True) == ""


def test_an_official_sits_for_no_term() -> None:
    """domain.md R1."""
    assert label(BodyKind.EXECUTIVE_BOARD, GRUMS, date(2026, 11, 23), official=True) == ""
