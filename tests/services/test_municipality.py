"""Municipalities and users: what can be added, and what is told when it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import Case, Wake
from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality, UserRole
from styrhjul.db.release_write import TOO_LATE
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, Standing, fold
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.directory import (
    NewMunicipality,
    NewUser,
    Refused,
    UnknownMunicipality,
    add_municipality,
    add_user,
    municipality_by,
    municipality_named,
)
from styrhjul.services.operations.example import FaultyExample, load_example
from styrhjul.services.policies.release import release_municipality
from tests.town import FOLLOWED_FROM, Town, build_town, nine
from workflows import LIFECYCLES

NEW = NewMunicipality(
    slug="sommarby",
    name="Sommarby kommun",
    starts_on=date(2026, 10, 15),
    sender_address="styrhjul@sommarby.example.org",
    reply_to="registrator@sommarby.example.org",
)
USER = NewUser(address="Samordnare@vinterby.example.org", name="Samordnare", roles=frozenset({UserRole.COORDINATOR}))


def test_a_municipality_is_found_by_its_short_name(database: Database, municipality_id: str) -> None:
    assert municipality_by(database, "vinterby").municipality_id == municipality_id


def test_an_unknown_short_name_is_told_with_those_there_are(
    database: Database, municipality_id: str, now: datetime
) -> None:
    add_municipality(database, NEW, now)
    with pytest.raises(UnknownMunicipality, match="De som finns är sommarby, vinterby"):
        municipality_by(database, "vårby")


def test_an_empty_installation_says_how_to_begin(database: Database) -> None:
    with pytest.raises(UnknownMunicipality, match="styrhjul municipality add"):
        municipality_by(database, "vinterby")


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
        {"slug": "calendar"},
        {"name": " "},
        {"starts_on": date(1, 1, 1)},
        {"starts_on": date(9999, 12, 31)},
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
    assert refused.value.error.field == next(iter(wrong))
    option = {"sender_address": "--sender"}.get(next(iter(wrong)), f"--{next(iter(wrong)).replace('_', '-')}")
    assert str(refused.value).startswith(f"{option}: ")


def test_nothing_leaves_before_the_release_and_the_first_release_counts(
    database: Database, municipality_id: str, now: datetime
) -> None:
    with database.reading(municipality_id) as session:
        assert session.get_one(Municipality, municipality_id).released_at is None
    release_municipality(database, municipality_id, now)
    release_municipality(database, municipality_id, now.replace(year=2027))
    with database.reading(municipality_id) as session:
        assert session.get_one(Municipality, municipality_id).released_at == now


@pytest.fixture
def unreleased(database: Database) -> Town:
    """A town whose rounds have gone on unseen since January: goals are due 31 March, the revision 30 December."""
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.REVISE))
    with database.municipality(town.municipality_id) as session:
        session.get_one(Municipality, town.municipality_id).released_at = None
    town.sweep(date(2027, 1, 7))
    town.sweep(date(2027, 3, 19))
    return town


def release_and_live(town: Town) -> None:
    release_municipality(town.database, town.municipality_id, nine(date(2027, 3, 20)))
    town.live_through(date(2027, 3, 20), date(2027, 4, 20))


def test_a_late_release_chases_nobody_for_what_is_due_too_soon(unreleased: Town) -> None:
    release_and_live(unreleased)
    goals = [case for case in unreleased.cases() if case.lifecycle == "goal_setting"]
    assert {(case.state, case.closed_on) for case in goals} == {(State.NOT_FOLLOWED, date(2027, 3, 20))}
    assert not any(mail.key.startswith("goal_setting") for mail in unreleased.mails())
    ids = {case.id for case in goals}
    cancelled = {(n.status, n.reason) for n in unreleased.notices() if n.case_id in ids and n.reason == TOO_LATE}
    assert cancelled == {(NoticeStatus.CANCELLED, TOO_LATE)}
    with unreleased.database.reading(unreleased.municipality_id) as session:
        assert ids.isdisjoint(session.scalars(select(Wake.subject_id)))


def test_a_late_release_leaves_what_is_due_far_ahead(unreleased: Town) -> None:
    release_and_live(unreleased)
    revisions = {case.due_on: case.state for case in unreleased.cases() if case.lifecycle == "revision"}
    assert revisions[date(2027, 12, 30)] is State.OPEN
    assert unreleased.mails()


def test_after_a_late_release_the_journal_still_folds_to_every_row(unreleased: Town) -> None:
    release_and_live(unreleased)
    with unreleased.database.reading(unreleased.municipality_id) as session:
        assert session.get_one(Municipality, unreleased.municipality_id).starts_on == date(2027, 3, 20)
        for case in session.scalars(select(Case)):
            standing = fold(LIFECYCLES[case.lifecycle], [entry for entry, _ in entries(session, case.id)])
            assert standing == Standing(state=case.state, due_on=case.due_on)


def test_a_release_on_the_first_day_changes_nothing_else(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.REVISE))
    with database.municipality(town.municipality_id) as session:
        session.get_one(Municipality, town.municipality_id).released_at = None
    town.sweep(FOLLOWED_FROM)
    before = [(case.id, case.state, case.version) for case in town.cases()]
    release_municipality(database, town.municipality_id, nine(FOLLOWED_FROM))
    with database.reading(town.municipality_id) as session:
        assert session.get_one(Municipality, town.municipality_id).starts_on == FOLLOWED_FROM
    assert [(case.id, case.state, case.version) for case in town.cases()] == before
    assert {notice.status for notice in town.notices()} == {NoticeStatus.PLANNED}


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


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("name", replace(NEW, name="Lill\r\nBcc: x@example.org")),
        ("chief_executive_title", replace(NEW, chief_executive_title="kommun\u202echef")),
        ("slug", replace(NEW, slug="inbox")),
    ],
)
def test_what_would_break_a_mail_or_a_page_is_refused(
    database: Database, now: datetime, field: str, new: NewMunicipality
) -> None:
    with pytest.raises(Refused) as refusal:
        add_municipality(database, new, now)
    assert refusal.value.error.field == field
