"""Where ids come from: chance, unless a run that must be repeatable brings a source of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ID_BYTES = 16


def _by_chance() -> str:
    return os.urandom(ID_BYTES).hex()


_SOURCE: ContextVar[Callable[[], str]] = ContextVar("id_source", default=_by_chance)


def draw_id() -> str:
    """Return 128 bits in hex from the source in force."""
    return _SOURCE.get()()


@contextmanager
def ids_from(source: Callable[[], str]) -> Iterator[None]:
    """Draw the ids from `source` within the block; only a simulation does."""
    token = _SOURCE.set(source)
    try:
        yield
    finally:
        _SOURCE.reset(token)
