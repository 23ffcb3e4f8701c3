"""The organisation in Popolo's shape: valid by its schemas, whole, and nobody in it where anybody may read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from sqlalchemy import update

from styrhjul.db.model import Appointment, Body, Post
from styrhjul.db.popolo_query import load_bodies, load_posts
from styrhjul.domain.office import PostRole
from styrhjul.reports.popolo import popolo_json
from styrhjul.services.api.popolo import popolo_of, without_persons
from styrhjul.services.municipality.directory import NotHere, municipality_by
from tests.answer_world import TODAY, World, ask
from tests.popolo_schema import WHOLE

if TYPE_CHECKING:
    from styrhjul.db.session import Database


@pytest.fixture
def world(database: Database) -> World:
    return ask(database)


def whole(database: Database) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(popolo_json(popolo_of(database, "herrljunga")))
    return found


def bare(database: Database) -> dict[str, list[dict[str, Any]]]:
    line = municipality_by(database, "herrljunga")
    with database.reading(line.municipality_id) as session:
        found: dict[str, list[dict[str, Any]]] = json.loads(
            popolo_json(without_persons(line, load_bodies(session), load_posts(session)))
        )
    return found


def test_it_follows_the_schemas(database: Database, world: World) -> None:
    judge = jsonschema.Draft7Validator(WHOLE, format_checker=jsonschema.FormatChecker())
    assert [error.message for found in (whole(database), bare(database)) for error in judge.iter_errors(found)] == []


def test_the_schemas_are_listened_to(database: Database, world: World) -> None:
    found = whole(database)
    found["memberships"][0]["start_date"] = "i våras"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(WHOLE).validate(found)


def test_every_id_that_is_named_is_there(database: Database, world: World) -> None:
    found = whole(database)
    there = {name: {each["id"] for each in every} for name, every in found.items()}
    assert {post["organization_id"] for post in found["posts"]} <= there["organizations"]
    for held in found["memberships"]:
        assert held["person_id"] in there["persons"]
        assert held["post_id"] in there["posts"]
        assert held["organization_id"] in there["organizations"]
    assert {each["parent_id"] for each in found["organizations"]} <= {None, *there["organizations"]}


def test_who_holds_what_is_told_with_its_days(database: Database, world: World) -> None:
    with database.register(world.municipality_id) as session:
        chair = Appointment.post_id == world.posts[PostRole.CHAIR]
        session.execute(update(Appointment).where(chair).values(ends_on=TODAY))
        session.execute(update(Post).where(Post.id == world.posts[PostRole.CHAIR]).values(ended_on=TODAY))
        session.execute(update(Body).where(Body.id == world.bodies["social"]).values(dissolved_on=TODAY))
    found = whole(database)
    (held,) = (each for each in found["memberships"] if each["post_id"] == world.posts[PostRole.CHAIR])
    assert (held["start_date"], held["end_date"]) == ("2027-01-01", "2027-03-10")
    assert {each["end_date"] for each in found["posts"]} == {None, "2027-03-10"}
    assert {each["dissolution_date"] for each in found["organizations"]} == {None, "2027-03-10"}


def test_a_membership_has_the_role_and_the_title_of_its_post(database: Database, world: World) -> None:
    found = whole(database)
    posts = {post["id"]: post for post in found["posts"]}
    assert found["memberships"]
    for held in found["memberships"]:
        post = posts[held["post_id"]]
        assert (held["role"], held["label"]) == (post["role"], post["label"])
        assert held["role"] in set(PostRole)


def test_without_persons_there_is_nobody(database: Database, world: World) -> None:
    found = bare(database)
    assert found.keys() == {"organizations", "posts"}
    assert {name for every in found.values() for each in every for name in each} == {
        *("id", "name", "classification", "parent_id", "identifiers", "dissolution_date"),
        *("label", "role", "organization_id", "end_date"),
    }


def test_a_municipality_that_is_not_there_is_not_here(database: Database, world: World) -> None:
    with pytest.raises(NotHere):
        popolo_of(database, "ingenstans")
