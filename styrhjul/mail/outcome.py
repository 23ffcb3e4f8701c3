"""How a try to send can end, and what a transport is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken the mail over."""

    reply: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """4xx about this mail, or cut off before the server could have it."""

    reply: str


@dataclass(frozen=True, slots=True)
class Refused:
    """5xx about this mail or its address: trying again will not help. `about_address`: there is no such mailbox."""

    reply: str
    about_address: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Cut off after the data: the server may have it."""

    reply: str


Reply: TypeAlias = Accepted | TryLater | Refused | Uncertain


class ChannelDown(Exception):
    """The server cannot be reached or refuses us altogether; no mail is to blame."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SenderRefused(ChannelDown):
    """The server takes no mail from this sender; it may well take others'."""


class Connection(Protocol):
    """A way out that is open. Reused for many mails, one after the other; not shared between threads."""

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        """Send one mail to one address. Raises ChannelDown or SenderRefused: this mail has not left."""


class Transport(Protocol):
    """Opens connections."""

    def open(self) -> AbstractContextManager[Connection]:
        """Return a connection that closes with its block. Raises ChannelDown, at once or at the first mail."""
