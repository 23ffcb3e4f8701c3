"""The way out to sign-in services: encrypted, to addresses that may be called, and never further than asked.

A name is looked up once and its address is the one that is called: a name that changes its mind between the look and
the call gains nothing. No redirect is followed, and no answer is read for long.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2

from styrhjul.services.foundation.outward import AddressRefused, Reach

__all__ = ["AddressRefused", "Reach", "options"]

TIMEOUT_SECONDS = 5.0
_LONGEST_SECONDS = 15.0
_MOST_BYTES = 1_000_000


def options(reach: Reach) -> dict[str, Any]:
    """Return what every client that calls a sign-in service is made with."""
    return {
        "event_hooks": {"request": [partial(_pin, reach)], "response": [_cap]},
        "timeout": TIMEOUT_SECONDS,
        "trust_env": False,
        "follow_redirects": False,
    }


def _pin(reach: Reach, request: httpx2.Request) -> None:
    """Turn a request to the address that was checked; name and certificate stay those that were asked for."""
    name = request.url.host
    address = reach.check(request.url)
    request.extensions = {**request.extensions, "sni_hostname": name}
    request.url = request.url.copy_with(host=address)


def _cap(answer: httpx2.Response) -> None:
    answer.stream = _Capped(answer.stream)  # type: ignore[arg-type]


class _Capped(httpx2.SyncByteStream):
    """An answer that ends with an error when it gets too long, in bytes or in time."""

    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self._inner, self._ends_at = inner, time.monotonic() + _LONGEST_SECONDS

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for piece in self._inner:
            received += len(piece)
            if received > _MOST_BYTES or time.monotonic() > self._ends_at:
                raise httpx2.ReadError("the answer is too long")
            yield piece

    def close(self) -> None:
        self._inner.close()
