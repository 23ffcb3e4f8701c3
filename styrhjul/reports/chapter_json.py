"""A chapter as JSON: the same values, with days as ISO dates and nothing that has to be worked out anew."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from styrhjul.reports.chapter import Chapter

#: Raised when a name is taken away or means something else; added names leave it as it is.
FORMAT = "styrhjul.chapter/1"


def chapter_json(chapter: Chapter) -> bytes:
    """Return the document in UTF-8, indented, names as in `Chapter`; docs/annual-report.md says what they mean."""
    content: dict[str, Any] = {"format": FORMAT, "title": chapter.title, **asdict(chapter)}
    for written, section in zip(content["sections"], chapter.sections, strict=True):
        for count, told in zip(written["counts"], section.counts, strict=True):
            count["line"] = told.line
        written["tally"] = dict(section.tally)
    return f"{json.dumps(content, ensure_ascii=False, indent=2, default=_day)}\n".encode()


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
