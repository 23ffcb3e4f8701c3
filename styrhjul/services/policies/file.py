"""A file that somebody brings in, as text with its pages, and where in the file a sentence stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from styrhjul.documents import UnreadableDocument, read_document
from styrhjul.domain.written import NO_CHARACTER

#: Some four hundred pages: no policy is longer, and a person has to read what is proposed.
MOST_LETTERS = 1_000_000
PASTED = "inklistrad text.txt"

#: Old signs for a new line or a new page, which no file can say.
_BREAKS = dict.fromkeys(map(ord, "\v\f"), "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """The text of a file. `pages` are the offsets at which its pages begin; empty for a file that has none."""

    name: str
    text: str
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def read_file(data: bytes, name: str, *, ocr: bool = False) -> ReadFile:
    """Read a file by what its name ends in, with `ocr` also pages that are only pictures.

    Raises UnreadableDocument: what, and what to do.
    """
    document = read_document(data, name, ocr=ocr)
    return _passed(ReadFile(name=name, text=document.text, pages=document.pages, warnings=document.warnings))


def read_pasted(text: str) -> ReadFile:
    """Return what somebody pasted, as a file of its own. Raises UnreadableDocument: what, and what to do."""
    if not text.strip():
        raise UnreadableDocument("dokumentet", "välj en fil eller klistra in texten.")
    return _passed(ReadFile(name=PASTED, text=text.replace("\r\n", "\n")))


def _passed(file: ReadFile) -> ReadFile:
    """Return the file with a sign for each character that is none, so that its pages begin where they began."""
    if len(file.text) > MOST_LETTERS:
        raise UnreadableDocument(file.name, "texten är för lång. Dela dokumentet, eller ta bort bilagor.")
    return replace(file, text=NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", file.text.translate(_BREAKS)))


def page_at(pages: Sequence[int], offset: int) -> int | None:
    """Return the page an offset of the text stands on; None where there are no pages."""
    return max(bisect_right(pages, offset), 1) if pages else None


def place_in_words(text: str, start: int, pages: Sequence[int] | None) -> str:
    """Return in Swedish where a sentence begins: its page where the file has pages, else its line."""
    page = page_at(pages or (), start)
    return f"sida {page}" if page else f"rad {text.count(chr(10), 0, start) + 1}"
