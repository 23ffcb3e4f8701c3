"""A key to the API: shown once, kept as a hash, for a while, one municipality's, and dead the moment it is revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.api_model import ApiToken, Scope
from styrhjul.db.journal import entries
from styrhjul.domain.journal import EntryKind
from styrhjul.services.api.token import (
    MOST_DAYS,
    NewToken,
    NoSuchToken,
    find_program,
    make_token,
    revoke_token,
    tokens_of,
)
from styrhjul.services.municipality.directory import Refused
from tests.answer_world import NOW, World, ask

if TYPE_CHECKING:
    from styrhjul.db.session import Database

READS = NewToken(name="Ärendesystemet", scopes=frozenset({Scope.READ}), days=30)


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


def test_a_key_opens_its_own_municipality_with_its_own_scopes(database: Database, world: World) -> None:
    made = make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    program = find_program(database, made.token, NOW)
    assert program is not None
    assert (program.municipality_id, program.slug) == (world.municipality_id, "herrljunga")
    assert program.scopes == {Scope.READ}
    assert program.by == "API-nyckeln Ärendesystemet"


def test_nothing_that_is_kept_opens_anything(database: Database, world: World) -> None:
    made = make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    secret = made.token[-43:]
    with database.reading(world.municipality_id) as session:
        [row] = session.query(ApiToken)
        written = repr([entry for entry, _ in entries(session)])
    kept = repr({name: value for name, value in vars(row).items() if not name.startswith("_")})
    assert secret not in kept + written
    assert find_program(database, f"styrhjul_{world.municipality_id}_{row.token_sha256[:43]}", NOW) is None


@pytest.mark.parametrize("days", [29, 30])
def test_a_key_ends_with_its_last_day(database: Database, world: World, days: int) -> None:
    made = make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    assert (find_program(database, made.token, NOW + timedelta(days=days)) is None) == (days == 30)


def test_a_revoked_key_opens_nothing_and_is_revoked_once(database: Database, world: World) -> None:
    made = make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    for _ in range(2):
        revoke_token(database, world.municipality_id, made.token_id, by="Anna Ek", now=NOW)
    assert find_program(database, made.token, NOW) is None
    with database.reading(world.municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session)]
    assert kinds[-2:] == [EntryKind.API_TOKEN_MADE, EntryKind.API_TOKEN_REVOKED]


def test_a_key_of_another_municipality_can_neither_be_seen_nor_revoked(database: Database, world: World) -> None:
    other = ask(database, slug="vinterby")
    made = make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    moved = made.token.replace(world.municipality_id, other.municipality_id)
    assert find_program(database, moved, NOW) is None
    assert tokens_of(database, other.municipality_id) == []
    with pytest.raises(NoSuchToken):
        revoke_token(database, other.municipality_id, made.token_id, by="Eva", now=NOW)


def test_the_last_use_is_kept_to_the_minute(database: Database, world: World) -> None:
    made = make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    for seconds in (0, 59, 61):
        find_program(database, made.token, NOW + timedelta(seconds=seconds))
    [line] = tokens_of(database, world.municipality_id)
    assert line.last_used_at == NOW + timedelta(seconds=61)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewToken(name=" ", scopes=READS.scopes), "name"),
        (NewToken(name="x" * 61, scopes=READS.scopes), "name"),
        (NewToken(name="a\u202eb", scopes=READS.scopes), "name"),
        (NewToken(name="Ärendesystemet", scopes=READS.scopes), "name"),
        (NewToken(name="Annat", scopes=frozenset()), "scopes"),
        (NewToken(name="Annat", scopes=READS.scopes, days=0), "days"),
        (NewToken(name="Annat", scopes=READS.scopes, days=MOST_DAYS + 1), "days"),
    ],
)
def test_what_cannot_be_a_key_is_refused(database: Database, world: World, new: NewToken, field: str) -> None:
    make_token(database, world.municipality_id, READS, by="Anna Ek", now=NOW)
    with pytest.raises(Refused) as refused:
        make_token(database, world.municipality_id, new, by="Anna Ek", now=NOW)
    assert refused.value.error.field == field


@pytest.mark.parametrize("token", ["", "x", "styrhjul_", f"styrhjul_{'0' * 32}_{'x' * 43}", "styrhjul_å\x00"])
def test_what_is_no_key_opens_nothing(database: Database, world: World, token: str) -> None:
    assert find_program(database, token, NOW) is None
