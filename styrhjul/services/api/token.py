"""Keys that programs call the API with: made for a while, shown once, found again by their hash, revoked at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.api_model import ApiToken, Scope
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.written import faults_in, tidy
from styrhjul.services.foundation.secret import new_token, token_hash
from styrhjul.services.municipality.directory import Refused

#: A key is renewed at least this often.
MOST_DAYS = 730
USUAL_DAYS = 365
_LONGEST_NAME = 60
#: Kept so long that a hundred calls write once.
_USED_TO_THE = timedelta(minutes=1)
_TOKEN = re.compile(r"styrhjul_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
#: What the journal begins with where a program did something.
PROGRAM = "API-nyckeln"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A key as it is asked for."""

    name: str
    scopes: frozenset[Scope]
    days: int = USUAL_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A key that was just made: `token` is told this once."""

    token_id: str
    token: str
    name: str
    scopes: tuple[Scope, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A key as a list shows it."""

    token_id: str
    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Whoever calls with a key that holds. `by` is what the journal calls it."""

    token_id: str
    municipality_id: str
    slug: str
    name: str
    scopes: frozenset[Scope]

    @property
    def by(self) -> str:
        """What the journal writes."""
        return f"{PROGRAM} {self.name}"


class NoSuchToken(LookupError):
    """The municipality has no such key."""

    def __init__(self) -> None:
        super().__init__("Kommunen har ingen sådan nyckel. De som finns visas av: styrhjul token list")


def make_token(database: Database, municipality_id: str, new: NewToken, *, by: str, now: datetime) -> MadeToken:
    """Make a key and return it, which is kept nowhere else. Raises Refused, with the field."""
    name = _checked_name(new.name)
    if not new.scopes:
        raise Refused("scopes", "Välj minst en sak som nyckeln ska få göra.")
    if not 1 <= new.days <= MOST_DAYS:
        raise Refused("days", f"Skriv ett antal dagar från 1 till {MOST_DAYS}.")
    scopes = tuple(scope for scope in Scope if scope in new.scopes)
    token, token_id, expires_at = new_token(), new_id(), now + timedelta(days=new.days)
    with database.municipality(municipality_id) as session:
        if any(line.name == name and line.is_open(now) for line in _lines(session)):
            raise Refused("name", "En nyckel som gäller heter redan så. Välj ett annat namn, eller återkalla den.")
        row = ApiToken(id=token_id, token_sha256=token_hash(token), name=name, scopes=list(scopes))
        row.made_by, row.made_at, row.expires_at = by, now, expires_at
        session.add(row)
        session.flush()
        data: dict[str, Value] = {"token": token_id, "name": name, "scopes": list(scopes)}
        write_down(session, [Line(kind=EntryKind.API_TOKEN_MADE, by=by, data=data)], now)
    whole = f"styrhjul_{municipality_id}_{token}"
    return MadeToken(token_id=token_id, token=whole, name=name, scopes=scopes, expires_at=expires_at)


def tokens_of(database: Database, municipality_id: str) -> list[TokenLine]:
    """Return the municipality's keys, those that ended too, the newest first."""
    with database.reading(municipality_id) as session:
        return _lines(session)


def revoke_token(database: Database, municipality_id: str, token_id: str, *, by: str, now: datetime) -> None:
    """End a key; its next call is refused. Safe to repeat. Raises NoSuchToken."""
    with database.municipality(municipality_id) as session:
        row = session.scalars(select(ApiToken).where(ApiToken.id == token_id)).first()
        if row is None:
            raise NoSuchToken
        if row.revoked_at is not None:
            return
        row.revoked_at = now
        data: dict[str, Value] = {"token": token_id, "name": row.name}
        write_down(session, [Line(kind=EntryKind.API_TOKEN_REVOKED, by=by, data=data)], now)


def find_program(database: Database, token: str, now: datetime) -> Program | None:
    """Return who calls with a key; None for nobody, and for one that has ended. Notes that it was used."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        return None
    municipality_id = parts[1]
    with database.reading(municipality_id) as session:
        row = session.execute(
            select(ApiToken, Municipality.slug)
            .join(Municipality, Municipality.id == ApiToken.municipality_id)
            .where(ApiToken.token_sha256 == token_hash(parts[2]))
        ).first()
        if row is None or not _line(row[0]).is_open(now):
            return None
        found, slug = row
        program = Program(
            token_id=found.id,
            municipality_id=municipality_id,
            slug=slug,
            name=found.name,
            scopes=frozenset(Scope(scope) for scope in found.scopes),
        )
        seen = found.last_used_at
    if seen is None or seen + _USED_TO_THE <= now:
        _note_use(database, program, now)
    return program


def _note_use(database: Database, program: Program, now: datetime) -> None:
    with database.municipality(program.municipality_id) as session:
        session.execute(update(ApiToken).where(ApiToken.id == program.token_id).values(last_used_at=now))


def _checked_name(text: str) -> str:
    name = tidy(text)
    if not name:
        raise Refused("name", "Skriv vad systemet heter.")
    for fault in faults_in(name, _LONGEST_NAME):
        raise Refused("name", f"{fault}.")
    return name


def _lines(session: Session) -> list[TokenLine]:
    rows: Collection[ApiToken] = session.scalars(select(ApiToken).order_by(ApiToken.made_at.desc(), ApiToken.id)).all()
    return [_line(row) for row in rows]


def _line(row: ApiToken) -> TokenLine:
    return TokenLine(
        token_id=row.id,
        name=row.name,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
