"""The glossary is in step with the words of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from styrhjul.db.model import Base
from styrhjul.domain.office import PostRole
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Modality

GLOSSARY = Path(__file__).resolve().parent.parent / "docs/glossary.md"
ROWS = re.findall(r"^\| `([^`]+)` \|([^|]*)\|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
TERMS = {term for term, _ in ROWS}


@pytest.mark.parametrize("words", [BodyKind, PostRole, Modality, ActionKind, RecurrenceKind])
def test_every_word_of_the_vocabulary_is_explained(words: type[BodyKind | PostRole | Modality]) -> None:
    assert {str(word) for word in words} - TERMS == set()


def test_every_table_is_explained() -> None:
    assert set(Base.metadata.tables) - TERMS == set()


def test_no_term_stands_twice_or_without_its_swedish() -> None:
    assert len(ROWS) == len(TERMS)
    assert [term for term, swedish in ROWS if not swedish.strip()] == []
