"""The parent's side: start a child that inherits nothing, hand it bytes, take so many back, wait so long."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

_ROOT = Path(__file__).parents[2]
#: Nothing of ours: no key and no address of a database.
ENVIRONMENT: Mapping[str, str] = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSAFEPATH": "1",
}
_CHUNK = 1 << 16
_HAS_MEMORY_FILES = hasattr(os, "memfd_create")


class ChildStopped(Exception):
    """The child gave no whole answer: it overran a limit, broke, or said too much. `is_late` when patience ended."""

    def __init__(self, why: str, *, is_late: bool = False) -> None:
        super().__init__(why)
        self.is_late = is_late


def command_of(module: str, *arguments: str) -> list[str]:
    """Return how one of our modules is started as a program."""
    return [sys.executable, "-s", "-m", module, *arguments]


def run_confined(
    command: Sequence[str], given: bytes, *, patience_seconds: float, most_answered: int, place: Path = _ROOT
) -> bytes:
    """Return what a program answers to what it is given. Raises ChildStopped; the child never outlives the call.

    The limits are the child's own: see `limits`. Here are only patience and the length of the answer.
    """
    deadline = time.monotonic() + patience_seconds
    with _as_file(given) as file:
        child = subprocess.Popen(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(ENVIRONMENT), cwd=place
        )
    with child:
        try:
            answered = _read(child, deadline, most_answered)
            code = child.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired as error:
            raise ChildStopped("time", is_late=True) from error
        finally:
            child.kill()
    if code:
        raise ChildStopped(f"ended with {code}")
    return answered


def _as_file(given: bytes) -> BinaryIO:
    """Return what is given as a file without a name, so that no child can keep us waiting to take it."""
    nameless = os.fdopen(os.memfd_create("given"), "w+b") if _HAS_MEMORY_FILES else TemporaryFile()  # noqa: SIM115
    file = cast("BinaryIO", nameless)
    file.write(given)
    file.flush()
    file.seek(0)
    return file


def _read(child: subprocess.Popen[bytes], deadline: float, most: int) -> bytes:
    if child.stdout is None:
        raise ChildStopped("no pipe")
    descriptor, parts, length = child.stdout.fileno(), list[bytes](), 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise ChildStopped("time", is_late=True)
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return b"".join(parts)
        parts.append(chunk)
        length += len(chunk)
        if length > most:
            raise ChildStopped("length")
