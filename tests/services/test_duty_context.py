"""A sentence is shown in its paragraph, with the page or line where it begins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from styrhjul.documents import UnreadableDocument
from styrhjul.services.policies.duty_context import Context, context_of
from styrhjul.services.policies.file import MOST_LETTERS, place_in_words, read_file

TEXT = "Rubrik\n\nFörst detta. Sedan\ndetta. Sist detta.\n\nNämnden ska\n\n- följa upp,\n\n- redovisa.\n"


def context(quote: str, text: str = TEXT, pages: tuple[int, ...] = ()) -> Context:
    start = text.index(quote)
    policy: Any = SimpleNamespace(text=text, pages=pages)
    duty: Any = SimpleNamespace(start=start, end=start + len(quote))
    return context_of(policy, duty)


def test_a_sentence_is_shown_with_what_stands_around_it() -> None:
    shown = context("Sedan\ndetta.")
    assert (shown.before, shown.quote, shown.after) == ("Först detta.", "Sedan\ndetta.", "Sist detta.")
    assert shown.place == "rad 3"


def test_an_item_is_shown_with_what_leads_it_in() -> None:
    assert context("följa upp,").before == "Nämnden ska"
    assert context("- följa upp,").before == "Nämnden ska"
    assert context("två,", "Nämnden ska\n• ett,\n• två,\n").before == "Nämnden ska\n• ett,"
    assert context("två,", "Nämnden ska\n- ♦ ett,\n- ♦ två,\n").before == "Nämnden ska\n- ♦ ett,"


def test_a_sentence_that_begins_its_paragraph_is_shown_without_the_one_before() -> None:
    assert context("Först detta.").before == ""


def test_what_is_long_is_cut_with_three_dots() -> None:
    shown = context("Mitt.", "Före. " * 300 + "Mitt. " + "Efter. " * 300)
    assert shown.before.startswith("… ")
    assert shown.after.endswith(" …")
    assert len(shown.before) < 600


@pytest.mark.parametrize(("start", "page"), [(0, 1), (9, 1), (10, 2), (19, 2), (25, 4)])
def test_a_file_with_pages_names_the_page(start: int, page: int) -> None:
    assert place_in_words("x" * 30, start, (0, 10, 20, 20)) == f"sida {page}"


def test_a_text_that_nobody_could_read_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="för lång"):
        read_file(b"a" * (MOST_LETTERS + 1), "lång.txt")
