"""A policy is named on a command line by its short name, or by so much of it as only one begins with."""

from __future__ import annotations

import pytest

from styrhjul.db.model import Policy
from styrhjul.db.session import Database
from styrhjul.services.policies.named import NoPolicyNamed, list_policies, policy_named
from tests.town import Town, build_town

LONG = "integrationspolicy-for-lillby-kommun"


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database, committees=("socialnämnden",))
    with database.municipality(town.municipality_id) as session:
        session.query(Policy).update({"slug": LONG})
    return town


def named(town: Town, given: str) -> str:
    return policy_named(town.database, town.municipality_id, given)


def another(town: Town, slug: str) -> None:
    """Give the town a second policy, as adopted as the first."""
    with town.database.municipality(town.municipality_id) as session:
        first = session.query(Policy).one()
        columns = {column.key: getattr(first, column.key) for column in Policy.__mapper__.columns}
        session.add(Policy(**{**columns, "id": "f" * 32, "slug": slug, "title": slug}))


@pytest.mark.parametrize("given", [LONG, "integrationspolicy", "i"])
def test_so_much_as_only_one_begins_with_is_enough(town: Town, given: str) -> None:
    assert named(town, given) == LONG


def test_a_whole_name_wins_over_one_that_goes_on(town: Town) -> None:
    another(town, "integrationspolicy")
    assert named(town, "integrationspolicy") == "integrationspolicy"


def test_what_two_begin_with_is_neither_and_both_are_named(town: Town) -> None:
    another(town, "integrationsplan")
    with pytest.raises(NoPolicyNamed, match=f"integrationsplan eller {LONG}"):
        named(town, "integration")


@pytest.mark.parametrize("given", ["intergrationspolicy", "lillby", "integrationspolicyn"])
def test_the_nearest_is_named_with_the_command_that_lists_all(town: Town, given: str) -> None:
    with pytest.raises(NoPolicyNamed, match=rf"Menade du {LONG}\? Alla visas av: styrhjul policy list"):
        named(town, given)


@pytest.mark.parametrize("given", ["", "zzz"])
def test_nothing_is_guessed(town: Town, given: str) -> None:
    with pytest.raises(NoPolicyNamed) as refused:
        named(town, given)
    assert "Menade" not in str(refused.value)


def test_the_list_tells_where_the_duties_stand(town: Town) -> None:
    [line] = list_policies(town.database, town.municipality_id)
    assert (line.slug, line.waiting) == (LONG, 0)
    assert line.confirmed > 0
