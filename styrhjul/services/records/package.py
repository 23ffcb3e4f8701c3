"""Saved records as one zip instead of a folder: the same files, the index last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from styrhjul.services.foundation.new_file import FileExists, new_file
from styrhjul.services.records.export_file import packing
from styrhjul.services.records.saving import SavedRecords

_PIECE_BYTES = 2**20
_LAST = ("erms.xml", "index.csv", "index.json")


def save_packed(out: Path, save: Callable[[Path], SavedRecords]) -> SavedRecords:
    """Save in a folder, or in one file where `out` ends with .zip; the records lie beside it meanwhile.

    Raises FileExists.
    """
    if out.suffix.lower() != ".zip":
        return save(out)
    if out.exists():
        raise FileExists(out)
    with TemporaryDirectory(prefix=".styrhjul-", dir=out.parent) as beside:
        folder = Path(beside) / out.stem
        saved = save(folder)
        with new_file(out) as file, packing(file) as package:
            for path in sorted(folder.iterdir(), key=lambda each: (each.name in _LAST, each.name)):
                package.put(path.name, _pieces(path))
    return replace(saved, out=str(out))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
