"""A municipality's register: who holds what, how it works and what it has decided. It changes seldom and is read often.

The database gives it a new version whenever a row of it changes, whoever changes it. What was read from it is kept in
memory for as long as the version stands: one short question instead of many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.model import Municipality
from styrhjul.db.prepared import Reading
from styrhjul.db.session import municipality_of, only_reads

#: So many lines of registers are remembered, about a kilobyte each: those asked for longest ago are forgotten first.
_MOST_LINES = 80_000

_VERSION = Reading(select(Municipality.register_version).where(Municipality.id == bindparam("own_municipality_id")))


@dataclass(slots=True)
class _Memory:
    version: str
    kept: dict[str, Any] = field(default_factory=dict)
    lines: int = 0


_remembered: dict[str, _Memory] = {}
#: Where a session that only reads keeps what it has been given: it sees one state of the register throughout.
_SEEN = "register_memory"

Read = TypeVar("Read")


def recall(session: Session, what: str, read: Callable[[Session], Read], lines: Callable[[Read], int]) -> Read:
    """Return what `read` has made of the session's register; it is asked again when the register has changed since.

    A session that only reads is told once which version stands. A session that writes asks each time: it may change
    the register itself. `lines` says how many bodies, posts and people the answer holds, which is what it weighs.

    Let `read` return nothing but frozen values that depend on the register's tables alone, and not on a day. A version
    never comes back, so what a transaction put there before it was rolled back is never found again.
    """
    memory = _memory(session)
    if what not in memory.kept:
        found = read(session)
        memory.kept[what] = found
        memory.lines += lines(found)
        _forget_the_oldest()
    kept: Read = memory.kept[what]
    return kept


def _memory(session: Session) -> _Memory:
    if _SEEN in session.info:
        seen: _Memory = session.info[_SEEN]
        return seen
    municipality_id = municipality_of(session)
    [(version,)] = _VERSION.rows(session)
    memory = _remembered.pop(municipality_id, None)
    if memory is None or memory.version != version:
        memory = _Memory(version)
    _remembered[municipality_id] = memory
    if only_reads(session):
        session.info[_SEEN] = memory
    return memory


def _forget_the_oldest() -> None:
    held = list(_remembered.items())
    lines = sum(memory.lines for _, memory in held)
    for municipality_id, memory in held[:-1]:
        if lines <= _MOST_LINES:
            return
        lines -= memory.lines
        _remembered.pop(municipality_id, None)
