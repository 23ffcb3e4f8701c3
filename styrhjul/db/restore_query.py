"""The mark of a restore that has filled PostgreSQL and not come to its end; read by whoever owns the tables."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, inspect, text

#: A table from the moment in which PostgreSQL is filled until all is done.
UNFINISHED = "restore_unfinished"
_WHICH = text(f"SELECT file, sha256 FROM public.{UNFINISHED}")  # noqa: S608 - our own name


class Begun(NamedTuple):
    """The file that a restore was begun with."""

    file: str
    sha256: str


def load_begun(engine: Engine) -> Begun | None:
    """Return what a restore broke off with; None where none did."""
    if not inspect(engine).has_table(UNFINISHED):
        return None
    with engine.begin() as connection:
        return Begun(*connection.execute(_WHICH).one())
