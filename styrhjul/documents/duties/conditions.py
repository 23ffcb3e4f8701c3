"""On what a duty depends: "om målen inte nås …", "de upprättade handlingsplanerna", "i de fall ny lag kräver det"."""

from __future__ import annotations

import re

from styrhjul.documents.reading import ONLY_EXISTING_PLANS
from styrhjul.domain.vocabulary import ActionKind

_EXISTING = re.compile(
    r"\b(?:de|den|redan|alla|befintliga|existerande)\s(?:[\w-]{1,20}\s)?(?:upprättade?|framtagna|framtagen|"
    r"antagna|beslutade|befintliga|utarbetade)\s"
    r"(?:[\w-]{1,20}\s)?(?:handlings|åtgärds|aktivitets)planer(?:na)?|\b(?:befintliga|existerande)\s\w*planer",
    re.IGNORECASE,
)
#: "När" opens a condition only where no date or report follows: "när bokslutet är klart" is a time.
_FIRST = re.compile(r"\A(?:om|i de fall|ifall|såvida|där|under förutsättning att|när lag\w*)\s", re.IGNORECASE)
#: After the verb "om" may be a preposition ("informera om läget"); after a revision it is not.
_LAST = re.compile(
    r"\b(?:i\sde\sfall|ifall|såvida|under\sförutsättning\satt|förutsatt\satt|endast\som)\s.{3,200}\Z", re.IGNORECASE
)
_LAST_OF_REVISION = re.compile(r"\A\s(?:om|när\slag\w*)\s.{3,200}\Z", re.IGNORECASE)


def condition_of(text: str, kind: ActionKind, *, main_at: int | None, verb_end: int) -> str | None:
    """Return the words a duty depends on; `main_at` is where its binding word stands, None where it has none."""
    if kind is not ActionKind.ACTION_PLAN and _EXISTING.search(text):
        return ONLY_EXISTING_PLANS
    if main_at is not None and (opened := _FIRST.match(text)) and text[opened.end() : main_at].strip():
        return text[:main_at].strip(" ,")
    if last := _LAST.search(text, verb_end):
        return last[0].rstrip(". ")
    if kind is ActionKind.REVISE and (last := _LAST_OF_REVISION.match(text[verb_end:])):
        return last[0].strip(". ")
    return None
