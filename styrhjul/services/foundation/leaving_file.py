"""A file for somebody outside: what it is called, what it is and what is in it, whoever asks for it and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Format = TypeVar("Format", bound=StrEnum)

#: By the end of a name, of what is made here.
MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class LeavingFile:
    """`name` is one that any program takes; `shown_name` is the one that people read, "" where it is the same."""

    name: str
    media_type: str
    content: bytes
    shown_name: str = ""

    @property
    def is_word(self) -> bool:
        return self.media_type == MEDIA_TYPES["docx"]


def format_named(formats: type[Format], ending: str) -> Format | None:
    """Return the format that the end of a name asks for, in any case; None where there is none such."""
    return next((kind for kind in formats if kind == ending.lower()), None)


def leaving(name: str, content: bytes, shown_name: str = "") -> LeavingFile:
    """Return a file that is what the end of its name says."""
    return LeavingFile(name, MEDIA_TYPES[name.rpartition(".")[2]], content, shown_name)
