"""Links that answer: 256 random bits leave in the mail, only their hash stays."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.mail_model import AnswerLink
from styrhjul.domain.office import AppointmentFacts

TOKEN_BYTES = 32


def make_link(session: Session, *, case_id: str, holder: AppointmentFacts, mail_id: str, now: datetime) -> str:
    """Make a link for one case, bound to whoever holds the post now; return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        AnswerLink(
            token_sha256=token_hash(token),
            case_id=case_id,
            post_id=holder.post_id,
            appointment_id=holder.appointment_id,
            mail_id=mail_id,
            made_at=now,
            revoked_at=None,
        )
    )
    return token


def token_hash(token: str) -> str:
    """Return the SHA-256 (hex) a token is stored as."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_address(base_url: str, token: str) -> str:
    """Return the address that stands in the mail."""
    return f"{base_url}/a/{token}"
