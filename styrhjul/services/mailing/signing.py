"""A municipality's mail signed for its own domain (DKIM): a key is made, people publish it, and then it is switched on.

The private key rests sealed in the database, under the key that opens the outbox and for one municipality and selector.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.session import Database
from styrhjul.db.signing_model import SigningKey
from styrhjul.db.signing_query import KeptKey, active_key, active_keys, key_named
from styrhjul.domain.journal import EntryKind
from styrhjul.mail.message import ascii_address
from styrhjul.mail.seal import SealBroken, Sealer
from styrhjul.mail.signature import (
    Algorithm,
    Signer,
    checked_selector,
    loaded,
    new_key,
    published,
    record_name,
    zone_line,
)

_BY = "municipality dkim"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A key as the DNS is to tell of it: `zone_line` says at `name` what `value` is."""

    selector: str
    domain: str
    algorithm: str
    name: str
    value: str
    zone_line: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningMunicipality:
    """Who signs, with which key, and whether we can still open it."""

    municipality: str
    selector: str
    domain: str
    opens: bool


class NoSuchKey(LookupError):
    """The municipality has no key of this selector."""

    def __init__(self, selector: str) -> None:
        super().__init__(
            f"Ingen nyckel heter ”{selector}”. Gör den först: samma kommando utan --activate. Inget har ändrats."
        )


class OtherDomain(ValueError):
    """The key was made for another domain than the municipality sends from."""

    def __init__(self, key: str, sender: str) -> None:
        super().__init__(f"Nyckeln gjordes för {key}, men mejlen skickas från {sender}. Gör en ny med ett annat namn.")


def make_key(
    database: Database, sealer: Sealer, municipality_id: str, wanted: tuple[str, Algorithm], now: datetime
) -> PublishedKey:
    """Make a key of a selector and an algorithm for the sender's domain; it signs nothing until it is activated.

    Safe to repeat: a key that is there already is shown as it is. Raises BadSelector.
    """
    selector, algorithm = checked_selector(wanted[0]), wanted[1]
    with database.register(municipality_id) as session:
        known = key_named(session, selector)
        if known is None:
            domain = _sending_domain(session)
            sealed = sealer.seal(new_key(algorithm), _purpose(municipality_id, selector))
            session.add(
                SigningKey(
                    id=new_id(),
                    domain=domain,
                    selector=selector,
                    algorithm=algorithm.value,
                    sealed_key=sealed,
                    made_at=now,
                    is_active=False,
                )
            )
            session.flush()
            data = {"selector": selector, "domain": domain, "algorithm": algorithm.value}
            write_down(session, [Line(kind=EntryKind.SIGNING_KEY_MADE, by=_BY, data=data)], now)
            known = key_named(session, selector)
    if known is None:
        raise NoSuchKey(selector)
    return _published(known, sealer)


def activate_key(
    database: Database, sealer: Sealer, municipality_id: str, selector: str, now: datetime
) -> PublishedKey:
    """Let a key sign the mails that are written from now on, instead of the one before. Safe to repeat.

    Whether the DNS tells of it is for people to see: nothing is asked there. Raises BadSelector, NoSuchKey,
    OtherDomain, and SealBroken for a key that cannot be opened; then nothing has changed.
    """
    with database.register(municipality_id) as session:
        known = key_named(session, checked_selector(selector))
        if known is None:
            raise NoSuchKey(selector)
        if known.domain != (sender := _sending_domain(session)):
            raise OtherDomain(known.domain, sender)
        shown = _published(known, sealer)
        if not known.is_active:
            _switch(session, known.selector, now)
    return replace(shown, is_active=True)


def stop_signing(database: Database, municipality_id: str, now: datetime) -> None:
    """Let the mails that are written from now on leave unsigned. Safe to repeat; the keys stay."""
    with database.register(municipality_id) as session:
        if active_key(session) is not None:
            _switch(session, None, now)


def signer_in_force(session: Session, sealer: Sealer) -> Signer | None:
    """Return what signs the municipality's mail; None where nothing does. Raises SealBroken.

    Compose lets the mail wait then: sent unsigned it might be refused for good, and its address with it.
    """
    kept = active_key(session)
    if kept is None:
        return None
    return Signer(
        domain=kept.domain,
        selector=kept.selector,
        algorithm=Algorithm(kept.algorithm),
        key=loaded(_opened(kept, sealer)),
    )


def signing_municipalities(database: Database, sealer: Sealer) -> list[SigningMunicipality]:
    """Return every municipality whose mail is signed, by short name."""
    with database.system(read_only=True) as session:
        keys = active_keys(session)
    return [
        SigningMunicipality(
            municipality=slug, selector=kept.selector, domain=kept.domain, opens=_can_be_opened(kept, sealer)
        )
        for slug, kept in keys
    ]


def _switch(session: Session, selector: str | None, now: datetime) -> None:
    session.execute(update(SigningKey).values(is_active=SigningKey.selector == (selector or "")))
    write_down(session, [Line(kind=EntryKind.SIGNING_CHANGED, by=_BY, data={"selector": selector})], now)


def _sending_domain(session: Session) -> str:
    """A signature of another domain than the sender's does not count for it (DMARC, RFC 7489, 3.1.1)."""
    return ascii_address(municipality_row(session).sender_address).rpartition("@")[2].lower()


def _published(kept: KeptKey, sealer: Sealer) -> PublishedKey:
    algorithm = Algorithm(kept.algorithm)
    value = published(_opened(kept, sealer), algorithm)
    return PublishedKey(
        selector=kept.selector,
        domain=kept.domain,
        algorithm=algorithm.value,
        name=record_name(kept.selector, kept.domain),
        value=value,
        zone_line=zone_line(kept.selector, kept.domain, value),
        is_active=kept.is_active,
    )


def _opened(kept: KeptKey, sealer: Sealer) -> bytes:
    return sealer.open(kept.sealed_key, _purpose(kept.municipality_id, kept.selector))


def _can_be_opened(kept: KeptKey, sealer: Sealer) -> bool:
    try:
        _opened(kept, sealer)
    except SealBroken:
        return False
    return True


def _purpose(municipality_id: str, selector: str) -> bytes:
    """Nothing else that is sealed opens as this key, and this key as nothing else: not as the bytes of a mail."""
    return f"dkim {municipality_id} {selector}".encode()
