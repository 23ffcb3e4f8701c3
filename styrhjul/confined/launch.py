"""Becomes a program that is not ours, under limits it cannot lift: `python -m … CPU_SECONDS MEMORY_BYTES COMMAND…`."""

from __future__ import annotations

import os
import sys

from styrhjul.confined.limits import Limits, confine

#: A program reads its own libraries and models.
_OPEN_FILES = 64


def main() -> None:
    """Give up what the program does not need, then become it: no file is written, no socket opened, no signal sent."""
    cpu_seconds, memory_bytes, *command = sys.argv[1:]
    confine(Limits(int(cpu_seconds), int(memory_bytes), _OPEN_FILES), may_start_programs=True)
    os.execv(command[0], command)  # noqa: S606 - a shell would be one more process between us


if __name__ == "__main__":
    main()
