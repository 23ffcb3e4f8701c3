"""Named points before and after every side effect where a test can kill the process. Inert unless armed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WATCHER: ContextVar[Callable[[str], None] | None] = ContextVar("crashpoint_watcher", default=None)


def crashpoint(name: str) -> None:
    """Kill this process with SIGKILL when STYRHJUL_CRASHPOINT names this point; otherwise do nothing.

    With `name:n` it survives n - 1 passages. Only tests arm it.
    """
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(name)
    armed, _, count = os.environ.get("STYRHJUL_CRASHPOINT", "").partition(":")
    if armed != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def watched(watcher: Callable[[str], None]) -> Iterator[None]:
    """Call `watcher` at every point passed within the block; what it raises is a crash there. Only a simulation does.

    It should raise a BaseException that nobody handles: a process that is killed handles nothing.
    """
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


_passed: dict[str, int] = {}
