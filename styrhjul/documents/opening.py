"""The one way in for documents: the bytes of a file become a Document, or a refusal that says what to do.

Plain text is read here. Anything else is read by a limited child, and what that says is trusted for nothing but text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from styrhjul.confined.program import ChildStopped, command_of, run_confined
from styrhjul.documents.document import Document, Mark, Place, UnreadableDocument, lines_of
from styrhjul.documents.formats.trouble import Notice, Trouble
from styrhjul.documents.ocr import ocr_program, read_pictures
from styrhjul.documents.plain import read_letters

PLAIN = (".txt", ".md")
#: By ending, what a document is called that a child reads.
PARSED = {".docx": "Word", ".odt": "LibreOffice", ".pdf": "pdf", ".html": "webbsida", ".htm": "webbsida"}
READABLE = (*PLAIN, *PARSED)
MOST_BYTES = 50_000_000
MOST_LETTERS = 5_000_000
MOST_LINES = 300_000
MOST_PAGES = 2_000
#: Longer than the child's own five seconds, so that a busy machine is no fault of the document's.
PATIENCE_SECONDS = 30.0
_PROGRAM = "styrhjul.documents.formats.child"
_MOST_ANSWERED = 60_000_000
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_OTHER_KINDS = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0")

_SAVE_AGAIN = "Öppna den i det program den kommer från, spara den på nytt och försök igen."
_TROUBLES = {
    Trouble.BROKEN: f"filen är skadad eller ofullständig. {_SAVE_AGAIN}",
    Trouble.EMPTY: "filen innehåller ingen text. Kontrollera att rätt fil valdes.",
    Trouble.LOCKED: "filen är låst med lösenord. Ta bort lösenordet och försök igen.",
    Trouble.NOT_WHAT_IT_SAYS: f"innehållet stämmer inte med filens ändelse. {_SAVE_AGAIN}",
    Trouble.OVERRAN: "filen tog för mycket tid eller minne att läsa. Dela upp den, eller spara texten som .txt.",
    Trouble.TOO_LARGE: "filen är för stor. Dela upp den, eller spara texten som .txt.",
    Trouble.UNSAFE: f"filen innehåller något som inte tas emot (en XML-deklaration). {_SAVE_AGAIN}",
}
_NO_TEXT_LAYER = "pdf-filen har sidor utan textlager, troligen är den inskannad. Skaffa en pdf med sökbar text, eller "
_BY_OCR = "läs bilderna med OCR: styrhjul import FIL --ocr. Det gör den som sköter Styrhjul."
_NO_OCR = (
    "installera programmet tesseract med svenska (Debian: tesseract-ocr-swe) och läs bilderna med OCR: "
    "styrhjul import FIL --ocr."
)
_NOTICES = {
    Notice.FIELDS_IN_HEADER: "Uppgifter i sidhuvudet lästes som om de stod överst i dokumentet.",
    Notice.PARTS_ELSEWHERE: "Dokumentet har delar som ligger i andra dokument. De lästes inte: läs dem själv.",
    Notice.PICTURES_OF_TEXT: "Minst en sida är en bild utan text. Läs den sidan själv, eller läs in filen med OCR.",
    Notice.READ_BY_OCR: "Texten lästes ur en bild (OCR). Jämför den med originalet innan du bekräftar något.",
    Notice.STRUCK_OUT: "Överstruken text lästes inte. Kontrollera mot originalet att den inte gäller.",
    Notice.TRACKED_CHANGES: "Dokumentet har spårade ändringar. Det som är struket lästes inte, det tillagda lästes.",
}
_OLD_KINDS = {
    ".doc": "Öppna den i Word och spara den som .docx.",
    ".rtf": "Öppna den i Word eller LibreOffice och spara den som .docx.",
    ".xlsx": "Ett kalkylblad är inget styrdokument. Spara texten som .docx eller .txt.",
}


def read_document(data: bytes, name: str, *, ocr: bool = False) -> Document:
    """Read a file by what its name ends in. With `ocr` a scanned page is read from its picture, where that can be done.

    Raises UnreadableDocument: what, where, and what to do. Nothing is opened but what is given.
    """
    kind = PurePath(name).suffix.lower()
    if len(data) > MOST_BYTES:
        raise UnreadableDocument(name, _TROUBLES[Trouble.TOO_LARGE])
    if kind in PLAIN:
        return _plain(data, name, kind)
    if kind not in PARSED:
        kinds = f"{', '.join(READABLE[:-2])} eller {READABLE[-2]}"
        advice = _OLD_KINDS.get(kind, f"Spara dokumentet som {kinds}.")
        raise UnreadableDocument(name, f"filtypen ”{kind or 'utan ändelse'}” stöds inte. {advice}")
    if not data.strip():
        raise UnreadableDocument(name, "filen är tom. Kontrollera att rätt fil valdes.")
    return _parsed(data, name, kind, ocr=ocr)


def _plain(data: bytes, name: str, kind: str) -> Document:
    if data.startswith(_OTHER_KINDS):
        raise UnreadableDocument(name, _TROUBLES[Trouble.NOT_WHAT_IT_SAYS])
    text, guessed = read_letters(data, name)
    if len(text) > MOST_LETTERS:
        raise UnreadableDocument(name, _TROUBLES[Trouble.TOO_LARGE])
    warnings = (f"Teckenkodningen lästes som {guessed}. Kontrollera å, ä och ö.",) if guessed else ()
    return Document(text=text, kind=kind, places=tuple(lines_of(text)), warnings=warnings)


def _parsed(data: bytes, name: str, kind: str, *, ocr: bool) -> Document:
    try:
        told = run_confined(
            command_of(_PROGRAM, kind), data, patience_seconds=PATIENCE_SECONDS, most_answered=_MOST_ANSWERED
        )
        said = json.loads(told)
        if _has_pictures(said):
            said = _read_pictures(data, name, said, ocr=ocr)
        trouble = Trouble(said["trouble"]) if "trouble" in said else None
        if trouble is None:
            return _as_document(said, name, kind)
    except ChildStopped as stopped:
        raise UnreadableDocument(name, _TROUBLES[Trouble.OVERRAN]) from stopped
    except UnreadableDocument:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise UnreadableDocument(name, _TROUBLES[Trouble.BROKEN]) from error
    raise UnreadableDocument(name, _TROUBLES[trouble])


def _has_pictures(said: dict[str, Any]) -> bool:
    return said.get("trouble") == Trouble.NO_TEXT_LAYER or Notice.PICTURES_OF_TEXT in said.get("notices", ())


def _read_pictures(data: bytes, name: str, said: dict[str, Any], *, ocr: bool) -> dict[str, Any]:
    """Add what is read from the pictures, if somebody asks for it; without any text, say how to get it."""
    program = ocr_program()
    if not ocr and "trouble" not in said:
        return said
    if not ocr or program is None:
        raise UnreadableDocument(name, _NO_TEXT_LAYER + (_NO_OCR if program is None else _BY_OCR))
    lines = said.get("lines", [])
    read = {int(page) for _, page, _ in lines}
    lines = sorted([*lines, *read_pictures(data, program, read)], key=lambda line: int(line[1]))
    return {"lines": lines, "notices": [Notice.READ_BY_OCR]}


def _as_document(said: dict[str, Any], name: str, kind: str) -> Document:
    """Return what a child said, line by line, as text that holds nothing but text."""
    if len(said["lines"]) > MOST_LINES or sum(len(line[0]) for line in said["lines"]) > MOST_LETTERS:
        raise UnreadableDocument(name, _TROUBLES[Trouble.TOO_LARGE])
    lines = [
        (_NOT_IN_TEXT.sub(" ", text), Place(None if page is None else _page(page), int(line)))
        for text, page, line in said["lines"]
    ]
    if not any(text.strip() for text, _ in lines):
        raise UnreadableDocument(name, _TROUBLES[Trouble.EMPTY])
    return Document(
        text="\n".join(text for text, _ in lines),
        kind=kind,
        places=tuple(_marks(lines)),
        warnings=tuple(_NOTICES[Notice(each)] for each in said["notices"]),
    )


def _page(number: int) -> int:
    """Return the number of a page that there can be. Raises ValueError."""
    if not 1 <= int(number) <= MOST_PAGES:
        raise ValueError
    return int(number)


def _marks(lines: list[tuple[str, Place]]) -> Iterator[Mark]:
    at = 0
    for text, place in lines:
        yield Mark(at, place)
        at += len(text) + 1
