"""How long it takes to read documents on one core, child process and all: 100 pages of PDF, a policy of each kind."""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from pathlib import Path

from styrhjul.documents import Document, read_document
from styrhjul.documents.formats.sample import sample_pdf

MADE = Path(__file__).parents[1] / "tests/documents/made"
PAGES = 100
ROUNDS = 5
MOST_SECONDS = 2.0
_LINE = "Nämnden ska varje år följa upp målen och redovisa det i årsredovisningen till kommunstyrelsen."
_STEP = b"BT /F 10 Tf %d %d Td (%s) Tj ET"


def main() -> int:
    """Print seconds, the middle of five; fail when 100 pages take longer than they may."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    slowest = max(_measure(f"{PAGES} pages, one column", pages(PAGES)), _measure("two columns", pages(PAGES, 2)))
    for path in sorted(MADE.glob("herrljunga.*")):
        _measure(path.name, path.read_bytes(), path.suffix)
    return int(slowest > MOST_SECONDS)


def pages(count: int, columns: int = 1) -> bytes:
    """Return a PDF of ordinary pages: 50 lines of text, a running header and a number."""
    return sample_pdf(*(_page(number, count, columns) for number in range(1, count + 1)))


def _page(number: int, count: int, columns: int) -> bytes:
    width = 500 // columns
    words = _LINE[: 95 // columns].encode("cp1252")
    head = "Policy för Lillby kommun".encode("cp1252")
    steps = [_STEP % (50, 810, head), _STEP % (500, 30, b"%d (%d)" % (number, count))]
    for column in range(columns):
        steps += [_STEP % (50 + column * (width + 20), 770 - 14 * line, words) for line in range(50)]
    return b"\n".join(steps)


def _measure(what: str, data: bytes, kind: str = ".pdf") -> float:
    wall, used = list[float](), list[float]()
    document: Document | None = None
    for _ in range(ROUNDS):
        began, before = time.perf_counter(), _children_seconds()
        document = read_document(data, f"policy{kind}")
        wall.append(time.perf_counter() - began)
        used.append(_children_seconds() - before)
    letters = len(document.text) if document else 0
    seconds = statistics.median(used)
    print(
        f"{what:28} {seconds:6.2f} s of processor, {statistics.median(wall):6.2f} s by the clock, {letters:8} letters"
    )
    return seconds


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
