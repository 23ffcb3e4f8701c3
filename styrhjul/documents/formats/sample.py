"""A small document of each kind, made of nothing but this file. A child reads one before it locks itself up."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_WORDS = "Nämnden ska följa upp målen varje år."
_STEPS = (b"BT /F 11 Tf 50 %d Td (Policy) Tj ET", b"BT /F 11 Tf 250 %d Td (N\\344mnden ska f\\366lja upp) Tj ET")


def sample_of(kind: str) -> bytes:
    """Return a document of a kind, by its ending."""
    if kind == ".docx":
        return sample_word(f"<w:p><w:r><w:t>{_WORDS}</w:t></w:r></w:p>")
    if kind == ".odt":
        return sample_opendocument(f"<text:p>{_WORDS}</text:p>")
    if kind == ".pdf":
        steps = [step % height for height in (700, 680) for step in _STEPS]
        return sample_pdf(b"\n".join(steps))
    return f"<html><body><main><h1>Policy</h1><p>{_WORDS}</p></main></body></html>".encode()


def packed(members: Mapping[str, bytes | str]) -> bytes:
    """Return a packed file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in members.items():
            into.writestr(name, content)
    return file.getvalue()


def sample_word(body: str, **others: bytes | str) -> bytes:
    """Return a .docx with a body; `others` are further members of its folder, by name without an ending."""
    return packed(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            **{f"word/{name}.xml": content for name, content in others.items()},
        }
    )


def sample_opendocument(body: str) -> bytes:
    """Return an .odt with a body."""
    names = " ".join(f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "text", "table", "style"))
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names} xmlns:draw='{_OASIS}:drawing:1.0'><office:body>"
            f"<office:text>{body}</office:text></office:body></office:document-content>",
        }
    )


def sample_pdf(*pages: bytes, size: tuple[int, int] = (595, 842), rest: bytes = b"") -> bytes:
    """Return a .pdf with pages of drawing steps, in a font that is called F."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(count))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % rest,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        font,
    ]
    for at, steps in enumerate(pages):
        parts += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (*size, 5 + 2 * at),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(steps), steps),
        ]
    return pdf_of(parts)


def pdf_of(parts: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a .pdf of numbered parts, the first of them its catalogue."""
    file, places = b"%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    tail = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(file))
    return file + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + tail
