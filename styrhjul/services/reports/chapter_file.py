"""A chapter as a file, in each of the formats that it leaves in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Self

from styrhjul.db.session import Database
from styrhjul.reports.chapter import Chapter
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.chapter_json import chapter_json
from styrhjul.reports.chapter_sheet import sheets
from styrhjul.reports.document_pdf import document_pdf
from styrhjul.reports.document_word import document_word
from styrhjul.reports.pdf import Attachment
from styrhjul.reports.workbook import workbook
from styrhjul.services.foundation.leaving_file import MEDIA_TYPES, LeavingFile, leaving
from styrhjul.services.reports.chapter import ChapterView
from styrhjul.services.reports.own_template import in_template


def _pdf(chapter: Chapter, at: datetime) -> bytes:
    values = Attachment(
        name="avsnitt.json",
        mime_type=MEDIA_TYPES["json"],
        description=f"{chapter.title}, {chapter.municipality}: samma uppgifter som värden",
        relationship="data",
        content=chapter_json(chapter),
    )
    return document_pdf(chapter_document(chapter), at=at, attachments=[values])


class ChapterFormat(StrEnum):
    """What a chapter is saved as: the end of the file's name, what people call it, and what makes it.

    In the order they are offered.
    """

    words: str
    content: Callable[[Chapter, datetime], bytes]

    def __new__(cls, ending: str, words: str, content: Callable[[Chapter, datetime], bytes]) -> Self:
        made = str.__new__(cls, ending)
        made._value_ = ending
        made.words, made.content = words, content
        return made

    DOCX = "docx", "Word", lambda chapter, at: document_word(chapter_document(chapter), at=at)
    PDF = "pdf", "PDF", _pdf
    XLSX = "xlsx", "Excel", lambda chapter, at: workbook(sheets(chapter), title=chapter.title, at=at)
    JSON = "json", "JSON", lambda chapter, _: chapter_json(chapter)


def chapter_file(
    database: Database, view: ChapterView, kind: ChapterFormat, at: datetime, template: bytes | None = None
) -> LeavingFile:
    """Return "lillby-styrdokument-2027.pdf"; the same chapter and moment give the same content. `at` is aware.

    A Word file is in `template`, else in the municipality's own. Raises TemplateRefused.
    """
    chapter = view.chapter
    only = f"-{chapter.sections[0].slug}" if chapter.of_one else ""
    name = f"{chapter.slug}-styrdokument-{chapter.year}{only}.{kind}"
    made = leaving(name, kind.content(chapter, at))
    return in_template(database, view.municipality.municipality_id, made, template)
