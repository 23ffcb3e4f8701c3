"""One message on its way to another system: written, signed, and handed over on a guarded line within five seconds.

The line goes to the one address that was judged, whatever the name says a moment later; name and certificate stay
those that were asked for. No redirect is followed, no proxy of the environment is used, no answer's text is read.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpcore2
import httpx2

from styrhjul.db.webhook_query import ClaimedMessage
from styrhjul.domain.webhook import sign
from styrhjul.services.foundation.outward import AddressRefused, Reach

#: From the look at the name to the last byte of the answer's head.
TIMEOUT_SECONDS = 5.0
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOutcome:
    """How a try ended: in words for people, never the endpoint's own. `is_gone`: it asks for no more."""

    is_delivered: bool
    words: str
    is_gone: bool = False


def body_of(message: ClaimedMessage, base_url: str) -> bytes:
    """Return the JSON that is signed and sent; a retry sends the same."""
    content = dict(message.content)
    if "case" in content:
        content["url"] = f"{base_url}/{content['municipality']}/case/{content['case']}"
    happened = message.happened_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    document = {"type": message.event.value, "timestamp": happened, "data": content}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(message: ClaimedMessage, body: bytes, secret: str, present: datetime) -> dict[str, str]:
    """Return the headers of one try, signed at `present`: an endpoint refuses what is old."""
    message_id, timestamp = f"msg_{message.message_id}", int(present.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": "Styrhjul",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id=message_id, timestamp=timestamp, body=body),
    }


def post(reach: Reach, url: str, body: bytes, headers: dict[str, str]) -> PostOutcome:
    """Hand a body over. Every failure is an outcome; nothing is raised for what the other side does."""
    try:
        status = _status(reach, httpx2.URL(url), body, headers)
    except (AddressRefused, httpx2.InvalidURL) as refused:
        return PostOutcome(is_delivered=False, words=str(refused))
    except (httpcore2.TimeoutException, TimeoutError):
        return PostOutcome(is_delivered=False, words=f"Svarade inte inom {TIMEOUT_SECONDS:.0f} sekunder.")
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as failure:
        return PostOutcome(is_delivered=False, words=_said(failure))
    is_delivered = 200 <= status < 300
    return PostOutcome(is_delivered=is_delivered, words=f"HTTP {status}", is_gone=status == _GONE)


def _said(failure: BaseException) -> str:
    if isinstance(failure, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(failure):
        return "Certifikatet godtas inte."
    return f"Gick inte att ansluta ({type(failure).__name__})."


def _status(reach: Reach, url: httpx2.URL, body: bytes, headers: dict[str, str]) -> int:
    line = _GuardedLine(reach, url, time.monotonic() + TIMEOUT_SECONDS)
    with httpcore2.ConnectionPool(network_backend=line, ssl_context=_trusted(), max_keepalive_connections=0) as pool:
        asked = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        named = [(b"host", url.netloc), *((name.encode(), value.encode()) for name, value in headers.items())]
        with pool.stream("POST", asked, headers=named, content=body) as answer:
            return int(answer.status)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom the machine trusts. Making it takes long, and nothing in it changes."""
    return httpcore2.default_ssl_context()


class _GuardedLine(httpcore2.NetworkBackend):
    """Connects to the address that is judged here, and nowhere else."""

    def __init__(self, reach: Reach, url: httpx2.URL, ends_at: float) -> None:
        self._reach, self._url, self._ends_at = reach, url, ends_at
        self._real = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        del host, timeout
        address = self._reach.check(self._url)
        return _Hurried(
            self._real.connect_tcp(address, port, _left(self._ends_at), local_address, socket_options), self._ends_at
        )


class _Hurried(httpcore2.NetworkStream):
    """A line whose every wait ends when the whole time is over: one byte every few seconds gains nothing."""

    def __init__(self, line: httpcore2.NetworkStream, ends_at: float) -> None:
        self._line, self._ends_at = line, ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._line.read(max_bytes, _left(self._ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._line.write(buffer, _left(self._ends_at))

    def close(self) -> None:
        self._line.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        del timeout
        return _Hurried(self._line.start_tls(ssl_context, server_hostname, _left(self._ends_at)), self._ends_at)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own
        return self._line.get_extra_info(info)


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the whole time is over")
    return left
