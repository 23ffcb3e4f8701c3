"""The words of the templates in other languages: gettext catalogues, written into a template when it is read.

In a template, `{% trans %}Svara senast {{ due(item) }}.{% endtrans %}` and `_("Öppet nu")` mark what people read. The
Swedish between the marks is the message's name, with `{due}` for the expression; the template that is compiled holds
the language's own words in its place, so that no mail looks anything up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from babel.messages.pofile import read_po
from jinja2 import BaseLoader, Environment

CATALOGUES = Path(__file__).parents[2] / "templates" / "locale"
#: What templates and messages are written in; it needs no catalogue.
SOURCE = "sv"

_SENTENCE = re.compile(r"\{% trans %\}(.*?)\{% endtrans %\}", re.DOTALL)
_LITERAL = re.compile(r'(?<![\w.])_\("([^"\\]*)"\)')
_MARKED = re.compile(f"{_SENTENCE.pattern}|{_LITERAL.pattern}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_NAME = re.compile(r"(\w+)\s*(?:[|(~]|$)")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class NotTranslatable(ValueError):
    """A marked sentence holds a tag, or two expressions that would go by one name; or a translation asks for more."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return what each message is called in a language; empty for Swedish, and where there is no catalogue."""
    path = CATALOGUES / f"{language}.po"
    if language == SOURCE or not path.is_file():
        return {}
    with path.open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    return {str(each.id): str(each.string) for each in read if each.id and each.string and not each.fuzzy}


def message(words: str) -> str:
    """Return the words as they are: marks, for Babel, that the catalogues have them too."""
    return words


def say(language: str, words: str, **values: str) -> str:
    """Return a message in a language, with its places filled in."""
    return catalogue(language).get(words, words).format_map(values)


def quoted(text: str, language: str) -> str:
    """Return what a person wrote in Swedish, in quotation marks where the reader's language is another."""
    return text if language == SOURCE else f"“{text}”"


def message_of(sentence: str) -> tuple[str, dict[str, str]]:
    """Return a marked sentence as a message, and the expressions by the names it has for them.

    Raises NotTranslatable where the sentence is not whole.
    """
    expressions: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        name = _NAME.search(found[1])
        if name is None or expressions.setdefault(name[1], found[0]) != found[0]:
            raise NotTranslatable(f"two things have one name, or none: {sentence}")
        return f"{{{name[1]}}}"

    words = " ".join(_EXPRESSION.sub(named, sentence).split())
    if "{%" in words or "{#" in words:
        raise NotTranslatable(f"a sentence holds a tag: {sentence}")
    return words, expressions


def translated(source: str, words: Mapping[str, str]) -> str:
    """Return a template's source with what is marked in it in the language's words, and without the marks.

    A message that has no translation stays as it is.
    """

    def said(found: re.Match[str]) -> str:
        if found[1] is None:
            return json.dumps(words.get(found[2]) or found[2], ensure_ascii=False)
        name, expressions = message_of(found[1])
        if name not in words:
            return found[1]
        return PLACEHOLDER.sub(lambda place: _expression(place[1], expressions, name), words[name])

    return _MARKED.sub(said, source)


def _expression(name: str, expressions: Mapping[str, str], of: str) -> str:
    if name not in expressions:
        raise NotTranslatable(f"a translation has {{{name}}}, and its message has not: {of}")
    return expressions[name]


class TranslatedLoader(BaseLoader):
    """Reads templates through another loader, and gives them in a language's words."""

    def __init__(self, inner: BaseLoader, words: Mapping[str, str]) -> None:
        self._inner, self._words = inner, words

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Any]:
        """Return the source in the language, the file's name, and whether it is still the same."""
        source, filename, is_fresh = self._inner.get_source(environment, template)
        return translated(source, self._words), filename, is_fresh


def extract(
    file: IO[bytes],
    keywords: object,  # noqa: ARG001 - Babel's
    comment_tags: object,  # noqa: ARG001 - Babel's
    options: object,  # noqa: ARG001 - Babel's
) -> Iterator[tuple[int, None, str, Iterable[str]]]:
    """Yield what is marked in a template, for Babel: line, no function, message, no comments."""
    source = file.read().decode()
    for found in _MARKED.finditer(source):
        name = found[2] if found[1] is None else message_of(found[1])[0]
        yield source.count("\n", 0, found.start()) + 1, None, name, ()
