"""A mail server that takes everything at once and counts it: as little work as possible at the other end."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized

_HELLO = b"250-sink.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
_END = b"\r\n.\r\n"


@dataclass(frozen=True)
class Sink:
    """Where it listens, and how many mails it has taken since it was started."""

    port: int
    counter: Synchronized[int]

    @property
    def taken(self) -> int:
        """The count so far."""
        return self.counter.value


@contextmanager
def sink() -> Iterator[Sink]:
    """Run a sink in a process of its own, on this machine only."""
    context = multiprocessing.get_context("spawn")
    counter, port = context.Value("q", 0), context.Value("i", 0)
    ready = context.Event()
    process = context.Process(target=_serve, args=(counter, port, ready), daemon=True)
    process.start()
    if not ready.wait(60):
        raise RuntimeError("the sink did not come up")
    try:
        yield Sink(port.value, counter)
    finally:
        process.terminate()
        process.join()


class _Line(asyncio.Protocol):
    """One conversation. Commands may come several at a time; nothing is refused."""

    def __init__(self, counter: Synchronized[int]) -> None:
        self._counter = counter
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
            yield self._answer(taken[:4].upper())

    def _answer(self, command: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            with self._counter.get_lock():
                self._counter.value += 1
            return b"250 taken\r\n"
        if command == b"EHLO":
            return _HELLO
        if command == b"DATA":
            self._in_data = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if command == b"QUIT" else b"250 fine\r\n"


def _serve(counter: Synchronized[int], port: Synchronized[int], ready: object) -> None:
    asyncio.run(_listen(counter, port, ready))


async def _listen(counter: Synchronized[int], port: Synchronized[int], ready: object) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Line(counter), "127.0.0.1", 0)
    port.value = server.sockets[0].getsockname()[1]
    ready.set()  # type: ignore[attr-defined] # an Event of the spawning context
    await server.serve_forever()
