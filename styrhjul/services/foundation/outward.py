"""Which addresses may be called from here: what is on the open internet, and nothing inside unless that is set.

Whoever calls looks a name up here once, and calls the very address that was judged: a name that changes its mind
between the look and the call gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import httpx2

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: What a house numbers its own machines with: RFC 1918 and RFC 4193.
_OWN_NETWORKS = tuple(
    ipaddress.ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
_LAST_PORT = 65_535


class AddressRefused(ValueError):
    """An address that must not be called; the message says why, in Swedish."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be called beside the open internet: this machine without TLS, and the house's own network.

    `setting` is what lets it be the house's own network, `this_machine_setting` this machine, for whoever is refused;
    empty = nothing does.
    """

    this_machine: bool = False
    own_network: bool = False
    setting: str = ""
    this_machine_setting: str = ""

    def check(self, url: httpx2.URL) -> str:
        """Return the one address of a URL to call. Raises AddressRefused."""
        port = 443 if url.port is None else url.port
        if not 0 < port <= _LAST_PORT:
            raise AddressRefused(f"Porten i adressen ska vara mellan 1 och {_LAST_PORT}.")
        found = _looked_up(url.host, port)
        here = bool(found) and all(each.is_loopback for each in found)
        if self.this_machine and here and url.scheme in ("http", "https"):
            return str(found[0])
        if url.scheme != "https":
            raise AddressRefused("Adressen ska börja med https://.")
        for address in found:
            self._check_one(address)
        return str(found[0])

    def _check_one(self, address: _Address) -> None:
        if address.is_global and not (address.is_multicast or _is_no_place(address)):
            return
        is_own = any(address in network for network in _OWN_NETWORKS)
        if is_own and self.own_network:
            return
        setting = self.setting if is_own else self.this_machine_setting if address.is_loopback else ""
        way = f" Ska det gå ändå, sätt {setting}." if setting else ""
        raise AddressRefused(f"Adressen leder till ett internt nät.{way}")


def _is_no_place(address: _Address) -> bool:
    """Ranges that lead elsewhere than they say, or nowhere: IPv4 within IPv6 (`::a.b.c.d`, `64:ff9b::`), `fec0::`."""
    return address.is_reserved or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)


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
