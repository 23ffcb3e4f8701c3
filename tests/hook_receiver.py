"""Another system's endpoint: a real HTTP server on the loopback that keeps what it is told and answers as it is bid."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from config.clock import wall_time
from styrhjul.mail.seal import Sealer
from styrhjul.services.foundation.outlet import Outlet
from styrhjul.services.foundation.outward import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "a-key-of-thirty-two-characters-or-more"
OUTLET = Outlet(
    base_url="https://styrhjul.example.org", reach=Reach(this_machine=True), sealer=Sealer(KEY), present=wall_time
)


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)  # type: ignore[no-any-return]


@dataclass
class Receiver:
    """`status` is what it answers, with `location` where that is a redirect; `trickles`: its head never ends."""

    port: int
    told: list[Told] = field(default_factory=list)
    status: int = 204
    location: str | None = None
    trickles: bool = False
    ends: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def events(self) -> list[str]:
        return [each.json["type"] for each in self.told]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run an endpoint while the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.receiver = receiver = Receiver(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ends.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        receiver.told.append(Told(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        if receiver.trickles:
            self._trickle(receiver)
            return
        self.send_response(receiver.status)
        if receiver.location:
            self.send_header("Location", receiver.location)
        self.end_headers()

    def _trickle(self, receiver: Receiver) -> None:
        """One byte at a time, so that no single wait is ever long."""
        began = time.monotonic()
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not receiver.ends.wait(0.1) and time.monotonic() - began < 30:
                self.wfile.write(b"x")
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args
