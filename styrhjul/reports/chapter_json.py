"""A chapter as JSON: the same values, with days as ISO dates and nothing that has to be worked out anew."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from styrhjul.reports.chapter import Chapter
from styrhjul.reports.json_document import json_document
from styrhjul.reports.wheel_layout import Row, rows

#: Raised when a name is taken away or means something else; added names leave it as it is.
FORMAT = "styrhjul.chapter/2"


def chapter_json(chapter: Chapter) -> bytes:
    """Return the document in UTF-8, indented, names as in `Chapter`; docs/annual-report.md says what they mean."""
    content: dict[str, Any] = {"format": FORMAT, "title": chapter.title, **asdict(replace(chapter, wheels=()))}
    del content["wheels"]
    content["next_year"] = [_coming(row) for wheel in chapter.wheels for row in rows(wheel)]
    for written, section in zip(content["sections"], chapter.sections, strict=True):
        for count, told in zip(written["counts"], section.counts, strict=True):
            count["line"] = told.line
        written["tally"] = dict(section.tally)
    return json_document(content)


def _coming(row: Row) -> dict[str, object]:
    event = row.event
    days = {"opens_on": event.opens_on, "due_on": event.due_on}
    return {"policy": row.ring, "what": event.names[0], **days, "told": event.told, "is_by_law": event.is_by_law}
