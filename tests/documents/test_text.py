"""Bytes become text, and text becomes easy to read without losing the way back."""

from __future__ import annotations

import pytest

from styrhjul.documents import UnreadableDocument, decode, read_document, read_policy
from styrhjul.documents.text import clean
from tests.documents.labelled import SEEDS, Labelled

EACH_SEED = pytest.mark.parametrize("labelled", SEEDS, ids=lambda one: one.name)


def same_duties(labelled: Labelled, text: str) -> bool:
    """Tell whether a text gives the metadata and the duties of the seed, but for places and line ends in quotes."""
    one, other = labelled.read(), read_policy(text)
    kept = [(duty.action_kind, duty.actor, duty.recurrence, duty.quote.split()) for duty in one.duties]
    found = [(duty.action_kind, duty.actor, duty.recurrence, duty.quote.split()) for duty in other.duties]
    verbatim = all(text[duty.start : duty.end] == duty.quote for duty in other.duties)
    return one.metadata == other.metadata and kept == found and verbatim


@EACH_SEED
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_of_a_file_changes_nothing(labelled: Labelled, encoding: str) -> None:
    writable = labelled.text.replace("♦", "•")  # cp1252 has no diamond
    assert decode(writable.encode(encoding), "policy.txt") == writable
    assert same_duties(labelled, writable)


@EACH_SEED
@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_other_systems_change_nothing(labelled: Labelled, line_end: str) -> None:
    assert same_duties(labelled, labelled.text.replace("\n", line_end))


@EACH_SEED
def test_a_byte_order_mark_and_hard_spaces_change_nothing(labelled: Labelled) -> None:
    assert same_duties(labelled, "\ufeff" + labelled.text)
    assert read_policy(labelled.text.replace(" ", "\u00a0")).metadata.adopted_on == labelled.read().metadata.adopted_on


@EACH_SEED
def test_wrapped_lines_change_nothing_but_the_quotes(labelled: Labelled) -> None:
    wrapped = labelled.text.replace(" och ", " och\n")
    kinds = [(duty.action_kind, duty.actor, duty.modality) for duty in labelled.read().duties]
    assert [(duty.action_kind, duty.actor, duty.modality) for duty in read_policy(wrapped).duties] == kinds


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "policy.txt", "tom"),
        (b" \r\n\t", "policy.txt", "tom"),
        (b"\xef\xbb\xbf", "policy.md", "tom"),
        (b"Policy\x00 f\xf6r", "policy.txt", "inte hör hemma i text"),
        ("Policy\x01 för".encode("utf-16"), "policy.txt", "inte hör hemma i text"),
        (b"\xff\xfeP", "policy.txt", "teckenkodningen går inte att avgöra"),
        (b"Policy f\xf6r \x81 n\xe5got", "policy.txt", r"teckenkodningen går inte att avgöra \(byte 8\)"),
        (b"{\\rtf1", "policy.rtf", "”.rtf” stöds inte. Öppna den i Word"),
        (b"Policy", "policy", "utan ändelse"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_what_to_do(data: bytes, name: str, why: str) -> None:
    with pytest.raises(UnreadableDocument, match=why) as refused:
        read_document(data, name)
    assert str(refused.value).startswith(f"Filen gick inte att läsa som text. {name}: ")


def test_words_cut_at_a_line_end_are_joined_and_found_again() -> None:
    source = "Kommun-\nstyrelsen ska följa upp in- \noch utflyttning."
    cleaned = clean(source)
    assert cleaned.text == "Kommunstyrelsen ska följa upp in- \noch utflyttning."
    start, end = cleaned.span(0, len("Kommunstyrelsen"))
    assert source[start:end] == "Kommun-\nstyrelsen"


def test_soft_hyphens_vanish_and_keep_the_way_back() -> None:
    source = "Poli\u00adcyn revi\u00adderas vid varje ny mandat\u00adperiod."
    reading = read_policy(source)
    assert [duty.recurrence for duty in reading.duties] == ["mandate_period"]
    assert reading.duties[0].quote == source


def test_signs_that_turn_the_direction_reach_no_title_and_hide_no_duty() -> None:
    reading = read_policy("Rese\u202epolicy\u2069\n\nAnsvar\n\nNämnden s\u202dka årligen följa upp planen.")
    assert reading.metadata.title == "Resepolicy"
    assert [duty.actor for duty in reading.duties] == ["Nämnden"]


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("Nämnden ѕka följa upp planen.", True),
        ("Nämnden ska fölϳa upp planen.", True),
        ("Nämnden \u202eaks\u202c följa upp planen.", True),
        ("Nämnden ska följa upp µ-värdet, Δ och ordet мир.", False),
        ("Nämnden ska följa upp planen.", False),
    ],
)
def test_what_looks_like_other_letters_is_told(text: str, *, warns: bool) -> None:
    assert any("läs den själv" in warning for warning in read_policy(text).warnings) is warns
