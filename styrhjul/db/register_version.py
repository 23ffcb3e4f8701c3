"""A municipality's register: who holds what, how it works and what it has decided. It changes seldom and is read often.

The database gives it a new version whenever a row of it changes, whoever changes it. What was read from it is kept in
memory for as long as the version stands: one short question instead of many.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.model import Municipality
from styrhjul.db.prepared import Reading
from styrhjul.db.session import municipality_of, only_reads

#: So many municipalities are remembered; those asked about longest ago are forgotten first.
_MOST = 512

_VERSION = Reading(select(Municipality.register_version).where(Municipality.id == bindparam("own_municipality_id")))


@dataclass(slots=True)
class _Memory:
    version: str
    kept: dict[Hashable, Any] = field(default_factory=dict)


_remembered: dict[str, _Memory] = {}
#: Where a session that only reads keeps what it has been given: it sees one state of the register throughout.
_SEEN = "register_memory"


def register_memory(session: Session) -> dict[Hashable, Any]:
    """Return what is remembered of the session's municipality; empty when its register has changed since.

    A session that only reads is told once. A session that writes asks each time: it may change the register itself.

    Put nothing in it but frozen values that depend on the register's tables alone, and not on a day. A version never
    comes back, so what a transaction put there before it was rolled back is never found again.
    """
    if _SEEN in session.info:
        seen: dict[Hashable, Any] = session.info[_SEEN]
        return seen
    municipality_id = municipality_of(session)
    [(version,)] = _VERSION.rows(session)
    memory = _remembered.pop(municipality_id, None)
    if memory is None or memory.version != version:
        memory = _Memory(version)
    _remembered[municipality_id] = memory
    while len(_remembered) > _MOST:
        _remembered.pop(next(iter(_remembered)), None)
    if only_reads(session):
        session.info[_SEEN] = memory.kept
    return memory.kept
