"""A report as text for people to review: headings, texts, pictures told in words, tables with a line a row."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from lxml import etree

from styrhjul.reports.block import Document, Heading, Picture, Text

if TYPE_CHECKING:
    from collections.abc import Iterator


def pages(document: Document) -> Iterator[str]:
    """Yield what stands on the pages, line by line."""
    yield from (document.municipality, document.title, document.subtitle)
    for block in document.blocks:
        if isinstance(block, Heading):
            yield f"\n{'#' * (block.level + 1)} {block.text}\n"
        elif isinstance(block, Text):
            yield block.text
        elif isinstance(block, Picture):
            yield f"\n[{block.alt}]"
        else:
            yield from (" | ".join(each.replace("\n", " / ") for each in row) for row in (block.columns, *block.rows))


def word_xml(file: bytes) -> etree._Element:
    """Return what a Word file says."""
    with ZipFile(BytesIO(file)) as package:
        return etree.fromstring(package.read("word/document.xml"))
