"""The parent of the limited child: it starts one when first needed, waits so long and no longer, and ends it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import IO, Self

from styrhjul.confined.program import ENVIRONMENT, command_of
from styrhjul.mail.wording_names import Value

_PROGRAM = "styrhjul.mail.wording_child"
#: Longer than the child's own seconds, so that a busy machine is no fault of the text's.
PATIENCE_SECONDS = 10.0
_MOST_ANSWERED = 1024 * 1024
_CHUNK = 65536


class NotSaid(ValueError):
    """The words could not be written out; `is_limit` when the child was ended for it."""

    def __init__(self, why: str, *, is_limit: bool = False) -> None:
        super().__init__(why)
        self.is_limit = is_limit


class Wordsmith:
    """Writes out texts one at a time. Close it, or use it in a `with`; without a text it costs nothing."""

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._child: subprocess.Popen[bytes] | None = None
        #: How often each text has failed here, by its own id: a transaction that is undone forgets its count.
        self.failures: Counter[str] = Counter()
        #: How many children were started.
        self.started = 0

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *raised: object) -> None:
        """End the child."""
        self.close()

    def say(self, text: str, *, language: str, values: Mapping[str, Value]) -> str:
        """Return the text written out. Raises NotSaid; a child that overran is replaced at the next call."""
        job = {"text": text, "language": language, "values": {name: _sent(value) for name, value in values.items()}}
        try:
            child = self._child or self._start()
            deadline = time.monotonic() + self._patience_seconds
            self._write(child, json.dumps(job).encode() + b"\n", deadline)
            answered = json.loads(self._read(child, deadline))
        except (OSError, ValueError) as error:
            self.close()
            if isinstance(error, NotSaid):
                raise
            raise NotSaid("Det som skriver texterna slutade svara.", is_limit=True) from None
        if "error" in answered:
            raise NotSaid(str(answered["error"]))
        return str(answered["said"])

    def close(self) -> None:
        """End the child if there is one. Safe to repeat."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    _pipe(pipe).close()

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a child that inherits nothing: no environment, no open file."""
        self._child = subprocess.Popen(
            command_of(_PROGRAM),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(ENVIRONMENT),
        )
        os.set_blocking(_pipe(self._child.stdin).fileno(), False)
        self.started += 1
        return self._child

    def _write(self, child: subprocess.Popen[bytes], job: bytes, deadline: float) -> None:
        """Hand over a job, in pieces: a long one would not fit into the pipe of a child that stands still."""
        descriptor = _pipe(child.stdin).fileno()
        while job:
            if not select.select([], [descriptor], [], max(deadline - time.monotonic(), 0))[1]:
                raise NotSaid("Texten tog för lång tid.", is_limit=True)
            job = job[os.write(descriptor, job[:_CHUNK]) :]

    def _read(self, child: subprocess.Popen[bytes], deadline: float) -> bytes:
        answered, descriptor = b"", _pipe(child.stdout).fileno()
        while not answered.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise NotSaid("Texten tog för lång tid.", is_limit=True)
            chunk = os.read(descriptor, _CHUNK)
            if not chunk or len(answered) > _MOST_ANSWERED:
                raise NotSaid("Texten tog för mycket tid eller minne.", is_limit=True)
            answered += chunk
        return answered


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("the child has no pipe")
    return pipe


def _sent(value: Value) -> object:
    return {"date": value.isoformat()} if isinstance(value, date) else value
