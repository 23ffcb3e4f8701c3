"""Whatever the text, the reader answers, soon, and quotes it letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.documents import UnreadableDocument, decode, read_policy
from styrhjul.domain.recurrence import parse_recurrence

WORDS = [
    "Nämnden", "nämnderna", "kommunstyrelsen", "ska", "bör", "kan", "följa upp", "följs upp", "revideras",
    "ta fram", "1-2 mål", "en handlingsplan", "årligen", "senast", "den 31 mars", "varje mandatperiod",
    "redovisas", "i årsredovisningen", "Policyn", "Den", "som", "för att", "och", ",", ".", "!", ":", ";", "\n",
    "\n\n", "- ", "• ", "1. ", "§ 82", "Antagen av:", "Datum", "2021-06-30", "Policy", "KF", "Dnr", "KS 2020/12",
    "(", ")", "”", "“", "\u00ad", "\r\n", "\t", "   ", "ansvarar för att", "av", "till", "Älvens kommun",
    "Revideras:", "vid behov", "\u017f", "\u0130", "\u0131", "ett",
]  # fmt: skip
FRAGMENTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


@given(st.one_of(st.text(max_size=400), FRAGMENTS, st.tuples(FRAGMENTS, st.text(max_size=40), FRAGMENTS).map("".join)))
def test_any_text_is_read_and_every_quote_is_verbatim(text: str) -> None:
    reading = read_policy(text)
    for duty in reading.duties:
        assert duty.quote == text[duty.start : duty.end]
        assert duty.quote.strip()
        assert duty.reason
        parse_recurrence(duty.recurrence)
    assert all(warning.endswith(".") for warning in reading.warnings)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused_in_words(data: bytes) -> None:
    text, why = "", ""
    try:
        text = decode(data, "policy.txt")
    except UnreadableDocument as refused:
        why = refused.why
    assert text.strip() if not why else why.endswith(".")


def test_nothing_at_all_is_said_to_be_nothing() -> None:
    assert read_policy(" \n").warnings == ("Dokumentet innehåller ingen text.",)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "a ", "A. ", "! ", "nämnden ska ", "a, ", "(", "”", "- ", "\n", "1.1.1.", "a-\n", "A B kommun ", "följa ",
        "minst ett ", "för att ", "Datum  ", "Antagen av: ", "nämnder, bolag och ", "varje år ",
        "i samband med ", "av nämnden ", "Nämnderna ska\n- följa upp mål\n", "För uppföljning ansvarar nämnden. ",
    ],
    ids=repr,
)  # fmt: skip
def test_hostile_repetition_is_read_in_time(piece: str) -> None:
    endless = (piece * (200_000 // len(piece)))[:200_000]
    assert read_policy(endless).metadata.adopted_on is None


def test_a_stretch_too_long_for_a_sentence_is_told() -> None:
    reading = read_policy("Nämnden ska följa upp målen " + "och " * 1_000)
    assert reading.duties == ()
    assert any("för långa" in warning for warning in reading.warnings)
