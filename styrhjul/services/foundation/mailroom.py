"""What the services need to write and send mail, handed to them by entry points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from styrhjul.db.pace import UNLIMITED, Pace
from styrhjul.db.turn import A_TURN
from styrhjul.mail.seal import Sealer
from styrhjul.mail.transport import Transport
from styrhjul.mail.verp import ReturnPaths
from styrhjul.mail.wordsmith import Wordsmith
from styrhjul.services.foundation.tracing import UNTRACED, Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """`base_url` is where links point, without a slash at the end; `open_transport` opens the way out per batch."""

    base_url: str
    sealer: Sealer
    open_transport: Callable[[], Transport]
    #: The header in which a relay looks for what it has sent already; None = it does not.
    idempotency_header: str | None = None
    #: How fast mail may leave.
    pace: Pace = UNLIMITED
    #: How many mails of one municipality get their last look in one transaction: those that are taken together.
    looked_at_together: int = A_TURN
    #: Whether time passes as on this machine, so that a mail that takes seconds is slow; not so in a simulated world.
    keeps_real_time: bool = True
    #: Where failure reports go, signed; None = the municipality's own sender address, and no report changes anything.
    return_paths: ReturnPaths | None = None
    #: What writes out a municipality's own words during a run; None = one is begun where it is needed.
    wordsmith: Wordsmith | None = None
    #: What notes who wrote a mail, who tried it and what the server said.
    tracing: Tracing = UNTRACED
