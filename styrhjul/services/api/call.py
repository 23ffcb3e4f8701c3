"""A program's change, made once: what it got is kept beside the change itself, in one transaction.

The same key with the same question gets the same answer again, and nothing happens twice (draft-ietf-httpapi-
idempotency-key-header). What is refused leaves nothing: its key may be used anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from styrhjul.db.api_model import ApiRequest
from styrhjul.db.model import new_id
from styrhjul.db.session import Database
from styrhjul.services.api.token import Program

#: So long the same call gets the same answer.
KEPT = timedelta(days=30)
Content = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who asks for a change, under which key, and what is asked."""

    program: Program
    key: str
    question: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """The question's SHA-256 in hex, however its text was laid out."""
        canonical = json.dumps(dict(self.question), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a call got. `is_again`: the change had been made before."""

    status: int
    content: Content
    is_again: bool = False


class KeyReused(ValueError):
    """The key stands for another question."""


def once(  # noqa: PLR0913 - whose call, what it changes, and when
    database: Database,
    call: Call,
    change: Callable[[Session], Content],
    *,
    status: int,
    now: datetime,
    in_register: bool = False,
) -> Outcome:
    """Make a change unless it was made under the same key, and return what it got. Raises KeyReused.

    1. the key is claimed: another call with it waits until this one has ended;
    2. the change is made;
    3. what it got is kept, and all of it is committed together.

    Whatever the change raises takes everything back. `in_register` locks the register first.
    """
    try:
        return _once(database, call, change, status=status, now=now, in_register=in_register)
    except (IntegrityError, StaleDataError):  # another was committed between our reading and our writing
        return _once(database, call, change, status=status, now=now, in_register=in_register)


def _once(  # noqa: PLR0913 - as above
    database: Database,
    call: Call,
    change: Callable[[Session], Content],
    *,
    status: int,
    now: datetime,
    in_register: bool,
) -> Outcome:
    transaction = database.register if in_register else database.municipality
    with transaction(call.program.municipality_id) as session:
        earlier = _earlier(session, call, now)
        if earlier is not None:
            return earlier
        made = ApiRequest(id=new_id(), token_id=call.program.token_id, key=call.key, fingerprint=call.fingerprint)
        made.status, made.content, made.made_at = status, {}, now
        session.add(made)
        session.flush()
        made.content = change(session)
        session.flush()
        content = dict(made.content)
    return Outcome(status=status, content=content)


def _earlier(session: Session, call: Call, now: datetime) -> Outcome | None:
    session.execute(delete(ApiRequest).where(ApiRequest.made_at < now - KEPT))
    asked = select(ApiRequest).where(ApiRequest.token_id == call.program.token_id, ApiRequest.key == call.key)
    made = session.scalars(asked).first()
    if made is None:
        return None
    if made.fingerprint != call.fingerprint:
        raise KeyReused(call.key)
    return Outcome(status=made.status, content=made.content, is_again=True)
