"""The session's own municipality, to be read: no object is made of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from styrhjul.db.model import Municipality
from styrhjul.db.prepared import Reading
from styrhjul.db.session import municipality_of


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality as its mails and pages present it."""

    id: str
    slug: str
    name: str
    chief_executive_title: str
    sender_address: str
    reply_to: str
    phone: str | None
    released_at: datetime | None
    is_example: bool


_COLUMNS = [getattr(Municipality, field.name) for field in fields(MunicipalityRow)]
_OWN = Reading(select(*_COLUMNS).where(Municipality.id == bindparam("own_municipality_id")))


def municipality_row(session: Session) -> MunicipalityRow:
    """Return the session's own municipality; NoResultFound if it is gone."""
    found = _OWN.rows(session)
    if not found:
        raise NoResultFound(municipality_of(session))
    return MunicipalityRow(*found[0])
