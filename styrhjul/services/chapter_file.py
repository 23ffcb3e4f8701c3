"""A chapter as a file, in each of the formats that it leaves in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from styrhjul.reports.chapter import Chapter
from styrhjul.reports.chapter_document import chapter_document
from styrhjul.reports.chapter_json import chapter_json
from styrhjul.reports.chapter_table import sheets
from styrhjul.reports.document_pdf import document_pdf
from styrhjul.reports.document_word import document_word
from styrhjul.reports.pdf import Attachment
from styrhjul.reports.workbook import workbook


class ChapterFormat(StrEnum):
    """What a chapter is saved as; the value is the end of the file's name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


MIME_TYPES: Mapping[ChapterFormat, str] = {
    ChapterFormat.PDF: "application/pdf",
    ChapterFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ChapterFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ChapterFormat.JSON: "application/json",
}


def chapter_file(chapter: Chapter, kind: ChapterFormat, at: datetime) -> bytes:
    """Return the file; the same chapter and moment give the same content. `at` is aware."""
    return _WRITERS[kind](chapter, at)


def file_name(chapter: Chapter, kind: ChapterFormat) -> str:
    """Return what the file is called when it is fetched: "lillby-styrdokument-2027.pdf"."""
    only = f"-{chapter.sections[0].slug}" if chapter.of_one else ""
    return f"{chapter.slug}-styrdokument-{chapter.year}{only}.{kind}"


def _pdf(chapter: Chapter, at: datetime) -> bytes:
    values = Attachment(
        name="avsnitt.json",
        mime_type=MIME_TYPES[ChapterFormat.JSON],
        description=f"{chapter.title}, {chapter.municipality}: samma uppgifter som värden",
        relationship="data",
        content=chapter_json(chapter),
    )
    return document_pdf(chapter_document(chapter), at=at, attachments=[values])


_WRITERS: Mapping[ChapterFormat, Callable[[Chapter, datetime], bytes]] = {
    ChapterFormat.PDF: _pdf,
    ChapterFormat.DOCX: lambda chapter, at: document_word(chapter_document(chapter), at=at),
    ChapterFormat.XLSX: lambda chapter, at: workbook(sheets(chapter), title=chapter.title, at=at),
    ChapterFormat.JSON: lambda chapter, _: chapter_json(chapter),
}
