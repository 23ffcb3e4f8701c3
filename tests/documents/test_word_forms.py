"""The tables of verbs: a verb that is written wrong, or that no word leads to, is seen here."""

from __future__ import annotations

import pytest

from styrhjul.documents.language import verbs, word_forms
from styrhjul.documents.language.conjugation import read_verb
from styrhjul.documents.language.word_forms import FORMS, GROUPS

#: As `conjugation` writes them; "" for what ends alike in the present: "gör".
ENDINGS = {"ar", "er", "r", "as", ""}
WRITTEN = [
    (what, verb)
    for table in (verbs.CONJUGATED, word_forms._WIDER)
    for what, said in table.items()
    for verb in said.split()
]


def test_every_verb_ends_as_verbs_do() -> None:
    assert [verb for _, verb in WRITTEN if read_verb(verb)[1] not in ENDINGS] == []


def test_some_word_leads_to_every_verb() -> None:
    assert GROUPS.keys() - {form.stem for form in FORMS.values()} == set()


@pytest.mark.parametrize("table", [verbs.CONJUGATED, word_forms._WIDER], ids=["first", "wider"])
def test_no_verb_is_twice_in_a_row(table: dict[verbs.What, str]) -> None:
    assert {what: twice for what, said in table.items() if (twice := _twice(said.split()))} == {}


def _twice(words: list[str]) -> set[str]:
    return {word for word in words if words.count(word) > 1}
