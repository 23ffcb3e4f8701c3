"""Waking: no later than the day asked for, and never later than before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import SubjectKind, Wake
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
POLICY, CASE = "p" * 32, "c" * 32


@pytest.fixture
def municipality_id(database: Database) -> str:
    municipality_id = new_id()
    with database.municipality(municipality_id) as session:
        session.add(
            Municipality(
                id=municipality_id,
                slug=municipality_id,
                name="Vinterby kommun",
                starts_on=MONDAY,
                sender_address="styrhjul@vinterby.example.org",
                reply_to="registrator@vinterby.example.org",
            )
        )
    return municipality_id


def touch(database: Database, municipality_id: str, lifecycles: Iterable[str], on: date) -> None:
    with database.municipality(municipality_id) as session:
        touch_policies(session, [POLICY], lifecycles, on)


def wakes(database: Database, municipality_id: str) -> set[tuple[str, str, SubjectKind, date]]:
    with database.reading(municipality_id) as session:
        return {(w.subject_id, w.lifecycle, w.subject_kind, w.wake_on) for w in session.scalars(select(Wake))}


def test_a_policy_wakes_once_per_lifecycle(database: Database, municipality_id: str) -> None:
    touch(database, municipality_id, ["revision", "follow_up", "revision"], MONDAY)
    assert wakes(database, municipality_id) == {
        (POLICY, "revision", SubjectKind.POLICY, MONDAY),
        (POLICY, "follow_up", SubjectKind.POLICY, MONDAY),
    }


def test_a_case_wakes_for_its_own_lifecycle(database: Database, municipality_id: str) -> None:
    with database.municipality(municipality_id) as session:
        touch_cases(session, [(CASE, "follow_up"), (CASE, "follow_up")], MONDAY)
    assert wakes(database, municipality_id) == {(CASE, "follow_up", SubjectKind.CASE, MONDAY)}


def test_a_wake_moves_earlier_but_never_later(database: Database, municipality_id: str) -> None:
    touch(database, municipality_id, ["revision"], TUESDAY)
    touch(database, municipality_id, ["revision"], MONDAY)
    touch(database, municipality_id, ["revision"], TUESDAY)
    assert wakes(database, municipality_id) == {(POLICY, "revision", SubjectKind.POLICY, MONDAY)}


def test_another_municipality_sleeps_on(database: Database, municipality_id: str) -> None:
    other = new_id()
    touch(database, municipality_id, ["revision"], TUESDAY)
    with database.municipality(other) as session:
        touch_policies(session, [], ["revision"], MONDAY)
    assert wakes(database, other) == set()
    assert wakes(database, municipality_id) == {(POLICY, "revision", SubjectKind.POLICY, TUESDAY)}
