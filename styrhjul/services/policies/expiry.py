"""The day a document's own text lets it end: a duty to decide anew, quoting the line that says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from styrhjul.documents import FoundDuty, PolicyReading
from styrhjul.documents.language.dates import DATE, to_date
from styrhjul.domain.vocabulary import ActionKind, Modality

_SAYS_SO = ("gilt", "gäll", "till och med", "t.o.m", "upphör")
_REASON = "Dokumentet anger sin sista dag. Det upphör inte av sig självt: ett beslut krävs."


def expiry_of(text: str, reading: PolicyReading) -> FoundDuty | None:
    """Return the duty to decide about a document before its last day; None for one that states no last day.

    A text whose own sentence asks for a revision by that very day needs no second one.
    """
    last_day = reading.metadata.valid_until
    if last_day is None or any(_asks_already(duty, last_day) for duty in reading.duties):
        return None
    start, end = _line_that_says(text, last_day)
    return FoundDuty(
        quote=text[start:end],
        start=start,
        end=end,
        actor=None,
        modality=Modality.MUST,
        action_kind=ActionKind.REVISE,
        recurrence="once",
        deadline=last_day.isoformat(),
        reason=_REASON,
    )


def _asks_already(duty: FoundDuty, last_day: date) -> bool:
    named = (to_date(match) for match in DATE.finditer(duty.deadline or ""))
    return duty.action_kind is ActionKind.REVISE and last_day in named


def _line_that_says(text: str, last_day: date) -> tuple[int, int]:
    """Return the span of the line that states the day: one that speaks of validity before any other that names it.

    A day that only the years of a title imply is stated by the title's line; failing even that, by the first line.
    """
    lines = list(_lines(text))
    dated = [span for span in lines if last_day in map(to_date, DATE.finditer(text[slice(*span)]))]
    valid = [span for span in dated if any(word in text[slice(*span)].lower() for word in _SAYS_SO)]
    of_the_year = [span for span in lines if str(last_day.year) in text[slice(*span)]]
    return next(iter((*valid, *dated, *of_the_year, *lines)))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip().lstrip("#").lstrip()  # the mark of a heading is how we write it, not the document's
        if bare:
            start = position + line.index(bare)
            yield start, start + len(bare)
        position += len(line)
