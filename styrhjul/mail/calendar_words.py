"""What a matter is called in a calendar, in the words of its mails."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from styrhjul.mail.item import Item, Sender
from styrhjul.mail.layout import flat, signs
from styrhjul.mail.phrase import remembered, remembering
from styrhjul.mail.render import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWords:
    """The last day's name, the name of the day the papers must be in, and a note of a few lines to both."""

    due: str
    papers: str
    note: str


def calendar_words(item: Item, sender: Sender) -> CalendarWords:
    """Return the words for one matter."""
    with remembering({"item": item}):
        return _worded(item, sender)


@remembered
def _worded(item: Item, sender: Sender) -> CalendarWords:
    words = _words()
    note = (flat(line) for line in str(words.note(item, sender)).splitlines())
    return CalendarWords(
        due=signs(flat(str(words.due(item, sender)))),
        papers=signs(flat(str(words.papers(item, sender)))),
        note="\n".join(signs(line) for line in note if line),
    )


@cache
def _words() -> Any:  # noqa: ANN401 - a template's macros
    return environment().get_template("emails/_calendar.txt").module
