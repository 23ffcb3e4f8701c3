"""Which way out a setting names, and everything a sender needs to know of it."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from styrhjul.mail.catch import Catcher, CatchTransport, Caught
from styrhjul.mail.outcome import Accepted, ChannelDown, Connection, Refused, Reply, Transport, TryLater, Uncertain
from styrhjul.mail.smtp import FINAL_REPLY_SECONDS, Security, SmtpTransport

__all__ = [
    "FINAL_REPLY_SECONDS",
    "Accepted",
    "CatchTransport",
    "Catcher",
    "Caught",
    "ChannelDown",
    "Connection",
    "Refused",
    "Reply",
    "SmtpTransport",
    "Transport",
    "TryLater",
    "Uncertain",
    "UnknownTransport",
    "transport_from_url",
]

_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


class UnknownTransport(ValueError):
    """The URL names no way to send mail, or one that would show a password to everybody on the line."""


def transport_from_url(
    url: str, catch_directory: Path, *, hostname: str | None = None, ca_file: Path | None = None
) -> Transport:
    """Return the transport for `catch:`, `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`.

    User and password are percent-encoded. Raises UnknownTransport, whose message never shows the password.
    """
    parts = urlsplit(url)
    if parts.scheme == "catch":
        return CatchTransport(catch_directory)
    if parts.scheme not in set(Security) or not parts.hostname:
        raise UnknownTransport(
            "the SMTP URL begins with catch:, smtp://, smtp+starttls:// or smtps://, and names a host after //"
        )
    security = Security(parts.scheme)
    if parts.password is not None and security is Security.NONE and not _is_this_machine(parts.hostname):
        raise UnknownTransport(
            f"smtp://{parts.hostname} would send the password in clear text: use smtp+starttls:// or smtps://"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise UnknownTransport(f"user and password for {parts.hostname} may hold ASCII letters and signs only")
    return SmtpTransport(
        host=parts.hostname,
        port=_port(parts) or _PORTS[security],
        security=security,
        user=user or None,
        password=password or None,
        hostname=hostname,
        ca_file=ca_file,
    )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise UnknownTransport(f"the port of {parts.hostname} is not a number from 1 to 65535") from None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
