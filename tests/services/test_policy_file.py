"""What comes in as text, however it comes, holds nothing that a database refuses and no more than a person reads."""

from __future__ import annotations

import pytest

from styrhjul.documents import UnreadableDocument
from styrhjul.services.policies.file import MOST_LETTERS, read_pasted


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x1f", "\ud800", "\ufffe"])
def test_what_is_no_letter_leaves_a_sign_where_it_stood(sign: str) -> None:
    read = read_pasted(f"Nämnden{sign}ska\r\n\tbesluta.").text
    assert read == "Nämnden\N{REPLACEMENT CHARACTER}ska\n\tbesluta."
    assert read.encode()


@pytest.mark.parametrize("sign", ["\v", "\f"])
def test_an_old_sign_for_a_new_line_or_page_is_a_new_line(sign: str) -> None:
    assert read_pasted(f"Nämnden{sign}ska").text == "Nämnden\nska"


@pytest.mark.parametrize("text", ["", " \r\n", "a" * (MOST_LETTERS + 1)])
def test_nothing_and_too_much_are_refused_when_pasted(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        read_pasted(text)
