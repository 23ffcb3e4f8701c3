"""What a policy's page is told, on both databases: its duties with whom they bind, its cases, its journal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from styrhjul.db.model import Duty, DutyStatus, Post
from styrhjul.domain.journal import EntryKind
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.policies.duty_decide import confirm_plain_duties
from styrhjul.services.policies.owner import choose_owner
from styrhjul.services.policies.view import policy_list, policy_view
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

OPENING = date(2027, 1, 7)
NOW = nine(OPENING)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def test_the_page_knows_duties_cases_and_journal(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Duty).values(status=DutyStatus.PROPOSED))
    assert policy_list(town.database, "lillby", NOW).policies[0].proposed == 1
    confirm_plain_duties(town.database, town.municipality_id, "policy", by="ägaren", now=NOW)
    town.sweep(OPENING)
    view = policy_view(town.database, "lillby", "policy", NOW)
    assert [duty.bodies for duty in view.duties] == [("Byggnämnden", "Socialnämnden")]
    assert sum(len(line.cells) for line in view.rounds.rounds) == 2
    kinds = [each.entry.kind for each in view.entries]
    assert kinds == [EntryKind.CASE_OPENED, EntryKind.CASE_OPENED, EntryKind.DUTY_CONFIRMED]


def test_another_municipalitys_journal_and_policy_are_not_shown(town: Town, database: Database) -> None:
    other = build_town(database, "storby")
    other.sweep(OPENING)
    shown = policy_view(database, "lillby", "policy", NOW).entries
    assert {each.entry.municipality_id for each in shown} == {town.municipality_id}
    with pytest.raises(NotHere):
        policy_view(database, "lillby", "annan", NOW)


def test_the_owner_is_the_post_that_was_chosen(town: Town) -> None:
    with town.database.reading(town.municipality_id) as session:
        post_id = session.scalars(select(Post.id).where(Post.title == "coordinator, kommunstyrelsen")).one()
    choose_owner(town.database, town.municipality_id, "policy", post_id, by="samordnaren", now=NOW)
    view = policy_view(town.database, "lillby", "policy", NOW)
    assert view.owner == "coordinator, kommunstyrelsen"
    assert [each.entry.kind for each in view.entries] == [EntryKind.POLICY_OWNER_CHANGED]
