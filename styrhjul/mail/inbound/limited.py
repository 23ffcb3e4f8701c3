"""Reading what strangers have sent: in a process of its own with limits, so that no mail can stop or empty ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from styrhjul.domain.inbound import InboundKind
from styrhjul.mail.inbound.classify import READ_AT_MOST
from styrhjul.mail.inbound.reading import Reading, from_json

PATIENCE_SECONDS = 60
_ROOT = Path(__file__).parents[3]
#: Nothing of ours: no key and no address of a database.
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def read_mail(raw: bytes, *, patience: float = PATIENCE_SECONDS) -> Reading:
    """Return what a mail is, found out by a child process. One that cannot be read in its limits is unknown."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "styrhjul.mail.inbound.child"],
            input=raw[:READ_AT_MOST],
            capture_output=True,
            check=True,
            timeout=patience,
            env=_ENVIRONMENT,
            cwd=_ROOT,
        )
        return from_json(done.stdout)
    except subprocess.TimeoutExpired:
        return _unread("det tog för lång tid")
    except (subprocess.CalledProcessError, ValueError, KeyError, TypeError):
        return _unread("läsningen avbröts")


def _unread(why: str) -> Reading:
    return Reading(kind=InboundKind.UNKNOWN, reason=f"Det gick inte att läsa: {why}.")
