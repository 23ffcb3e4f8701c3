"""The mail server of the simulated world: it takes mail, or fails as servers do, and forgets no mail it took."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from styrhjul.mail.outcome import Accepted, ChannelDown, Connection, Refused, Reply, SenderRefused, TryLater, Uncertain
from styrhjul.services.simulation.chance import Chance
from styrhjul.services.simulation.clock import VirtualClock

_ID = b"Message-ID: "
_OK = "250 2.0.0 ok"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail the server has taken. `told` is False when its answer got lost on the way back."""

    at: datetime
    shown: datetime
    to: str
    message_id: str
    sha256: str
    told: bool


class MailServer:
    """A transport and a connection in one. `trouble` makes it fail as often as the seed says."""

    def __init__(self, chance: Chance, clock: VirtualClock, *, trouble: bool) -> None:
        self.taken: list[Taken] = []
        #: The bytes by Message-ID: what the readers have in their mailboxes.
        self.letters: dict[str, bytes] = {}
        #: The bytes of every mail that anybody tried to send.
        self.offered: dict[str, bytes] = {}
        #: Mailboxes that are no more, and since when.
        self.gone: dict[str, datetime] = {}
        #: Told of every mail on its way in, before the server answers, and of every answer.
        self.on_mail: list[Callable[[str, str], None]] = []
        self.on_reply: list[Callable[[str, str, Reply], None]] = []
        self._chance = chance
        self._clock = clock
        self._trouble = trouble
        self._tries: dict[str, int] = {}
        self._hung: set[str] = set()

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """Open a connection; refused now and then."""
        if self._trouble and self._chance.happens(0.02, "no connection", self._clock.moment):
            raise ChannelDown("connection refused")
        yield self

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        """Take one mail, or not."""
        del return_path
        message_id = raw[len(_ID) : raw.index(b"\r\n")].decode()
        self.offered[message_id] = raw
        for told in self.on_mail:
            told(message_id, to)
        number = self._tries[message_id] = self._tries.get(message_id, 0) + 1
        reply = TryLater("421 4.4.2 timeout") if message_id in self._hung else self._reply(message_id, to, number)
        self._hung.discard(message_id)
        if isinstance(reply, Accepted) or (isinstance(reply, Uncertain) and reply.reply == "taken"):
            self._take(message_id, to, raw, told=isinstance(reply, Accepted))
        for answered in self.on_reply:
            answered(message_id, to, reply)
        return reply

    def lose_answer(self) -> None:
        """The sender died before it could note the last answer: nobody knows that the mail was taken."""
        if self.taken:
            self.taken[-1] = replace(self.taken[-1], told=False)

    def hang_up(self, message_id: str) -> None:
        """Give up on whoever is sending this mail: they waited too long, and it is not taken."""
        self._hung.add(message_id)

    def _take(self, message_id: str, to: str, raw: bytes, *, told: bool) -> None:
        self.letters[message_id] = raw
        digest = hashlib.sha256(raw).hexdigest()
        self.taken.append(Taken(self._clock.moment, self._clock.now(), to, message_id, digest, told))

    def _reply(self, message_id: str, to: str, number: int) -> Reply:
        if to in self.gone and self.gone[to] <= self._clock.moment:
            return Refused("550 5.1.1 no such mailbox", about_address=True)
        if not self._trouble:
            return Accepted(_OK)
        drawn = self._chance.share("reply", message_id, number)
        if drawn < 0.004:
            raise ChannelDown("421 4.3.2 shutting down")
        if drawn < 0.008:
            raise SenderRefused("550 5.7.1 sender refused")
        for bound, reply in _TROUBLES:
            if drawn < bound:
                return reply
        return Accepted(_OK)


_TROUBLES: tuple[tuple[float, Reply], ...] = (
    (0.08, TryLater("451 4.7.1 greylisted")),
    (0.09, Refused("554 5.6.0 refused")),
    (0.11, Uncertain("taken")),
    (0.12, Uncertain("lost")),
)
