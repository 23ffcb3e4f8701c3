"""Names that are known, addresses and numbers of persons leave no text; everything else stays as it was written."""

from __future__ import annotations

from datetime import date

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
        ("640823–3234", "[personnummer]"),
        ("640823 - 3234", "[personnummer]"),
        ("640823\u00a03234", "[personnummer]"),
        ("640823−3234 och 19640823—3234", "[personnummer] och [personnummer]"),
        ("6408\u200b23-32\u00ad34", "[personnummer]"),
        ("1964-08-23-3234", "[personnummer]"),
        ("64 08 23 3234", "[personnummer]"),
        ("1964 08 23 – 3234", "[personnummer]"),
        ("pnr-640823-3234", "pnr-[personnummer]"),
        ("070 123 45 67", "[telefonnummer]"),
        ("070\u00a0123\u202f45\u00a067", "[telefonnummer]"),
        ("0761234567", "[telefonnummer]"),
        ("070-123-45-67", "[telefonnummer]"),
        ("070–012 34 56", "[telefonnummer]"),
        ("07\u200b0-123 45 67", "[telefonnummer]"),
        ("08 123 456 78", "[telefonnummer]"),
        ("0454 930 00", "[telefonnummer]"),
        ("(0454) 930 00", "[telefonnummer]"),
        ("0454/930 00", "[telefonnummer]"),
        ("rum 5 070 123 45 67", "rum 5 [telefonnummer]"),
        ("+46 (0) 70-123 45 67", "[telefonnummer]"),
        ("+46(0)701234567", "[telefonnummer]"),
        ("+46 (0)454 - 930 00", "[telefonnummer]"),
        ("0046 70 123 45 67", "[telefonnummer]"),
        ("0046-8-123 456 78", "[telefonnummer]"),
        ("00 46 70 123 45 67", "[telefonnummer]"),
        ("An\u200bna Berg", "[namn]"),
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
        "Från 2026-01-01–2027-12-31, och 2027-03-10 2028",
        "den 08-02-2027 och 10/03 2027",
        "dnr 0149/2027, KS 2027-0149 och KS 0149-2027",
        "org.nr 212000-1520",
        "1 025 000 000 kronor, 0,025 000 och 12 070 123 000 kr",
        "+46 000 000 kronor",
        "åren 08 09 10 11 och verksamhet 010 020 030",
        "kl. 08.00–16.00, kl 08 00 och 08:00-16:30",
        "2023 2024 2025 2026 2027",
        "KF 2027-02-17 § 31",
        "9 av 10 under 2026–2027, 45 67 procent",
    ],
)
def test_what_does_not_stays(text: str) -> None:
    assert MASK(text) == text


@given(st.text(st.sampled_from("Ana Berg@.x0459-3 \n–+46(0)\u200b/"), max_size=40))
def test_it_is_safe_to_repeat(text: str) -> None:
    assert MASK(MASK(text)) == MASK(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_days_years_and_spans_of_them_stay(first: date, last: date) -> None:
    years = f"{first.year}–{last.year}, {first.year} {last.year}"
    said = f"Från {first} till {last}, {first}–{last}, {first:%d-%m-%Y}, {years}"
    assert MASK(said) == said


@given(st.integers(0, 99_999_999_999), st.integers(1900, 2099), st.integers(1, 99_999))
def test_amounts_and_diary_numbers_stay(amount: int, year: int, number: int) -> None:
    said = f"{amount:,} kr, KS-{year}-{number}, KS {year}/{number:05}, dnr {year}:{number}".replace(",", " ")
    assert MASK(said) == said


@given(
    st.dates(date(1920, 1, 1), date(2019, 12, 31)),
    st.integers(0, 9999),
    st.sampled_from(["", "-", "–", "—", " ", " - ", " – ", "+", "\u00a0", "\u200b-", "\u2011"]),
    st.sampled_from(["%y%m%d", "%Y%m%d"]),
)
def test_a_personal_number_is_found_however_it_is_parted(born: date, last: int, gap: str, form: str) -> None:
    assert MASK(f"Hon ({born:{form}}{gap}{last:04}) svarar") == "Hon ([personnummer]) svarar"


@given(
    st.sampled_from(["076", "073", "+46 70", "+4670", "+46 (0)70", "+46(0) 70", "0046 70", "004670"]),
    st.sampled_from(["", " ", "-", "–", "\u00a0"]),
    st.sampled_from(["1234567", "123 45 67", "123\u00a045\u00a067", "12 34 567", "123-45-67"]),
)
def test_a_mobile_is_found_however_it_is_written(area: str, gap: str, number: str) -> None:
    assert MASK(f"Ring {area}{gap}{number}.") == "Ring [telefonnummer]."


def test_without_names_the_rest_is_still_taken_out() -> None:
    assert Mask([])("Anna Berg, a@example.org") == "Anna Berg, [e-postadress]"
