"""The catalogues say all that the templates say, and nothing else. STYRHJUL_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from styrhjul.mail.catalogue import (
    CATALOGUES,
    PLACEHOLDER,
    SOURCE,
    NotTranslatable,
    catalogue,
    message_of,
    translated,
)
from styrhjul.mail.language import LANGUAGES, spoken
from styrhjul.mail.render import TEMPLATES

ROOT = TEMPLATES.parent
TEMPLATE = CATALOGUES / "styrhjul.pot"
UPDATE = os.environ.get("STYRHJUL_UPDATE_GOLDEN") == "1"
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})


def extracted() -> Catalog:
    """What a translator is given: every message, and the files it stands in."""
    methods, options = parse_mapping_cfg(  # type: ignore[no-untyped-call]
        io.StringIO((CATALOGUES / "babel.cfg").read_text(encoding="utf-8"))
    )
    found = Catalog(fuzzy=False)
    for name, _, words, _, _ in extract_from_dir(ROOT, methods, options, keywords={"message": None}):
        found.add(words, locations=[(name, 0)])
    return found


def written(catalog: Catalog, header: str) -> str:
    file = io.BytesIO()
    write_po(file, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return f"{header}\n{file.getvalue().decode().strip()}\n"


def header_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n\n")[0] + "\n"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(language: str) -> list[Message]:
    return [each for each in read(CATALOGUES / f"{language}.po") if each.id]


def test_the_template_has_every_message_that_is_marked() -> None:
    content = written(extracted(), header_of(TEMPLATE))
    if UPDATE:
        TEMPLATE.write_text(content, encoding="utf-8")
    assert content == TEMPLATE.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_the_messages_of_the_template_and_no_others(language: str) -> None:
    path = CATALOGUES / f"{language}.po"
    merged = read(path)
    merged.update(extracted(), no_fuzzy_matching=True)
    content = written(merged, header_of(path))
    if UPDATE:
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_untranslated_and_nothing_is_guessed(language: str) -> None:
    assert [each.id for each in messages(language) if not each.string or each.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_of_its_message(language: str) -> None:
    differing = [
        each.id
        for each in messages(language)
        if set(PLACEHOLDER.findall(str(each.id))) != set(PLACEHOLDER.findall(str(each.string)))
    ]
    assert differing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_words_and_no_code(language: str) -> None:
    bare = [PLACEHOLDER.sub("", str(each.string)) for each in messages(language)]
    assert [words for words in bare if re.search(r'[{}<>&"\\%]', words)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_ends_as_its_message_does(language: str) -> None:
    ends = re.compile(r"[.?:,]$")
    differing = [
        each.id
        for each in messages(language)
        if (ends.findall(str(each.id)) != ends.findall(str(each.string))) and each.id != "dnr"
    ]
    assert differing == []


def test_english_is_plain_and_calm() -> None:
    ours = " ".join(catalogue("en").values()).lower()
    for unwanted in ("!", "please", "kindly", "escalat", "the system", "click", "—", "e-mail", "ize", "ization"):
        assert unwanted not in ours


def test_english_speaks_of_must_and_should_only_where_swedish_speaks_of_ska_and_bor() -> None:
    strong = {"ska": "must", "bör": "should", "kan": "may"}
    for swedish, english in catalogue("en").items():
        for verb, word in strong.items():
            if re.search(rf"\b{word}\b", english):
                assert re.search(rf"\b{verb}\b", swedish)
    assert not re.search(r"\b(shall|have to|ought)\b", " ".join(catalogue("en").values()))


def test_a_sentence_is_named_by_what_stands_in_it() -> None:
    name, expressions = message_of("Lämna {{ own[item.lifecycle].the(item) }} senast {{ item.due_on | day(today) }}.")
    assert name == "Lämna {the} senast {due_on}."
    assert expressions == {"the": "{{ own[item.lifecycle].the(item) }}", "due_on": "{{ item.due_on | day(today) }}"}


@pytest.mark.parametrize("sentence", ["{{ one.day }} och {{ other.day }}", "{% if x %}ja{% endif %}", "{{ 'ord' }}"])
def test_a_sentence_that_nobody_could_translate_is_refused(sentence: str) -> None:
    with pytest.raises(NotTranslatable):
        message_of(sentence)


def test_a_template_is_compiled_in_the_words_of_the_language() -> None:
    source = '{% trans %}Svara senast {{ due(item) }}.{% endtrans %} {{ _("Svara") }}'
    words = {"Svara senast {due}.": "By {due}, answer.", "Svara": "Answer"}
    assert translated(source, words) == 'By {{ due(item) }}, answer. {{ "Answer" }}'
    assert translated(source, {}) == 'Svara senast {{ due(item) }}. {{ "Svara" }}'


def test_a_translation_that_asks_for_more_than_there_is_stops_the_template() -> None:
    with pytest.raises(NotTranslatable, match="when"):
        translated("{% trans %}Svara.{% endtrans %}", {"Svara.": "Answer by {when}."})


def test_whoever_reads_a_language_we_do_not_have_is_written_to_in_swedish() -> None:
    assert [spoken(language) for language in ("sv", "en", "fi", "")] == ["sv", "en", "sv", "sv"]
