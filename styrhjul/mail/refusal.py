"""What a server's refusal means: who is to blame, and whether trying again can help (RFC 5321, 3463, 4954, 7504)."""

from __future__ import annotations

import re

from styrhjul.mail.outcome import Refused, SenderRefused, TryLater

SERVICE_CLOSING = 421
#: Not about any mail: the order of commands, a host that takes none, a login that is wanted or was wrong.
ABOUT_THE_LINE = frozenset({503, 521, 530, 534, 535, 538})
_STORAGE = 552
#: Without an enhanced code: no such mailbox, not here, not a name, a domain without mail.
_NO_SUCH_ADDRESS = frozenset({550, 551, 553, 556})
_ADDRESS_DETAILS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1"})
_SENDER_DETAILS = frozenset({"1.7", "1.8"})
_FULL, _TOO_LARGE = "2.2", frozenset({"2.3", "3.4"})
_ENHANCED = re.compile(rb"^([245])\.(\d{1,3}\.\d{1,3})(?=\s|$)", re.MULTILINE)
_SAYS_NOTHING = "0.0"


def is_refusal(code: int) -> bool:
    """Tell whether a reply says no: 4xx or 5xx. Anything else but yes is a line out of step."""
    return 400 <= code <= 599


def read_refusal(code: int, answer: bytes, said: str, *, at_recipient: bool) -> Refused | TryLater:
    """Return what a reply that is no yes means for the mail. Raises SenderRefused where our sender is to blame.

    The basic code decides whether trying again can help, the enhanced one whom it is about; one that contradicts the
    basic code is not believed, and then no address is blamed.
    """
    detail = _detail(code, answer)
    if not 500 <= code <= 599 or code in ABOUT_THE_LINE or _is_full(code, detail, at_recipient=at_recipient):
        return TryLater(said)
    if detail in _SENDER_DETAILS:
        raise SenderRefused(said)
    by_code = at_recipient and detail is None and code in _NO_SUCH_ADDRESS
    return Refused(said, about_address=by_code or detail in _ADDRESS_DETAILS)


def _is_full(code: int, detail: str | None, *, at_recipient: bool) -> bool:
    """Whether a mailbox is full: it may be emptied. RFC 5321, 4.5.3.1.10 wants 552 at RCPT treated as temporary."""
    return detail == _FULL or (at_recipient and code == _STORAGE and detail not in _TOO_LARGE)


def _detail(code: int, answer: bytes) -> str | None:
    """Return subject and detail of the enhanced code; None without one, "" for one that is not to be believed."""
    found = {(int(kind), detail.decode()) for kind, detail in _ENHANCED.findall(answer)}
    found -= {(kind, detail) for kind, detail in found if detail == _SAYS_NOTHING}
    if not found:
        return None
    [(kind, detail), *others] = found
    return detail if not others and kind == code // 100 else ""
