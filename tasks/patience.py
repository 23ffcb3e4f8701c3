"""How long each layer waits for the one inside it: the most dangerous numbers of the system, checked at start."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from itertools import pairwise

from styrhjul.db.outbox_query import LEASE
from styrhjul.mail.transport import FINAL_REPLY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds, from the innermost wait to the outermost."""

    smtp_reply: int
    soft_limit: int
    hard_limit: int
    lease: int
    visibility: int


#: A mail server may take ten minutes over its last reply (RFC 5321 4.5.3.2.6); everything else must outlast it.
SHIPPED = Patience(
    smtp_reply=int(FINAL_REPLY_SECONDS),
    soft_limit=720,
    hard_limit=780,
    lease=int(LEASE.total_seconds()),
    visibility=3600,
)


class PatienceBroken(RuntimeError):
    """A lease shorter than the wait it covers sends the same mail again and again. Nothing was started."""


def check_patience(patience: Patience) -> None:
    """Raise PatienceBroken unless every wait is shorter than the next one out."""
    waits = astuple(patience)
    if not all(inner < outer for inner, outer in pairwise(waits)):
        names = ("SMTP reply", "soft limit", "hard limit", "lease", "visibility")
        chain = " < ".join(f"{name} {wait}" for name, wait in zip(names, waits, strict=True))
        raise PatienceBroken(f"must hold, in seconds: {chain}")


#: A sweep or a writing of mails gives way after so long, in seconds, as a sending does (`deliver.LONGEST_RUN`), and is
#: asked for again behind the others: on a day with a hundred thousand mails whoever has one waits for a pulse (30), for
#: a free process, and for its own three steps, each of which wakes the next: less than a minute. What people have
#: ordered may keep one process for longer (`order_making.LONGEST`), and never two.
LONGEST_STEP = 5


def over_after(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so many seconds have gone since now."""
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() >= ends
