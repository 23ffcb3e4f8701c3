"""Where this machine lends memory as a folder. What the tests throw away at once need not go to a disk first."""

from __future__ import annotations

import os

FOLDER = "/dev/shm"
#: What two processes write at most, and as much again.
NEEDED = 3 * 1024**3


def memory() -> str | None:
    """Return the folder, or None where there is none, too little is free in it, or it runs no programs (Docker's)."""
    if not os.access(FOLDER, os.W_OK):
        return None
    lent = os.statvfs(FOLDER)
    roomy = lent.f_bavail * lent.f_frsize > NEEDED
    return FOLDER if roomy and not lent.f_flag & os.ST_NOEXEC else None
