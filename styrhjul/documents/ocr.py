"""Reads a scanned .pdf from the pictures of its pages, by `tesseract` with Swedish, where that is installed.

Each page is drawn by a limited child and read by another; tesseract may open no socket and write no file.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator

from styrhjul.confined.program import ChildStopped, command_of, run_confined

MOST_PAGES = 200
_MOST_FAILED = 3
_PATIENCE_SECONDS = 120.0
_CPU_SECONDS = 60
_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
_MOST_PICTURE = 16_000_000
_MOST_WORDS = 1_000_000
_SWEDISH = "swe"
_DRAWER = "styrhjul.documents.formats.picture"
_LAUNCHER = "styrhjul.confined.launch"

Line = tuple[str, int, int]


def ocr_program() -> str | None:
    """Return where tesseract is, if it is on this machine and knows Swedish."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        known = _run(program, b"", "--list-langs")
    except ChildStopped:
        return None
    return program if _SWEDISH in known.split() else None


def read_pictures(data: bytes, program: str, read_already: Collection[int]) -> Iterator[Line]:
    """Return the lines of each page that has not been read: text, page, line. Three pages that fail end it."""
    count, number, failed = 1, 0, 0
    while number < min(count, MOST_PAGES) and failed < _MOST_FAILED:
        number += 1
        if number in read_already:
            count = max(count, number + 1)
            continue
        try:
            count, picture = _drawn(data, number)
            if picture:
                yield from _lines(program, picture, number)
        except ChildStopped:
            count, failed = max(count, number + 1), failed + 1


def _drawn(data: bytes, number: int) -> tuple[int, bytes]:
    """Return how many pages there are, and a picture of one; none past the end."""
    told = run_confined(
        command_of(_DRAWER, str(number)), data, patience_seconds=_PATIENCE_SECONDS, most_answered=_MOST_PICTURE
    )
    count, _, picture = told.partition(b"\n")
    return int(count) if count.isdigit() and len(count) < 7 else 0, picture


def _lines(program: str, picture: bytes, page: int) -> Iterator[Line]:
    text = _run(program, picture, "-", "-", "-l", _SWEDISH)
    for number, line in enumerate(text.split("\n"), start=1):
        yield line.strip("\f "), page, number


def _run(program: str, given: bytes, *arguments: str) -> str:
    command = command_of(_LAUNCHER, str(_CPU_SECONDS), str(_MEMORY_BYTES), program, *arguments)
    told = run_confined(command, given, patience_seconds=_PATIENCE_SECONDS, most_answered=_MOST_WORDS)
    return told.decode("utf-8", "replace")
