"""A mail server that takes everything at once and counts it: as little work as possible at the other end."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import TextIO

_HELLO = b"250-sink.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
_END = b"\r\n.\r\n"


@dataclass(frozen=True)
class Sink:
    """Where it listens, and how many mails it has taken since it was started."""

    port: int
    counter: Synchronized[int]
    log: Path | None = None

    @property
    def taken(self) -> int:
        """The count so far."""
        return self.counter.value

    def all_taken(self) -> list[Taken]:
        """Return every mail in the order it came. Raises ValueError where no log was named."""
        if self.log is None:
            raise ValueError("this sink keeps no log")
        lines = (line.split("\t") for line in self.log.read_text(encoding="ascii").splitlines())
        return [Taken(at=float(at), address=address, message_id=message_id) for at, address, message_id in lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail as the sink took it: when, by the machine's clock, for whom, and its Message-ID."""

    at: float
    address: str
    message_id: str


@contextmanager
def sink(log: Path | None = None) -> Iterator[Sink]:
    """Run a sink in a process of its own, on this machine only; it notes each mail in `log`, if one is named."""
    context = multiprocessing.get_context("spawn")
    counter, port = context.Value("q", 0), context.Value("i", 0)
    ready = context.Event()
    process = context.Process(target=_serve, args=(counter, port, ready, log), daemon=True)
    process.start()
    if not ready.wait(60):
        raise RuntimeError("the sink did not come up")
    try:
        yield Sink(port.value, counter, log)
    finally:
        process.terminate()
        process.join()


class _Line(asyncio.Protocol):
    """One conversation. Commands may come several at a time; nothing is refused."""

    def __init__(self, counter: Synchronized[int], log: TextIO | None) -> None:
        self._counter = counter
        self._log = log
        self._address = b""
        self._buffer = b""
        self._in_data = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            transport.write(b"220 sink.example.org\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer everything that has come whole, in one packet."""
        self._buffer += data
        answers = b"".join(self._answers())
        if answers and self._transport is not None:
            self._transport.write(answers)

    def _answers(self) -> Iterator[bytes]:
        while True:
            end = _END if self._in_data else b"\r\n"
            taken, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            yield self._answer(taken[:4].upper(), taken)

    def _answer(self, command: bytes, taken: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            if self._log is not None:
                self._log.write(f"{time.time()}\t{self._address.decode()}\t{_message_id(taken)}\n")
            with self._counter.get_lock():
                self._counter.value += 1
            return b"250 taken\r\n"
        if command == b"RCPT":
            self._address = taken.partition(b"<")[2].partition(b">")[0]
        if command == b"EHLO":
            return _HELLO
        if command == b"DATA":
            self._in_data = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if command == b"QUIT" else b"250 fine\r\n"


def _message_id(mail: bytes) -> str:
    return mail.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()


def _serve(counter: Synchronized[int], port: Synchronized[int], ready: object, log: Path | None) -> None:
    with log.open("w", buffering=1, encoding="ascii") if log else nullcontext() as lines:
        asyncio.run(_listen(counter, port, ready, lines))


async def _listen(counter: Synchronized[int], port: Synchronized[int], ready: object, log: TextIO | None) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Line(counter, log), "127.0.0.1", 0)
    port.value = server.sockets[0].getsockname()[1]
    ready.set()  # type: ignore[attr-defined] # an Event of the spawning context
    await server.serve_forever()
