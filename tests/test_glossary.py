"""The glossary is in step with the words of the program."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from styrhjul.db.model import Base
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import ActionKind, BodyKind, LifecycleKey, Modality

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs/glossary.md"
ROWS = re.findall(r"^\| `([^`]+)` \|([^|]*)\|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
TERMS = {term for term, _ in ROWS}


WORDS = [BodyKind, PostRole, Modality, ActionKind, RecurrenceKind, LifecycleKey, State, Audience]


@pytest.mark.parametrize("words", WORDS)
def test_every_word_of_the_vocabulary_is_explained(words: type[StrEnum]) -> None:
    assert {str(word) for word in words} - TERMS == set()


def test_every_table_is_explained() -> None:
    assert set(Base.metadata.tables) - TERMS == set()


def test_no_term_stands_twice_or_without_its_swedish() -> None:
    assert len(ROWS) == len(TERMS)
    assert [term for term, swedish in ROWS if not swedish.strip()] == []


def sections(text: str) -> set[tuple[int, int]]:
    """The sections of kommunallagen that a text names: "KL 5:9, 6:18–19", "KL 11 kap. 6 och 10 §§"."""
    found = set()
    for named in re.findall(r"KL ((?:\d+:\d+(?:–\d+)?(?:, )?)+)", text):
        for chapter, first, last in re.findall(r"(\d+):(\d+)(?:–(\d+))?", named):
            found |= {(int(chapter), number) for number in range(int(first), int(last or first) + 1)}
    for chapter, numbers in re.findall(r"KL (\d+) kap\. ([\d och]+) §", text):
        found |= {(int(chapter), int(number)) for number in re.findall(r"\d+", numbers)}
    return found


def test_every_section_of_law_that_a_lifecycle_rests_on_stands_beside_its_swedish_word() -> None:
    cited = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflows").glob("*.py"))]
    laws = sections("\n".join(cited))
    assert len(laws) > 10
    assert laws - sections(GLOSSARY.read_text(encoding="utf-8")) == set()
