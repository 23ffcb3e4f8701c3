"""A file or a folder that was not there: written whole or not at all, over nothing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO


class FileExists(ValueError):
    """Där finns redan något. Välj ett annat namn, så att inget skrivs över."""

    def __init__(self, out: Path) -> None:
        super().__init__(f"{out}: {self.__doc__}")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, on disk before it has its name. Raises FileExists, and leaves nothing half."""
    with new_file(path) as file:
        file.write(content)


@contextlib.contextmanager
def new_file(path: Path, *, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """As `write_new`, for what is written a piece at a time; it has its name once the block has ended well.

    `mode` is who may read it, as far as the process lets others do anything.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _drafted(draft, path, mode) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _drafted(draft: Path, path: Path, mode: int) -> IO[bytes]:
    """Open the draft. A failure names what whoever asked knows: the file, or the folder that is not there."""
    try:
        return open(draft, "xb", opener=partial(os.open, mode=mode))
    except FileNotFoundError as error:
        raise FileNotFoundError(error.errno, error.strerror, str(path.parent)) from None
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _give_name(draft: Path, path: Path) -> None:
    """Give a file its name unless somebody else took it meanwhile; a rename would take it from them."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise FileExists(path) from None
    except OSError:  # a file system without links
        if path.exists():
            raise FileExists(path) from None
        draft.rename(path)


def new_folder(out: Path) -> None:
    """Make the folder; an empty one will do. Raises FileExists."""
    with contextlib.suppress(FileExistsError):
        out.mkdir(parents=True)
    if not out.is_dir() or any(out.iterdir()):
        raise FileExists(out)
