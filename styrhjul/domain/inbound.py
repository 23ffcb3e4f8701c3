"""Mail that comes in: what it can be, and what the code of a failure says of the address."""

from __future__ import annotations

from enum import StrEnum


class InboundKind(StrEnum):
    """What a mail is. Keys are permanent."""

    FAILED = "failed"  # a server gave up: it did not arrive
    DELAYED = "delayed"  # a server is still trying
    RELAYED = "relayed"  # passed on to a server that reports nothing
    EXPANDED = "expanded"  # passed on to the readers of a list
    DELIVERED = "delivered"  # a server says that it arrived
    READ_RECEIPT = "read_receipt"
    AUTOMATIC = "automatic"  # written by a machine: absence, ticket, challenge, list
    LOOP = "loop"  # our own, come back
    REPLY = "reply"  # a person wrote it
    UNKNOWN = "unknown"  # for a person to look at


#: What speaks of a delivery; only the first changes anything, and only where the return path is signed.
REPORTS = frozenset(
    {
        InboundKind.FAILED,
        InboundKind.DELAYED,
        InboundKind.RELAYED,
        InboundKind.EXPANDED,
        InboundKind.DELIVERED,
    }
)

#: There is no such mailbox, or nobody opens it any more (RFC 3463, 3.2 and 3.3; RFC 7505). Not here: 5.1.0, which says
#: nothing, and 5.1.5, 5.1.7, 5.1.8, 5.1.9 and 5.1.90, which are about the sender.
_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"})
#: How Microsoft 365 turns away an address it does not know before it looks for the mailbox.
_DEAD_AT_THE_EDGE = ("5.4.1", "recipient address rejected")


def is_about_address(status: str, diagnosis: str) -> bool:
    """Whether a failure for good says that the address itself is dead; a full mailbox or a policy does not.

    A failure of the way there (5.4.4: no such host; 4.4.7: too long in the queue) may be mended tomorrow.
    """
    code, words = _DEAD_AT_THE_EDGE
    return status in _DEAD or (status == code and words in diagnosis.lower())
