"""Files that somebody sent, packed as an order holds them until they are read: the same files are the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import ZipFile, ZipInfo

_NAMES = "names.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it came. `refused` tells in Swedish why one that the gate let nobody read has no content."""

    name: str
    content: bytes = b""
    refused: str = ""


def pack(files: Sequence[SentFile]) -> bytes:
    """Return the files as one; two that share a name are two."""
    out = io.BytesIO()
    with ZipFile(out, "w") as packed:
        names = [{"name": file.name, "refused": file.refused} for file in files]
        packed.writestr(ZipInfo(_NAMES), json.dumps(names))
        for number, file in enumerate(files):
            packed.writestr(ZipInfo(str(number)), file.content)
    return out.getvalue()


def unpack(blob: bytes) -> list[SentFile]:
    """Return what `pack` was given, in its order."""
    with ZipFile(io.BytesIO(blob)) as packed:
        names = json.loads(packed.read(_NAMES))
        return [SentFile(**told, content=packed.read(str(number))) for number, told in enumerate(names)]
