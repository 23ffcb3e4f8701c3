"""What a matter is called in a calendar, in the words of its mails."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.item import Item, Sender
from styrhjul.mail.language import spoken
from styrhjul.mail.layout import flat, signs
from styrhjul.mail.phrase import remembered, remembering
from styrhjul.mail.render import environment
from styrhjul.mail.retold import in_language


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWords:
    """The last day's name, the name of the day the papers must be in, and a note of a few lines to both."""

    due: str
    papers: str
    note: str


def calendar_words(item: Item, sender: Sender, language: str = SOURCE) -> CalendarWords:
    """Return the words for one matter, in a reader's language."""
    language = spoken(language)
    item = in_language({"item": item}, language)["item"]
    with remembering({"item": item}):
        return _worded(item, sender, language)


@remembered
def _worded(item: Item, sender: Sender, language: str) -> CalendarWords:
    words = _words(language)
    note = (flat(line) for line in str(words.note(item, sender)).splitlines())
    return CalendarWords(
        due=signs(flat(str(words.due(item, sender)))),
        papers=signs(flat(str(words.papers(item, sender)))),
        note="\n".join(signs(line) for line in note if line),
    )


@cache
def _words(language: str) -> Any:  # noqa: ANN401 - a template's macros
    return environment(language).get_template("emails/_calendar.txt").module
