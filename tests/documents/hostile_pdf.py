"""Hostile .pdf: deeds, loops, locks, bombs, halves, lies."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from styrhjul.documents.formats.sample import packed, pdf_of, sample_pdf

GOOD = b"BT /F 11 Tf 50 700 Td (N\\344mnden ska f\\366lja upp m\\345len varje \\345r.) Tj ET"
_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_CASE = tuple[str, bytes, str]


def files(server: str) -> Iterator[_CASE]:
    """Return name, bytes and what is wanted."""
    yield from _deeds(server.encode())
    yield from _loops()
    yield from _sizes()
    yield from _broken()
    yield from _letters()


def _deeds(server: bytes) -> Iterator[_CASE]:
    deeds = {
        "script": b"/OpenAction << /S /JavaScript /JS (app.launchURL('%s')) >>" % server,
        "launch": b"/OpenAction << /S /Launch /F (/bin/sh) >>",
        "address": b"/OpenAction << /S /URI /URI (%s) >>" % server,
        "other": b"/OpenAction << /S /GoToR /F (%s) /D [0 /Fit] >>" % server,
        "submit": b"/OpenAction << /S /SubmitForm /F (%s) >>" % server,
        "form": b"/AcroForm << /XFA (<x/>) /Fields [] >>",
        "file": b"/Names << /EmbeddedFiles << /Names [(a.exe) << /F (a.exe) >>] >> >>",
        "outline": b"/Outlines 1 0 R",
        "closing": b"/AA << /WC << /S /JavaScript /JS (x) >> >>",
        "version": b"/Version /9.9",
    }
    for name, deed in deeds.items():
        yield f"deed-{name}.pdf", sample_pdf(GOOD, rest=deed), "text"


def _loops() -> Iterator[_CASE]:
    pages = {
        "self": b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        "count": b"<< /Type /Pages /Kids [] /Count 1000000 >>",
        "minus": b"<< /Type /Pages /Kids [3 0 R] /Count -1 >>",
        "many": b"<< /Type /Pages /Kids [%s] /Count 100000 >>" % (b"2 0 R " * 100_000),
        "none": b"null",
        "back": b"<< /Type /Pages /Kids [1 0 R] /Count 1 >>",
    }
    for name, tree in pages.items():
        yield f"tree-{name}.pdf", pdf_of([_CATALOGUE, tree, _FONT]), "refused"
    whole = sample_pdf(GOOD)
    start = whole.rindex(b"startxref\n") + 10
    table = whole[start:].split(b"\n")[0]
    yield "table-loop.pdf", whole.replace(b"/Root", b"/Prev %s /Root" % table), "either"
    yield "table-away.pdf", whole[:start] + b"99999999\n%%EOF", "either"
    yield "table-none.pdf", whole[: whole.rindex(b"xref\n0")] + b"%%EOF", "either"
    yield "contents-loop.pdf", _page(b"/Contents [4 0 R 4 0 R]", b"[4 0 R]"), "refused"
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Length 5 >>\n"
    form += b"stream\n/X Do\nendstream"
    drawn = b"<< /Length 5 >>\nstream\n/X Do\nendstream"
    page = b"/Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R"
    yield "form-loop.pdf", _page(page, form, drawn), "refused"
    yield "parent-loop.pdf", _page(b"/Parent 3 0 R"), "refused"


def _sizes() -> Iterator[_CASE]:
    image = b"<< /Type /XObject /Subtype /Image /Width 20000 /Height 20000 /BitsPerComponent 8 /ColorSpace /DeviceGray "
    image += b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    pixels = zlib.compress(b"\xff" * 20_000_000)
    drawn = b"<< /Length 26 >>\nstream\n500 0 0 700 0 0 cm /X Do\nendstream"
    page = b"/Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R"
    yield "picture.pdf", _page(page, image % (len(pixels), pixels), drawn), "refused"
    for at, size in enumerate(((200_000, 200_000), (0, 0), (-5, -5))):
        yield f"size-{at}.pdf", sample_pdf(GOOD, size=size), "either"
    steps = zlib.compress(b"q Q " * 30_000_000, 9)
    bomb = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(steps), steps)
    yield "bomb-steps.pdf", _page(b"/Contents 4 0 R", bomb), "refused"
    yield "bomb-letters.pdf", sample_pdf(b"BT /F 1 Tf (%s) Tj ET" % (b"a" * 5_500_000)), "either"
    many = b"BT /F 5 Tf 10 10 Td %s ET" % (b"(a ) Tj 1 1 Td " * 100_000)
    yield "bomb-shown.pdf", sample_pdf(many), "either"
    yield "deep-lists.pdf", sample_pdf(GOOD, rest=b"/X " + b"[" * 50_000 + b"]" * 50_000), "either"
    yield "deep-books.pdf", sample_pdf(GOOD, rest=b"/X " + b"<</X " * 50_000 + b">>" * 50_000), "either"
    yield "long-name.pdf", sample_pdf(GOOD, rest=b"/X /" + b"n" * 2_000_000), "either"
    yield "pages.pdf", sample_pdf(*[b""] * 2_500), "refused"
    yield "deep-marks.pdf", sample_pdf(b"q " * 200_000 + GOOD), "either"


def _broken() -> Iterator[_CASE]:
    whole = sample_pdf(GOOD)
    for at in range(1, 8):
        yield f"half-{at}.pdf", whole[: len(whole) * at // 8], "either"
    yield "empty.pdf", b"", "refused"
    yield "head.pdf", b"%PDF-1.7\n%%EOF", "refused"
    yield "late.pdf", b"x" * 5_000 + whole, "refused"
    yield "zip.pdf", packed({"word/document.xml": "<x/>"}), "refused"
    yield "both.pdf", whole + packed({"word/document.xml": "<x/>"}), "either"
    yield "page.pdf", b"<html><script>x</script>" + whole, "either"
    yield "length.pdf", whole.replace(b"/Length %d" % len(GOOD), b"/Length 999999999"), "either"
    locked = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -1 /O <%s> /U <%s> >> /ID [<00> <00>]"
    parts = [_CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"]
    yield "locked.pdf", pdf_of(parts, locked % (b"ab" * 32, b"cd" * 32)), "refused"
    yield "strange-lock.pdf", pdf_of(parts, b"/Encrypt << /Filter /Nobody >>"), "refused"


def _letters() -> Iterator[_CASE]:
    yield "font-none.pdf", sample_pdf(GOOD.replace(b"/F 11", b"/Missing 11")), "either"
    yield "font-zero.pdf", sample_pdf(GOOD.replace(b"/F 11", b"/F 0")), "either"
    yield "font-giant.pdf", sample_pdf(GOOD.replace(b"/F 11", b"/F 1000000000000")), "either"
    yield "font-minus.pdf", sample_pdf(GOOD.replace(b"/F 11", b"/F -11")), "either"
    yield "away.pdf", sample_pdf(GOOD.replace(b"50 700", b"999999999999 -99999999999")), "either"
    yield "stretched.pdf", sample_pdf(b"BT 1e30 0 0 1e30 0 0 Tm /F 11 Tf (N\\344mnden ska) Tj ET"), "either"
    yield "odd-numbers.pdf", sample_pdf(b"BT /F 11 Tf nan inf Td (N\\344mnden ska) Tj ET"), "either"
    yield (
        "controls.pdf",
        sample_pdf(b"BT /F 11 Tf 50 700 Td (\\000\\001\\002\\003\\004\\005\\006\\007) Tj ET"),
        "refused",
    )


def _page(entries: bytes, *parts: bytes) -> bytes:
    """Return a .pdf with one page that has these entries; its further parts are numbered from 4."""
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>" % entries
    return pdf_of([_CATALOGUE, tree, page, *parts])
