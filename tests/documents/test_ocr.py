"""A scanned page is read from its picture where a program for that is installed, and only when somebody asks."""

from __future__ import annotations

import zlib

import pytest

from styrhjul.documents import UnreadableDocument, ocr, opening, read_document
from styrhjul.documents.formats.picture import draw
from styrhjul.documents.formats.sample import pdf_of, sample_pdf
from tests.documents.test_pdf import PROSE, column, shown


def as_scanned(steps: bytes) -> bytes:
    """Return a page that was printed and put on a scanner: nothing but a picture."""
    _, picture = draw(sample_pdf(steps), 1)
    head, dots = picture.split(b"\n255\n", 1)
    across, down = head.split()[1:]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
    page += b"/Resources << /XObject << /X 4 0 R >> >> >>"
    image = b"<< /Type /XObject /Subtype /Image /Width %s /Height %s /BitsPerComponent 8 /ColorSpace /DeviceGray "
    image += b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    packed, steps = zlib.compress(dots), b"595 0 0 842 0 0 cm /X Do"
    drawn = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(steps), steps)
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf_of([catalogue, tree, page, image % (across, down, len(packed), packed), drawn])


@pytest.fixture(scope="module")
def scanned() -> bytes:
    return as_scanned(shown(*column(50, 700, PROSE), size=11))


@pytest.mark.needs("tesseract with Swedish")
def test_a_scanned_page_is_read_when_somebody_asks(scanned: bytes) -> None:
    read = read_document(scanned, "policy.pdf", ocr=True)
    assert "Kommunfullmäktige antog policyn för att alla ska känna till" in read.text
    assert read.place(read.text.index("Arbetet leds")).page == 1
    assert read.warnings == ("Texten lästes ur en bild (OCR). Jämför den med originalet innan du bekräftar något.",)


@pytest.mark.needs("tesseract with Swedish")
def test_a_scanned_page_that_nobody_asked_to_read_is_offered(scanned: bytes) -> None:
    with pytest.raises(
        UnreadableDocument, match=r"utan textlager.* eller läs bilderna med OCR: styrhjul import FIL --ocr"
    ):
        read_document(scanned, "policy.pdf")


@pytest.mark.parametrize("asked", [True, False])
def test_without_the_program_it_is_said_what_to_install(
    scanned: bytes, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "ocr_program", lambda: None)
    with pytest.raises(UnreadableDocument, match=r"installera programmet tesseract med svenska"):
        read_document(scanned, "policy.pdf", ocr=asked)


def test_a_machine_without_the_program_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert ocr.ocr_program() is None


def test_a_giant_page_is_drawn_small() -> None:
    _, picture = draw(sample_pdf(b"0 0 9 9 re f", size=(200_000, 200_000)), 1)
    assert 0 < len(picture) < 13_000_000
