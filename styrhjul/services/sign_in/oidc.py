"""Which municipality signs in where: its settings, sealed, and the user of its own that a vouched address means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, User
from styrhjul.db.session import Database
from styrhjul.db.sign_in_model import OidcProvider
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.written import SHORT, faults_in
from styrhjul.mail.seal import Sealer
from styrhjul.services.sign_in.code import let_in
from styrhjul.services.sign_in.provider import ProviderSettings

_BY = "municipality oidc"
DISCOVERY = "/.well-known/openid-configuration"


class BadProvider(ValueError):
    """The settings of a sign-in service cannot be; the message says what to write."""


class NotAUser(LookupError):
    """The service vouches for an address that no user of this municipality has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How the users of one municipality sign in: with its own account, else by code."""

    municipality_id: str
    slug: str
    name: str
    has_provider: bool


def ways_in(database: Database) -> list[WayIn]:
    """Return every municipality by name, across all: what the sign-in page offers a stranger, and no more."""
    query = (
        select(Municipality.id, Municipality.slug, Municipality.name, OidcProvider.municipality_id)
        .outerjoin(OidcProvider, OidcProvider.municipality_id == Municipality.id)
        .order_by(Municipality.name, Municipality.slug)
    )
    with database.system(read_only=True) as session:
        return [
            WayIn(municipality_id=found[0], slug=found[1], name=found[2], has_provider=found[3] is not None)
            for found in session.execute(query)
        ]


def checked_settings(settings: ProviderSettings) -> ProviderSettings:
    """Return the settings as they are. Raises BadProvider for what can be seen without asking the service."""
    for name, text in (("issuer", settings.issuer), ("client-id", settings.client_id)):
        if not text.strip() or any(faults_in(text, SHORT)):
            raise BadProvider(f"{name}: skriv den som inloggningstjänsten anger den, på en rad.")
    if not settings.client_secret.strip():
        raise BadProvider("Hemligheten är tom. Ge den i en fil, i en miljövariabel eller på standard in.")
    for name, url in (("issuer", settings.issuer), ("discovery", settings.discovery_url)):
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.fragment:
            raise BadProvider(f"{name}: skriv adressen som https://…, utan användare och utan #.")
    return settings


def set_provider(
    database: Database, sealer: Sealer, municipality_id: str, settings: ProviderSettings, now: datetime
) -> None:
    """Let a municipality's users sign in with its own account from now on, and no longer by code. Raises BadProvider.

    Whether the service answers is asked by whoever calls, before.
    """
    checked_settings(settings)
    with database.municipality(municipality_id) as session:
        session.execute(delete(OidcProvider))
        session.add(
            OidcProvider(
                issuer=settings.issuer,
                client_id=settings.client_id,
                sealed_secret=sealer.seal(settings.client_secret.encode(), _purpose(municipality_id)),
                discovery_url=settings.discovery_url,
                vouches=settings.vouches,
                changed_at=now,
            )
        )
        data: dict[str, Value] = {
            "issuer": settings.issuer,
            "client_id": settings.client_id,
            "vouches": settings.vouches,
        }
        write_down(session, [Line(kind=EntryKind.OIDC_CHANGED, by=_BY, data=data)], now)


def remove_provider(database: Database, municipality_id: str, now: datetime) -> None:
    """Let the municipality's users sign in by code again. Safe to repeat."""
    with database.municipality(municipality_id) as session:
        if session.scalars(select(OidcProvider)).first() is not None:
            session.execute(delete(OidcProvider))
            data: dict[str, Value] = {"issuer": None, "client_id": None, "vouches": False}
            write_down(session, [Line(kind=EntryKind.OIDC_CHANGED, by=_BY, data=data)], now)


def provider_of(database: Database, sealer: Sealer, municipality_id: str) -> ProviderSettings | None:
    """Return a municipality's settings with the secret opened; None where it has none. Raises SealBroken."""
    with database.reading(municipality_id) as session:
        kept = session.scalars(select(OidcProvider)).first()
    if kept is None:
        return None
    return ProviderSettings(
        issuer=kept.issuer,
        client_id=kept.client_id,
        client_secret=sealer.open(kept.sealed_secret, _purpose(municipality_id)).decode(),
        discovery_url=kept.discovery_url,
        vouches=kept.vouches,
    )


def let_in_by_address(database: Database, municipality_id: str, address: str, now: datetime) -> str:
    """Begin a session for the municipality's own user with a vouched address; return its token. Raises NotAUser."""
    with database.municipality(municipality_id) as session:
        user = session.scalars(select(User).where(User.address == address)).first()
        if user is None:
            raise NotAUser
        return let_in(session, user, "oidc", now)


def _purpose(municipality_id: str) -> bytes:
    return f"oidc {municipality_id}".encode()
