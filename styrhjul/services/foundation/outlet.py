"""What telling other systems needs, handed over by entry points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from styrhjul.mail.seal import Sealer
from styrhjul.services.foundation.outward import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What sending takes: where links point, what may be called, what opens the secrets, and what time it is outside.

    An endpoint holds the time of the signature against its own clock, so `present` is the real one also where ours is
    played.
    """

    base_url: str
    reach: Reach
    sealer: Sealer
    present: Callable[[], datetime]
