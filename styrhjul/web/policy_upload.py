"""A policy that somebody sends: the gate for files, narrower for a document to be read, and the reading behind it."""

from __future__ import annotations

from typing import BinaryIO

from styrhjul.documents import UnreadableDocument
from styrhjul.services.foundation.sent_files import SentFile
from styrhjul.services.policies.file import ReadFile, read_file
from styrhjul.web.upload import TAKEN, clean_name

#: Of one document, as it is sent; a policy of a hundred pages is a tenth of it.
MOST_DOCUMENT_BYTES = 10_000_000
_PACKED = ("docx", "odt", "pdf")


def take_document(sent_as: str, file: BinaryIO) -> ReadFile:
    """Return the document under its cleaned name. Raises UnreadableDocument. Reads one byte more than the largest."""
    sent = sent_document(sent_as, file)
    return read_file(sent.content, sent.name)


def sent_document(sent_as: str, file: BinaryIO) -> SentFile:
    """Return the document as it came, under its cleaned name, unread. Otherwise as `take_document`."""
    name = clean_name(sent_as)
    ending = name.rpartition(".")[2].lower()
    data = file.read(MOST_DOCUMENT_BYTES + 1)
    if len(data) > MOST_DOCUMENT_BYTES:
        most = MOST_DOCUMENT_BYTES // 1_000_000
        smaller = "Spara bilderna mindre, eller klistra in texten" if ending in _PACKED else "Dela upp texten"
        raise UnreadableDocument(name, f"filen är större än {most} MB. {smaller}.")
    refusal = TAKEN[ending][1](data) if ending in _PACKED and data else None
    if refusal:
        said = refusal.replace("Filen {name}", "{name}").format(name="filen")
        raise UnreadableDocument(name, f"{said[:1].lower()}{said[1:]}.")
    return SentFile(name=name, content=data)
