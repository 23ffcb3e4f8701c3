"""Whatever people write can be kept: what no font has is named, and nothing is read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from styrhjul.reports.pdf import typeset
from styrhjul.reports.printable import coverage, printable
from tests.reports.pdf_parts import letters
from tests.reports.test_pdf import AT, page

if TYPE_CHECKING:
    from collections.abc import Iterable


def of_lines(lines: Iterable[str]) -> bytes:
    shown = [{"kind": "text", "lines": [{"indent": 0, "text": line}]} for line in lines]
    return typeset("records/record.typ", page(sections=[{"heading": "Text", "blocks": shown}]), at=AT)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Åke, Łukasz och Şahin, 3 § ”så” – 5 €", "Åke, Łukasz och Şahin, 3 § ”så” – 5 €"),
        ("bra \U0001f600", "bra [U+1F600]"),
        ("\u202egnp.exe", "[U+202E]gnp.exe"),
        ("bel\x07l", "bel[U+0007]l"),
        ("\ue000\ufffe", "[U+E000][U+FFFE]"),
        ("ett\r\ntvå\rtre\tfyra", "ett\ntvå\ntre    fyra"),
        ("\ufeffmål\ufe0f", "mål"),
        ("för\u00advaltning", "för\u00advaltning"),
        ("a" * 80, "a" * 80),
        ("a" * 90, f"{'a' * 40}\u200b{'a' * 40}\u200b{'a' * 10}"),
    ],
)
def test_what_no_font_has_is_shown_as_its_number(typed: str, shown: str) -> None:
    assert printable(typed) == shown


def test_every_letter_that_is_said_to_have_a_font_can_be_set() -> None:
    """A new typst may bring other fonts: then this fails, and `coverage.txt` is made anew."""
    known = [f"a{letter}" for letter in sorted(coverage()) if letter.isprintable()]
    pdf = of_lines(" ".join(known[first : first + 200]) for first in range(0, len(known), 200))
    assert set("ÅÄÖåäö§€Łşжλ▲◐○") <= letters(pdf)
    assert len(letters(pdf)) > 4000


@given(st.text(max_size=80))
@example("عربي e\u0301\u0327 क्ष 漢字 \u0600\u200d")
@example('#import "x": * \\ $ _ * [ ] { } // /* @ref <label> `raw`')
def test_anything_anybody_types_can_be_kept(typed: str) -> None:
    assert of_lines([typed]).startswith(b"%PDF-1.7")


def test_a_word_longer_than_any_document_can_be_kept() -> None:
    assert of_lines(["å" * 70_000]).startswith(b"%PDF-1.7")


def test_text_is_never_read_as_markup() -> None:
    pdf = of_lines(["#panic() *inte fet* $x$ [y]"])
    assert set("#*$[]()") <= letters(pdf)
