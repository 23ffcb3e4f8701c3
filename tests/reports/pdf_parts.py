"""A PDF taken apart by hand, as far as the tests look: its streams, unpacked, and the files inside."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAM = re.compile(rb"<<([^\n]*/Length (\d+)[^\n]*)>>\s*stream\r?\n")
_SET = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", re.IGNORECASE)


def streams(pdf: bytes) -> Iterator[bytes]:
    """Yield every stream as it is."""
    for found in _STREAM.finditer(pdf):
        content = pdf[found.end() : found.end() + int(found[2])]
        yield zlib.decompress(content) if b"/FlateDecode" in found[1] else content


def everything(pdf: bytes) -> bytes:
    """Return all that somebody could find in it: its objects, and its streams unpacked."""
    return pdf + b"".join(streams(pdf))


def letters(pdf: bytes) -> set[str]:
    """Return every letter that the fonts inside say they show: what a reader, or a search, gets out of it."""
    maps = (stream for stream in streams(pdf) if b"begincmap" in stream)
    shown = (bytes.fromhex(found[2].decode()) for each in maps for found in _SET.finditer(each))
    return set("".join(each.decode("utf-16-be") for each in shown))
