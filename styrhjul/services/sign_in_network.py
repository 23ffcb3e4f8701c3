"""The way out to sign-in services: encrypted, to addresses that may be called, and never further than asked.

A name is looked up once and its address is the one that is called: a name that changes its mind between the look and
the call gains nothing. No redirect is followed, and no answer is read for long.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2

TIMEOUT_SECONDS = 5.0
_LONGEST_SECONDS = 15.0
_MOST_BYTES = 1_000_000
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(ValueError):
    """An address that sign-in must not call; the message says why, in Swedish."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be called beside the open internet: this machine without TLS, and the house's own network."""

    this_machine: bool = False
    own_network: bool = False

    def check(self, url: httpx2.URL) -> str:
        """Return the one address of a URL to call. Raises AddressRefused."""
        found = _looked_up(url.host, url.port or 443)
        here = bool(found) and all(each.is_loopback for each in found)
        if self.this_machine and here and url.scheme in ("http", "https"):
            return str(found[0])
        if url.scheme != "https":
            raise AddressRefused("Adressen ska börja med https://.")
        for address in found:
            self._check_one(address)
        return str(found[0])

    def _check_one(self, address: _Address) -> None:
        if address.is_global and not address.is_multicast:
            return
        is_own = address.is_private and not (
            address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
        )
        if not (is_own and self.own_network):
            raise AddressRefused(
                "Adressen leder till ett internt nät. Ligger inloggningstjänsten där, sätt STYRHJUL_OIDC_OWN_NETWORK."
            )


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


def _looked_up(host: str, port: int) -> list[_Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused("Värdnamnet i adressen finns inte.") from None
    return [_unmapped(ipaddress.ip_address(str(each[4][0]).partition("%")[0])) for each in found]


def _unmapped(address: _Address) -> _Address:
    """An IPv4 address written as IPv6 is judged as what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address
