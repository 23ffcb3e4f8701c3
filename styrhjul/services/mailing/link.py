"""Links that answer: 256 random bits leave in the mail, only their hash stays."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.outbox_write import add_links
from styrhjul.domain.office import AppointmentFacts

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is not stored yet: the token that leaves, and the row that stays."""

    token: str
    row: Mapping[str, object]


def new_link(*, case_id: str, holder: AppointmentFacts, mail_id: str, now: datetime) -> NewLink:
    """Return a link for one case, bound to whoever holds the post now."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {
        "token_sha256": token_hash(token),
        "case_id": case_id,
        "post_id": holder.post_id,
        "appointment_id": holder.appointment_id,
        "mail_id": mail_id,
        "made_at": now,
        "revoked_at": None,
    }
    return NewLink(token, row)


def make_link(session: Session, *, case_id: str, holder: AppointmentFacts, mail_id: str, now: datetime) -> str:
    """Make a link as `new_link` and store it; return its token, which is kept nowhere."""
    link = new_link(case_id=case_id, holder=holder, mail_id=mail_id, now=now)
    add_links(session, [link.row])
    return link.token


def token_hash(token: str) -> str:
    """Return the SHA-256 (hex) a token is stored as."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_address(base_url: str, token: str) -> str:
    """Return the address that stands in the mail."""
    return f"{base_url}/a/{token}"
