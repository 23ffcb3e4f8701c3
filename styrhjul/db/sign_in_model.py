"""The tables of sign-in: codes, sessions, providers, and the operator's time-limited way in. Secrets only as hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, OfMunicipality, Row, owned, within


class SignInCode(Row, Base):
    """One request for a code by mail. One for an address that nobody has looks the same, and can never be used."""

    __tablename__ = "sign_in_code"
    __table_args__ = (owned(), within("user", "user_id"))

    user_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    #: The code under a key that is not in the database: six digits have no hash of their own that holds.
    code_mac: Mapped[str] = mapped_column(String(64))
    #: Counted before the code is looked at.
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Row, Base):
    """A browser in which somebody is signed in: a user, or an operator while the municipality is open to them."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        owned(),
        within("user", "user_id"),
        within("break_glass", "break_glass_id"),
        UniqueConstraint("token_sha256"),
    )

    #: SHA-256 of 256 random bits that only the browser has.
    token_sha256: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    break_glass_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[datetime]
    #: Kept to the minute.
    last_seen_at: Mapped[datetime]
    #: Ends then however busy it is.
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OidcProvider(OfMunicipality, Base):
    """The municipality's own sign-in service (OpenID Connect): with a row here nobody of it signs in by code."""

    __tablename__ = "oidc_provider"
    __table_args__ = (owned(),)

    issuer: Mapped[str]
    client_id: Mapped[str]
    #: The client's secret, encrypted with a key that is not in the database.
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    discovery_url: Mapped[str]
    #: The issuer is the municipality's own directory: an address it says nothing of is taken as its word.
    vouches: Mapped[bool] = mapped_column(default=False, server_default=false())
    changed_at: Mapped[datetime]


class BreakGlass(Row, Base):
    """An operator's way into one municipality: why, until when, and whether its address has been used."""

    __tablename__ = "break_glass"
    __table_args__ = (owned(), UniqueConstraint("token_sha256"))

    token_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInTally(Base):
    """How often somebody has tried, by a keyed hash of an address or a caller; of no municipality, as nobody is yet."""

    __tablename__ = "sign_in_tally"

    name: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
    since_at: Mapped[datetime]
