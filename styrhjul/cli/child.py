"""Becomes the program it is told to, having asked the kernel to stop it when its parent dies. Standard library only.

Called as `python child.py PARENT_ID COMMAND…`. Elsewhere than on Linux the parent stops its children as it leaves.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program. A parent that died before we could ask leaves nothing to be started."""
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - a shell would be one more process between us


if __name__ == "__main__":
    main()
