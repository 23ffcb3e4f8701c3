"""Whatever encoding a Swedish text was kept in, it is read letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.documents import read_document
from tests.documents.labelled import PRACTICE, SEEDS

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso-8859-1"]
OLD = ["mac_roman", "cp850", "cp865"]
EACH = pytest.mark.parametrize("encoding", [*ENCODINGS, *OLD])
PROSE = (
    "Nämnden ska följa upp målen. Årligen på hösten, ö för ö, à 2 st. Åtgärder! Äldre läser; ”KÖR SÅ” § 7 – på "
    "kommunstyrelsens miljö- och hälsoskyddsnämnd é Björkvattnet Öland SJÖBO ÅMÅL ÄLMHULT idé policyn i en by · å"
)


def told(text: str, encoding: str) -> str:
    return read_document(text.encode(encoding), "policy.txt").text


@EACH
@pytest.mark.parametrize("labelled", [*SEEDS, *PRACTICE], ids=lambda one: one.name)
def test_a_whole_document_is_read_in_every_encoding(encoding: str, labelled: object) -> None:
    text = getattr(labelled, "text", "")
    writable = text.encode(encoding, "ignore").decode(encoding)
    assert told(writable, encoding) == writable


@EACH
@pytest.mark.parametrize("sentence", ["Nämnden ska följa upp målen.", "ÅR 2020", "Ö", "på", "Antagen av: Malmö", "Åre"])
def test_a_few_words_are_enough(encoding: str, sentence: str) -> None:
    assert told(sentence, encoding) == sentence


@given(
    words=st.lists(st.sampled_from(PROSE.split()), min_size=3, max_size=40), encoding=st.sampled_from(ENCODINGS + OLD)
)
def test_any_words_in_any_order_are_read(words: list[str], encoding: str) -> None:
    text = " ".join(["Nämnden följer", *words]).encode(encoding, "ignore").decode(encoding)
    assert told(text, encoding) == text


def test_an_encoding_that_was_guessed_is_told() -> None:
    read = read_document("Nämnden ska följa upp målen på hösten.".encode("mac_roman"), "policy.txt")
    assert read.warnings == ("Teckenkodningen lästes som MacRoman. Kontrollera å, ä och ö.",)
    assert read_document("Nämnden".encode("cp1252"), "policy.txt").warnings == ()


def test_every_offset_leads_to_its_line() -> None:
    read = read_document("Policy\r\n\r\nNämnden ska\nfölja upp.".encode(), "policy.md")
    lines = [read.place(read.text.index(word)).line for word in ("Policy", "Nämnden", "följa")]
    assert (read.kind, lines, read.place(0).page) == (".md", [1, 3, 4], None)
    assert read.place(10_000).line == 4
