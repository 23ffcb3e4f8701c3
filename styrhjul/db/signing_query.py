"""Which key signs, and which there are. What comes out is still sealed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.model import Municipality
from styrhjul.db.prepared import Reading
from styrhjul.db.signing_model import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """A key as it is stored. `domain` is in ASCII."""

    municipality_id: str
    domain: str
    selector: str
    algorithm: str
    sealed_key: bytes
    is_active: bool


_KEPT = select(
    SigningKey.municipality_id,
    SigningKey.domain,
    SigningKey.selector,
    SigningKey.algorithm,
    SigningKey.sealed_key,
    SigningKey.is_active,
)
_ACTIVE = Reading(_KEPT.where(SigningKey.is_active.is_(True)))
_NAMED = Reading(_KEPT.where(SigningKey.selector == bindparam("selector")))
_SIGNING = Reading(
    select(Municipality.slug, *_KEPT.selected_columns)
    .join(SigningKey, SigningKey.municipality_id == Municipality.id)
    .where(SigningKey.is_active.is_(True))
    .order_by(Municipality.slug)
)


def active_key(session: Session) -> KeptKey | None:
    """Return the key that signs the municipality's mail; None where they leave unsigned."""
    found = _ACTIVE.rows(session)
    return KeptKey(**found[0]._asdict()) if found else None


def key_named(session: Session, selector: str) -> KeptKey | None:
    """Return the municipality's key of this selector."""
    found = _NAMED.rows(session, selector=selector)
    return KeptKey(**found[0]._asdict()) if found else None


def active_keys(session: Session) -> list[tuple[str, KeptKey]]:
    """Return every municipality that signs, by its short name, with its key; for a system session."""
    return [(row[0], KeptKey(**dict(list(row._asdict().items())[1:]))) for row in _SIGNING.everywhere(session)]
