"""Where sentences, headings, lists and paragraphs begin and end."""

from __future__ import annotations

import pytest

from styrhjul.documents.sections import BlockKind, read_blocks, read_lines
from styrhjul.documents.sentences import split_sentences
from styrhjul.documents.text import clean


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(clean(text), 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Nämnden har en tydlig VI-känsla! och ska ta fram mål.",
        "Det gäller bl.a. Socialnämnden och t.ex. Bildningsnämnden.",
        "Policyn gäller fr.o.m. 2022 enligt 5 kap. 1 § kommunallagen.",
        "1. Nämnden ska sätta mål.",
        "Bilagan (se avsnitt 2.1.3) gäller.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Policyn antogs 2015. Den ska revideras.", ["Policyn antogs 2015.", "Den ska revideras."]),
        ("Vi säger ”ja.” Sedan går vi.", ["Vi säger ”ja.”", "Sedan går vi."]),
        ("Vem? Nämnden!\nPunkt", ["Vem?", "Nämnden!", "Punkt"]),
        ("Beslut togs i § 82. Nämnden följer upp.", ["Beslut togs i § 82.", "Nämnden följer upp."]),
    ],
)
def test_two_sentences_are_told_apart(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, text[block.start : block.end]) for block in read_blocks(read_lines(text), set(), {"titeln"})]


def test_a_paragraph_broken_by_a_page_goes_on_with_a_small_letter() -> None:
    assert blocks("Ansvar\n\nKommunen ska bekämpa\n\nPolicy\n3(4)\n\nrasistiska attityder.") == [
        (BlockKind.HEADING, "Ansvar"),
        (BlockKind.PARAGRAPH, "Kommunen ska bekämpa\n\nPolicy\n3(4)\n\nrasistiska attityder."),
    ]


def test_running_headers_and_contents_lines_are_no_text() -> None:
    assert blocks("Titeln\n\nPOLICY\n\nSida 2 av 4\n\nUppföljning ........ 3\n\nNämnden ska svara.") == [
        (BlockKind.PARAGRAPH, "Nämnden ska svara."),
    ]


@pytest.mark.parametrize("marker", ["-", "•", "♦", "- ♦", "*", "–", "a)", "1)", "\uf0b7"])
def test_list_items_keep_the_line_that_leads_them_in(marker: str) -> None:
    text = f"Nämnderna ska\n{marker} följa upp målen,\n{marker} svara."
    found = read_blocks(read_lines(text), set(), set())
    assert [text[block.start : block.end] for block in found[1:]] == ["följa upp målen,", "svara."]
    assert all(block.lead_in is found[0] for block in found[1:])


def test_a_finished_sentence_leads_nothing_in() -> None:
    found = read_blocks(read_lines("Nämnderna ska svara.\n- Mål\n- Medel"), set(), set())
    assert [block.lead_in for block in found] == [None, None, None]
