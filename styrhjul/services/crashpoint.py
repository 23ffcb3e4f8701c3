"""Named points before and after every side effect where a test can kill the process. Inert unless armed."""

from __future__ import annotations

import os
import signal


def crashpoint(name: str) -> None:
    """Kill this process with SIGKILL when STYRHJUL_CRASHPOINT names this point; otherwise do nothing.

    With `name:n` it survives n - 1 passages. Only tests arm it.
    """
    armed, _, count = os.environ.get("STYRHJUL_CRASHPOINT", "").partition(":")
    if armed != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)


_passed: dict[str, int] = {}
