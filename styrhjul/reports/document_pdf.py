"""A report as a PDF that can be kept and read aloud: tagged, in Swedish, with headings and heads of tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from styrhjul.reports.block import Block, Document, Heading, Picture, Table, Text
from styrhjul.reports.column import column_widths
from styrhjul.reports.pdf import Attachment, typeset

#: A row with a cell longer than this may go on to the next page; the others stay whole.
_LONG = 900
#: The ground between the margins, the letters of a table and what a cell leaves empty: points, as in document.typ.
_ROOM, _CELL_SIZE, _BESIDE = 470.5, 9, 8.6


def document_pdf(document: Document, *, at: datetime, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the PDF; its date is `at`, aware. The same document gives the same bytes. Raises NotTypeset."""
    content = {
        "title": document.title,
        "subtitle": document.subtitle,
        "municipality": document.municipality,
        "footer": f"{document.title}, {document.municipality}",
        "page": "Sida {n} av {of}",
        "blocks": [
            {**_value(block), "leads": isinstance(block, Text) and isinstance(after, Table)}
            for block, after in zip_longest(document.blocks, document.blocks[1:])
        ],
    }
    return typeset("reports/document.typ", content, at=at.replace(microsecond=0), attachments=attachments)


def _value(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Picture):
        return {"kind": "picture", "svg": block.svg, "alt": block.alt}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "columns": list(block.columns),
            "rows": [list(row) for row in block.rows],
            "shares": column_widths(block, _ROOM, size=_CELL_SIZE, beside=_BESIDE),
            "long": any(len(cell) > _LONG for row in block.rows for cell in row),
        }
    return {"kind": "text", "text": block.text}
