"""A row that cannot stand in a mail is set aside, with an alarm, and everybody else gets theirs. F-41."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DataError, DBAPIError
from structlog.testing import capture_logs

from styrhjul.db.model import Person
from styrhjul.db.session import Database
from styrhjul.services.operations.quarantine import list_quarantine
from styrhjul.services.overview.concern import ConcernKind
from styrhjul.services.overview.pages import overview_of
from tests.servers import past_every_session
from tests.town import Town, build_town, nine

OPENS = date(2027, 1, 7)
CHAIR = "chair.socialnamnden@lillby.example.org"
POISONS = {
    "line break": "Ada\r\nBcc: eva@example.org",
    "separator": "Ada\u2028Eva",
    "escape": "Ada\x1b[2J",
    "delete": "Ada\x7f",
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A whole traceback with its values is long where a value is a megabyte."""
    with capture_logs():
        yield


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def name_the_chair(town: Town, name: str) -> None:
    with town.database.register(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address == CHAIR).values(name=name))


def others_are_written_to(town: Town) -> bool:
    others = ("secretary.socialnamnden", "chair.byggnamnden", "secretary.byggnamnden")
    return {to for to, _ in town.transport.taken} == {f"{each}@lillby.example.org" for each in others}


@pytest.mark.parametrize("poison", POISONS)
def test_a_name_that_cannot_stand_in_a_header_stops_its_own_mail_and_no_other(town: Town, poison: str) -> None:
    name_the_chair(town, POISONS[poison])
    assert town.live(OPENS).sent == 3
    assert others_are_written_to(town)
    (aside,) = list_quarantine(town.database, town.municipality_id)
    assert (aside.what, aside.error.split(":")[0]) == ("avisering", "MessageRefused")


def test_it_is_said_on_the_overview_and_is_not_tried_for_ever(town: Town) -> None:
    name_the_chair(town, POISONS["escape"])
    for _ in range(3):
        town.live(OPENS)
    kinds = [each.kind for each in overview_of(town.database, town.slug, nine(OPENS)).concerns]
    assert ConcernKind.QUARANTINED in kinds
    assert len(list_quarantine(town.database, town.municipality_id)) == 1


def test_a_name_of_a_megabyte_is_set_aside_and_no_other_mail_waits_for_it(town: Town) -> None:
    name_the_chair(town, "Å" * 1_000_000)
    assert town.live(OPENS).sent == 3
    assert others_are_written_to(town)
    (aside,) = list_quarantine(town.database, town.municipality_id)
    assert len(aside.error) < 1_000


def test_a_nul_in_a_name_is_set_aside_where_the_database_lets_it_in(town: Town) -> None:
    if not town.database.is_sqlite:  # PostgreSQL refuses it itself
        with pytest.raises((ValueError, DataError), match="NUL"):
            name_the_chair(town, "Ada\x00")
        return
    name_the_chair(town, "Ada\x00")
    assert (town.live(OPENS).sent, others_are_written_to(town)) == (3, True)


def test_a_lone_surrogate_never_gets_into_the_database(town: Town) -> None:
    with pytest.raises((ValueError, DBAPIError)):
        name_the_chair(town, "Ada \ud800")
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Person.name).where(Person.address == CHAIR)).one() == "Chair, socialnämnden"


def test_bytes_that_are_no_text_stop_their_own_municipality_and_no_other(town: Town) -> None:
    """SQLite alone keeps them, when another program writes them there."""
    if not town.database.is_sqlite:
        return
    other = build_town(town.database, "storby")
    with past_every_session(town.database) as connection:
        connection.execute(text("UPDATE person SET name = CAST(x'EDA080' AS TEXT) WHERE address = :a"), {"a": CHAIR})
        connection.execute(text("UPDATE municipality SET register_version = 'x' WHERE slug = 'lillby'"))
    other.sweep(OPENS)
    other.compose(OPENS)
    other.deliver(OPENS)
    assert len([to for to, _ in other.transport.taken if "@storby" in to]) == 4
