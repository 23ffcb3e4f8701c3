"""Where a bench keeps its databases: a folder of SQLite files or a PostgreSQL of its own, gone when it ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from tests.servers import PostgresServer, clone_database, drop_database, postgres_server, temporary_folder

KINDS = ("sqlite", "postgresql")


class Place(Protocol):
    """Room for databases of one kind."""

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or the copy of one that nobody is connected to; return its URL."""

    def url(self, name: str) -> str:
        """Return the URL of a database that was made."""

    def drop(self, name: str) -> None:
        """Remove a database that nobody is connected to."""

    def megabytes(self, name: str) -> float:
        """Return the room a database takes on disk."""


class Folder:
    """SQLite files, synced to the disk as in life."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, name: str, template: str | None = None) -> str:
        """Copy a file, or leave it to SQLite to make one."""
        if template:
            shutil.copy(self._folder / template, self._folder / name)
        return self.url(name)

    def url(self, name: str) -> str:
        """Name the file."""
        return f"sqlite:///{self._folder / name}"

    def drop(self, name: str) -> None:
        """Delete the file and what SQLite keeps beside it."""
        for path in self._folder.glob(f"{name}*"):
            path.unlink()

    def megabytes(self, name: str) -> float:
        """Count the write-ahead log too."""
        return sum(path.stat().st_size for path in self._folder.glob(f"{name}*")) / 1e6


class Server:
    """Databases in a PostgreSQL, which may be somebody else's."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._names: set[str] = set()

    def create(self, name: str, template: str | None = None) -> str:
        """Let PostgreSQL copy its own empty template when none is given."""
        self._names.add(name)
        return clone_database(self._server, _unique(template) if template else "template1", _unique(name))

    def url(self, name: str) -> str:
        """Name the database as this run made it."""
        return self._server.database_url(_unique(name))

    def drop(self, name: str) -> None:
        """Remove it even when somebody is still connected."""
        self._names.discard(name)
        drop_database(self._server, _unique(name))

    def drop_all(self) -> None:
        """Remove every database made here."""
        for name in tuple(self._names):
            self.drop(name)

    def megabytes(self, name: str) -> float:
        """Ask PostgreSQL."""
        url = make_url(self._server.database_url(_unique(name)))
        with create_engine(url, poolclass=NullPool).connect() as connection:
            size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        return float(size) / 1e6


@contextmanager
def place_of(kind: str, *, durable: bool = False) -> Iterator[Place]:
    """Open a place for one kind of database; everything in it is removed at the end.

    `durable`: PostgreSQL syncs every commit to the disk, as in life; SQLite always does.
    """
    if kind == "sqlite":
        with temporary_folder("sh-bench-") as folder:
            yield Folder(folder)
        return
    with postgres_server(durable=durable) as server:
        place = Server(server)
        try:
            yield place
        finally:
            place.drop_all()


def _unique(name: str) -> str:
    return f"styrhjul_bench_{os.getpid()}_{name}"
