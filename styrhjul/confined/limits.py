"""What a child takes from itself before it looks at what a stranger wrote: time, memory, files, sockets, programs.

Load everything first: afterwards nothing can be opened, so nothing can be imported either.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from styrhjul.confined.network import end_with_parent, give_up_calls

#: The three that are open stay usable; none can be opened, not even in the place of one that was closed.
NO_MORE_FILES = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a child may use. The system ends it when its seconds of processor time are over; None sets none."""

    cpu_seconds: int | None
    memory_bytes: int
    open_files: int = NO_MORE_FILES


def confine(limits: Limits, *, may_start_programs: bool = False, is_kept: bool = False) -> None:
    """Give up all but the limits, for good. Where the system knows no such limits only the parent's patience is left.

    Linux on amd64 and arm64 also leaves a child only calls that reach nothing outside it; elsewhere on Unix no file and
    no socket can be opened, for want of a file number. On Linux the child ends with the thread that started it, unless
    it `is_kept` for more than one question; then it has to notice by itself that nobody asks any longer.
    """
    try:
        import resource  # noqa: PLC0415 - only Unix has it, and only the child needs it
    except ImportError:
        return
    most = {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
    }
    if limits.cpu_seconds is not None:
        most["RLIMIT_CPU"] = limits.cpu_seconds
    if not may_start_programs:
        most["RLIMIT_NPROC"] = 0
    most["RLIMIT_NOFILE"] = limits.open_files
    for name, bound in most.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (bound, bound))
    if not is_kept:
        end_with_parent()
    give_up_calls(may_start_programs=may_start_programs)  # last: it refuses other limits
