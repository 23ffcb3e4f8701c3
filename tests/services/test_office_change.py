"""One change of who holds what does what a list would have done, and nobody writes over what they have not seen."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from styrhjul.db.carried_write import block_address
from styrhjul.db.case_model import Wake
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Appointment, Person, Post
from styrhjul.db.people_query import HeldLine, load_register
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.office import PostRole
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.organisation.office_change import (
    Changed,
    NewHolder,
    appoint,
    correct_address,
    end_appointment,
    withdraw_appointment,
)
from styrhjul.services.organisation.office_seen import ChangeRefused, Hand, Stale, person_seen, post_seen
from tests.filled import Filled
from tests.town import Town, build_town, nine

OPENED, CHANGED_ON = date(2027, 1, 7), date(2027, 1, 12)
HAND = Hand(by="Samordnaren", now=nine(CHANGED_ON))


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, asked)


def asked(database: Database) -> Town:
    """Socialnämnden has been asked for its goals."""
    town = build_town(database, committees=("socialnämnden",))
    town.live(OPENED)
    return town


def held(town: Town, role: PostRole = PostRole.CHAIR) -> HeldLine:
    """Who held the post first."""
    with town.database.reading(town.municipality_id) as session:
        mine = (Post.body_id == town.bodies["socialnämnden"], Post.role == role)
        post_id = session.scalars(select(Post.id).where(*mine)).one()
        return next(one for one in reversed(load_register(session).held) if one.post_id == post_id)


def seen(town: Town, post_id: str) -> str:
    with town.database.reading(town.municipality_id) as session:
        return post_seen(load_register(session).held, post_id)


def take_over(town: Town, starts_on: date = CHANGED_ON, **other: object) -> Changed:
    post_id = held(town).post_id
    new = {"name": "Anna Ek", "address": "anna.ek@lillby.example.org", "starts_on": starts_on}
    new = {**new, "seen": seen(town, post_id), **other}
    return appoint(town.database, town.municipality_id, post_id, NewHolder(**new), HAND)  # type: ignore[arg-type]


def written(town: Town) -> list[dict[str, object]]:
    with town.database.reading(town.municipality_id) as session:
        return [dict(entry.data) for entry, _ in entries(session) if entry.kind is EntryKind.OFFICE_CHANGED]


def test_who_sat_leaves_the_day_before_and_their_links_die(town: Town) -> None:
    former = held(town)
    assert take_over(town).links_revoked == 1
    with town.database.reading(town.municipality_id) as session:
        ended = session.scalars(select(Appointment).where(Appointment.id == former.appointment_id)).one()
        links = session.scalars(select(AnswerLink).where(AnswerLink.appointment_id == former.appointment_id)).all()
    assert ended.ends_on == date(2027, 1, 11)
    assert [link.revoked_at for link in links] == [HAND.now]


def test_who_takes_over_is_told_of_what_is_open(town: Town) -> None:
    take_over(town)
    town.live(date(2027, 1, 13))
    sent = {mail.address for mail in town.mails() if mail.digest_on == date(2027, 1, 13)}
    assert "anna.ek@lillby.example.org" in sent


def test_every_case_is_looked_at_again(town: Town) -> None:
    take_over(town)
    with town.database.reading(town.municipality_id) as session:
        wakes = session.scalars(select(Wake.wake_on).where(Wake.subject_id.in_([case.id for case in town.cases()])))
        assert set(wakes) == {CHANGED_ON}


def test_the_journal_tells_who_did_what_and_holds_no_address(town: Town) -> None:
    take_over(town)
    [told] = written(town)
    assert (told["what"], told["on"], told["links_revoked"]) == ("appointed", "2027-01-12", 1)
    assert "@" not in str(told)


def test_a_change_of_what_was_not_seen_is_refused(town: Town) -> None:
    old = seen(town, held(town).post_id)
    take_over(town)
    with pytest.raises(Stale, match="Någon annan har ändrat"):
        take_over(town, name="Bo Alm", starts_on=date(2027, 2, 1), seen=old)
    assert len(written(town)) == 1


def test_nobody_is_put_in_a_post_that_somebody_is_entered_for(town: Town) -> None:
    take_over(town, starts_on=date(2027, 3, 1))
    with pytest.raises(ChangeRefused, match="Anna Ek är redan inskriven från 2027-03-01"):
        take_over(town, name="Bo Alm")
    assert take_over(town, name="Bo Alm", ends_on=date(2027, 2, 28)) == Changed(links_revoked=1)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "Anna 19121212-1212"}),
        ("name", {"name": "=HYPERLINK(1)"}),
        ("name", {"name": "Anna\nEk"}),
        ("address", {"address": ""}),
        ("address", {"address": "anna@ek@example.org"}),
        ("starts_on", {"starts_on": date(1926, 1, 1)}),
        ("ends_on", {"ends_on": date(2027, 1, 1)}),
    ],
)
def test_what_is_wrong_leads_to_its_field(town: Town, field: str, wrong: dict[str, object]) -> None:
    with pytest.raises(ChangeRefused) as refused:
        take_over(town, **wrong)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert written(town) == []


def test_a_person_of_the_same_name_and_address_is_the_same_person(town: Town) -> None:
    secretary = held(town, PostRole.SECRETARY)
    take_over(town, name=secretary.name, address=str(secretary.address).upper())
    with town.database.reading(town.municipality_id) as session:
        people = session.scalars(select(Person.id).where(Person.name == secretary.name)).all()
    assert people == [secretary.person_id]


def test_an_appointment_ends_with_its_last_day(town: Town) -> None:
    chair = held(town)
    given = {"last_on": date(2027, 1, 11), "seen": seen(town, chair.post_id), "hand": HAND}
    assert end_appointment(town.database, town.municipality_id, chair.appointment_id, **given).links_revoked == 1  # type: ignore[arg-type]
    assert held(town).ends_on == date(2027, 1, 11)


def test_an_appointment_does_not_end_before_it_begins(town: Town) -> None:
    chair = held(town)
    given = {"last_on": date(2022, 1, 11), "seen": seen(town, chair.post_id), "hand": HAND}
    with pytest.raises(ChangeRefused, match="Uppdraget började 2023-01-01"):
        end_appointment(town.database, town.municipality_id, chair.appointment_id, **given)  # type: ignore[arg-type]


def correct(town: Town, person: HeldLine, address: str) -> Changed:
    with town.database.reading(town.municipality_id) as session:
        now = session.scalars(select(Person).where(Person.id == person.person_id)).one()
    mark = person_seen(now.id, now.address, now.address_blocked_at)
    return correct_address(town.database, town.municipality_id, person.person_id, address=address, seen=mark, hand=HAND)


@pytest.mark.parametrize("address", ["ny@lillby.example.org", "same"])
def test_a_corrected_address_is_no_longer_blocked(town: Town, address: str) -> None:
    chair = held(town)
    with town.database.municipality(town.municipality_id) as session:
        block_address(session, str(chair.address), HAND.now)
    correct(town, chair, str(chair.address) if address == "same" else address)
    assert held(town).blocked_at is None


def test_an_address_that_stands_there_already_changes_nothing(town: Town) -> None:
    chair = held(town)
    with pytest.raises(ChangeRefused, match="redan står där"):
        correct(town, chair, str(chair.address))


def test_two_who_correct_the_same_address_do_not_write_over_each_other(town: Town) -> None:
    chair = held(town)
    mark = person_seen(chair.person_id, chair.address, None)
    correct(town, chair, "ny@lillby.example.org")
    with pytest.raises(Stale):
        correct_address(
            town.database, town.municipality_id, chair.person_id, address="b@example.org", seen=mark, hand=HAND
        )


def test_another_municipalitys_post_and_person_are_not_here(town: Town) -> None:
    foreign = build_town(town.database, "storby", committees=("socialnämnden",))
    theirs = held(foreign)
    new = NewHolder(name="Anna Ek", address="a@example.org", starts_on=CHANGED_ON, seen=seen(foreign, theirs.post_id))
    given = {"seen": seen(foreign, theirs.post_id), "hand": HAND}
    with pytest.raises(NotHere):
        appoint(town.database, town.municipality_id, theirs.post_id, new, HAND)
    with pytest.raises(NotHere):
        end_appointment(town.database, town.municipality_id, theirs.appointment_id, last_on=CHANGED_ON, **given)  # type: ignore[arg-type]
    with pytest.raises(NotHere):
        correct_address(town.database, town.municipality_id, theirs.person_id, address="b@example.org", **given)  # type: ignore[arg-type]
    assert (written(town), written(foreign)) == ([], [])


def take_back(town: Town, one: HeldLine) -> Changed:
    mark = seen(town, one.post_id)
    return withdraw_appointment(town.database, town.municipality_id, one.appointment_id, seen=mark, hand=HAND)


def newest(town: Town) -> HeldLine:
    """Who is entered last for the chair's post."""
    post_id = held(town).post_id
    with town.database.reading(town.municipality_id) as session:
        return max(
            (one for one in load_register(session).held if one.post_id == post_id), key=lambda one: one.starts_on
        )


def test_a_planned_successor_is_taken_back_and_another_entered(town: Town) -> None:
    take_over(town, starts_on=date(2027, 3, 1))
    take_back(town, newest(town))
    take_over(town, name="Bo Alm", starts_on=date(2027, 3, 1))
    assert newest(town).name == "Bo Alm"
    assert [(told["what"], told["on"]) for told in written(town)][1] == ("withdrawn", "2027-03-01")


def test_an_appointment_that_has_begun_is_not_taken_back(town: Town) -> None:
    take_over(town)
    with pytest.raises(ChangeRefused, match="Uppdraget började 2027-01-12"):
        take_back(town, newest(town))
    assert newest(town).name == "Anna Ek"
