"""Whatever the core can say of an answer is known again, and told in the reader's language."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

import pytest

from styrhjul.domain import completeness, completeness_lists, written
from styrhjul.domain.field_fault import FieldError
from styrhjul.mail.catalogue import SOURCE, catalogue
from styrhjul.mail.language import LANGUAGES
from styrhjul.mail.retold import known
from styrhjul.web.answering import reading
from styrhjul.web.answering.fault import FAULTS, OF_FILES, told
from tests.mail.test_language import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

#: What stands in a place of a sentence, by the expression that fills it. A new one is a KeyError: give it a word.
FILLED = {
    "_NO_DAY": "Skriv vilken dag beslutet fattades",
    "demand.body": "nämnden",
    "adopter.name": "Socialnämnden",
    "above": " eller ett organ över det",
    "' eller '.join(demand.vacant)": "ordförande eller nämndsekreterare",
    "today.isoformat()": "2027-03-10",
    "most": "ett mål",
    "demand.goal_max": "3",
    "demand.goal_min": "2",
    "MOST_PLANS": "12",
    "MOST_PROJECTS": "12",
    "at_most": "300",
    "len(text)": "301",
}


def sentences(module: ModuleType) -> Iterator[str]:
    """Every sentence that a module can say: what is written with a capital and has several words, but no docstring."""
    tree = ast.parse(inspect.getsource(module))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and not {id(node)} & (inner | documented):
            words = said(node)
            if words[:1].isupper() and " " in words:
                yield words


def said(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        FILLED[ast.unparse(part.value)] if isinstance(part, ast.FormattedValue) else str(ast.literal_eval(part))
        for part in node.values
        if not isinstance(part, ast.FormattedValue) or ast.unparse(part.value) in FILLED or is_words(node)
    )


def is_words(node: ast.JoinedStr) -> bool:
    """Whether the string is a sentence; else it is a field's name."""
    return any(isinstance(part, ast.Constant) and " " in str(part.value) for part in node.values)


ALL = sorted({each for module in (completeness, completeness_lists, written, reading) for each in sentences(module)})


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {SOURCE}))
@pytest.mark.parametrize("sentence", ALL)
def test_a_fault_is_told_in_the_readers_language(sentence: str, language: str) -> None:
    [error] = told([FieldError("comment", sentence)], language)
    assert error.field == "comment"
    assert error.message != sentence
    assert FUNCTION_WORDS.findall(error.message.replace("Socialnämnden", "")) == []


def test_no_fault_is_kept_that_nobody_says() -> None:
    unsaid = {fault for fault in FAULTS if all(known(each, (fault,), "en") == each for each in ALL)}
    others = {"Skriv högst {count} mål. Ta bort de andra"}  # beside the one goal above
    others |= {each for each in FAULTS if "bara samma organ kan" in each}  # beside the body with one above it
    assert unsaid - set(OF_FILES) == others


def test_a_fault_names_bodies_offices_and_counts_as_the_reader_does() -> None:
    swedish = "Ingen är ordförande eller sekreterare, så ingen kan svara för nämnden. Läs in minst en av dem med "
    errors = (FieldError("x", swedish + "styrhjul officials import och öppna länken igen"),)
    assert told(errors, "en")[0].message.startswith("Nobody is chair or secretary, so nobody can answer for the comm")
    assert told(errors, SOURCE) == errors


def test_what_nobody_knows_again_stays_as_it_is() -> None:
    errors = (FieldError("x", "Något helt annat"),)
    assert told(errors, "en") == errors
    assert catalogue("en").get("Något helt annat") is None
