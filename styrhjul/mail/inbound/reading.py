"""What a mail that came in was found to be: plain values that travel as JSON between two processes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from styrhjul.domain.inbound import InboundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found. Addresses are lower-case; Message-IDs are `<id@domain>`; nothing here is to be trusted.

    `recipients` are the addresses it was sent to as its own headers say; `refers_to` the Message-IDs it answers or
    reports on, nearest first; `failed` the addresses a report names, `status` its code of RFC 3463.
    """

    kind: InboundKind
    #: Swedish, one sentence: how that was told.
    reason: str
    sender: str = ""
    subject: str = ""
    message_id: str = ""
    recipients: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    status: str = ""
    diagnosis: str = ""
    #: What a person wrote, as plain text; cut at `text.LONGEST`.
    text: str = ""
    #: Automatic by its subject alone: a person's, if it answers a mail of ours.
    by_subject_alone: bool = False

    def as_json(self) -> str:
        """Return one line of ASCII."""
        return json.dumps(asdict(self))


def from_json(line: str | bytes) -> Reading:
    """Return the reading that `as_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    values: dict[str, Any] = json.loads(line)
    for name in ("recipients", "refers_to", "failed"):
        values[name] = tuple(map(str, values[name]))
    return Reading(**values | {"kind": InboundKind(values["kind"])})
