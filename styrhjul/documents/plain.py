"""A file of plain text: its bytes as letters, or a refusal that says what to do."""

from __future__ import annotations

from styrhjul.documents.document import UnreadableDocument
from styrhjul.documents.encoding import NotText, UnknownLetters, letters_of


def decode(data: bytes, name: str) -> str:
    """Return the text of a file of plain text, whatever Swedish encoding it has.

    Raises UnreadableDocument for what is empty or no text.
    """
    return read_letters(data, name)[0]


def read_letters(data: bytes, name: str) -> tuple[str, str | None]:
    """Return the text of a file of plain text and, where its encoding was guessed, what it was read as.

    Raises UnreadableDocument for what is empty or no text.
    """
    try:
        text, guessed = letters_of(data)
    except NotText as error:
        raise UnreadableDocument(
            name, "filen innehåller tecken som inte hör hemma i text. Spara dokumentet som ren text."
        ) from error
    except UnknownLetters as error:
        raise UnreadableDocument(
            name, f"teckenkodningen går inte att avgöra (byte {error.at}). Spara filen som UTF-8."
        ) from error
    if not text.strip("\ufeff \t\r\n\v\f\x85\u2028\u2029\u00a0"):
        raise UnreadableDocument(name, "filen är tom. Kontrollera att rätt fil valdes.")
    return text, guessed
