"""A report as a Word file: headings and tables by the program's own styles, pictures with what they tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from lxml import etree

from styrhjul.domain.written import sayable
from styrhjul.reports.block import Document, Picture
from styrhjul.reports.pdf import TEMPLATES
from styrhjul.reports.raster import png_of
from styrhjul.reports.word_body import W, head_and_foot, word_body
from styrhjul.reports.zipped import zipped

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="svg" ContentType="image/svg+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/header.xml" ContentType="{_WORD}.header+xml"/>'
    f'<Override PartName="/word/footer.xml" ContentType="{_WORD}.footer+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_WORD}.settings+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
#: Swedish words are longer than a narrow column.
_SETTINGS = f'{_HEAD}<w:settings xmlns:w="{W}"><w:autoHyphenation/></w:settings>'
_ROOT = {
    "document": (f"{_OFFICE}/officeDocument", "word/document.xml"),
    "core": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
}


def document_word(document: Document, *, at: datetime) -> bytes:
    """Return the .docx; `at`, aware, is its date. The same document gives the same bytes."""
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    above, below = head_and_foot(document)
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(_ROOT),
        "docProps/core.xml": _core(document, at),
        "word/document.xml": _written(word_body(document)),
        "word/header.xml": _written(above),
        "word/footer.xml": _written(below),
        "word/styles.xml": (TEMPLATES / "reports/word/styles.xml").read_bytes(),
        "word/settings.xml": _SETTINGS,
        "word/_rels/document.xml.rels": _relations(dict(_of_document(len(pictures)))),
    }
    for number, picture in enumerate(pictures, 1):
        parts[f"word/media/image{number}.png"] = png_of(picture)
        parts[f"word/media/image{number}.svg"] = picture.svg
    return zipped(parts)


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _of_document(pictures: int) -> Iterator[tuple[str, tuple[str, str]]]:
    yield "styles", (f"{_OFFICE}/styles", "styles.xml")
    yield "settings", (f"{_OFFICE}/settings", "settings.xml")
    yield "head", (f"{_OFFICE}/header", "header.xml")
    yield "foot", (f"{_OFFICE}/footer", "footer.xml")
    for number in range(1, pictures + 1):
        for kind in ("png", "svg"):
            yield f"{kind}{number}", (f"{_OFFICE}/image", f"media/image{number}.{kind}")


def _relations(named: Mapping[str, tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, (kind, target) in named.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _core(document: Document, at: datetime) -> str:
    day = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    moments = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(sayable(document.title))}</dc:title>"
        f"<dc:creator>{escape(sayable(document.municipality))}</dc:creator>"
        f"<dc:language>sv-SE</dc:language>{moments}</cp:coreProperties>"
    )
