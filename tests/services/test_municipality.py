"""Municipalities and users: what can be added, and what is told when it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality, UserRole
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.services.municipality import (
    FaultyExample,
    NewMunicipality,
    NewUser,
    Refused,
    UnknownMunicipality,
    add_municipality,
    add_user,
    load_example,
    municipality_by_slug,
    municipality_named,
    release_municipality,
)

NEW = NewMunicipality(
    slug="sommarby",
    name="Sommarby kommun",
    starts_on=date(2026, 10, 15),
    sender_address="styrhjul@sommarby.example.org",
    reply_to="registrator@sommarby.example.org",
)
USER = NewUser(address="Samordnare@vinterby.example.org", name="Samordnare", role=UserRole.COORDINATOR)


def test_a_municipality_is_found_by_its_short_name(database: Database, municipality_id: str) -> None:
    assert municipality_by_slug(database, "vinterby") == municipality_id


def test_an_unknown_short_name_is_told_with_those_there_are(
    database: Database, municipality_id: str, now: datetime
) -> None:
    add_municipality(database, NEW, now)
    with pytest.raises(UnknownMunicipality, match="De som finns är sommarby, vinterby"):
        municipality_by_slug(database, "vårby")


def test_an_empty_installation_says_how_to_begin(database: Database) -> None:
    with pytest.raises(UnknownMunicipality, match="styrhjul municipality add"):
        municipality_by_slug(database, "vinterby")


def test_a_name_finds_a_municipality_only_where_there_is_one(
    database: Database, municipality_id: str, now: datetime
) -> None:
    assert municipality_named(database, "VINTERBY KOMMUN") == municipality_id
    assert municipality_named(database, "Sommarby kommun") is None
    add_municipality(database, replace(NEW, name="Vinterby kommun"), now)
    assert municipality_named(database, "Vinterby kommun") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Sommarby"},
        {"slug": "sommar by"},
        {"slug": "sömmarby"},
        {"slug": ""},
        {"slug": "vinterby"},
        {"name": " "},
        {"sender_address": "styrhjul"},
        {"reply_to": "a@b.se, c@d.se"},
        {"chief_executive_title": ""},
    ],
)
def test_a_municipality_that_could_not_work_is_refused(
    database: Database, municipality_id: str, now: datetime, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        add_municipality(database, replace(NEW, **wrong), now)
    assert refused.value.field == next(iter(wrong))


def test_nothing_leaves_before_the_release_and_the_first_release_counts(
    database: Database, municipality_id: str, now: datetime
) -> None:
    with database.reading(municipality_id) as session:
        assert session.get_one(Municipality, municipality_id).released_at is None
    release_municipality(database, municipality_id, now)
    release_municipality(database, municipality_id, now.replace(year=2027))
    with database.reading(municipality_id) as session:
        assert session.get_one(Municipality, municipality_id).released_at == now


def test_a_user_is_added_once_and_the_journal_keeps_no_address(
    database: Database, municipality_id: str, now: datetime
) -> None:
    add_user(database, municipality_id, USER, now)
    with pytest.raises(Refused, match="hör redan till en användare"):
        add_user(database, municipality_id, replace(USER, address=USER.address.upper()), now)
    with database.reading(municipality_id) as session:
        written = [entry for entry, _ in entries(session)]
    assert [entry.kind for entry in written] == [EntryKind.MUNICIPALITY_ADDED, EntryKind.USER_ADDED]
    assert "@" not in str(written[1].data)


@pytest.mark.parametrize("wrong", [{"address": "samordnare"}, {"name": " "}])
def test_a_user_who_could_not_be_reached_is_refused(
    database: Database, municipality_id: str, now: datetime, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        add_user(database, municipality_id, replace(USER, **wrong), now)


@pytest.mark.parametrize("told", [None, "slug = ", 'slug = "x"\n'])
def test_an_example_folder_that_cannot_be_read_is_named(
    database: Database, tmp_path: Path, now: datetime, told: str | None
) -> None:
    if told is not None:
        (tmp_path / "municipality.toml").write_text(told, encoding="utf-8")
    with pytest.raises(FaultyExample, match=r"municipality\.toml"):
        load_example(database, tmp_path, now, ())
