"""Names that are known, addresses and numbers of persons leave no text; everything else stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.personal import Mask

MASK = Mask(["Anna Berg", "Anna Berg Lind", "Kommunchef"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Anna Berg svarar", "[namn] svarar"),
        ("ANNA  BERGS plan", "[namn] plan"),
        ("Anna\nBerg", "[namn]"),
        ("Anna Berg Lind svarar", "[namn] svarar"),
        ("Skriv till anna.berg+x@kommun.example.org.", "Skriv till [e-postadress]."),
        ("640823-3234", "[personnummer]"),
        ("196408233234", "[personnummer]"),
        ("19640883 3234", "[personnummer]"),
        ("0454-930 00", "[telefonnummer]"),
        ("070-123 45 67", "[telefonnummer]"),
        ("+46 70 123 45 67", "[telefonnummer]"),
    ],
)
def test_what_points_at_a_person_is_taken_out(text: str, masked: str) -> None:
    assert MASK(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Kommunchefen svarar",
        "Anna Bergman",
        "Susanna Berg",
        "KS-2016-284",
        "2027-03-10",
        "Från 1 250 till 1 340 personer år 2026-2027",
        "§ 12, dnr 2027/00149",
        "100 000 000 kronor",
        "0-5 år",
    ],
)
def test_what_does_not_stays(text: str) -> None:
    assert MASK(text) == text


@given(st.text(st.sampled_from("Ana Berg@.x0459-3 \n"), max_size=40))
def test_it_is_safe_to_repeat(text: str) -> None:
    assert MASK(MASK(text)) == MASK(text)


def test_without_names_the_rest_is_still_taken_out() -> None:
    assert Mask([])("Anna Berg, a@example.org") == "Anna Berg, [e-postadress]"
