"""Who holds an office on a day, who reads its mail, and which posts each audience stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.office import (
    AppointmentFacts,
    PostFacts,
    PostRole,
    Stake,
    holder_of,
    posts_by_audience,
    reader_of,
)
from styrhjul.domain.rung import Audience

TODAY = date(2027, 3, 10)


def appointed(
    name: str, starts_on: date, ends_on: date | None = None, *, post: str = "chair", address: str | None = None
) -> AppointmentFacts:
    """Somebody holds a post."""
    return AppointmentFacts(
        appointment_id=name,
        post_id=post,
        person_id=name,
        name=name,
        address=address,
        language="sv",
        starts_on=starts_on,
        ends_on=ends_on,
    )


OLD = appointed("old", date(2023, 1, 1), date(2026, 12, 31))
NEW = appointed("new", date(2027, 1, 1))
ROLES = {
    "board": (
        PostRole.CHIEF_EXECUTIVE,
        PostRole.COORDINATOR,
        PostRole.FUNCTION_MAILBOX,
        PostRole.SECRETARY,
    ),
    "committee": (PostRole.CHAIR, PostRole.VICE_CHAIR, PostRole.SECRETARY, PostRole.HEAD_OF_ADMINISTRATION),
    "company": (PostRole.CHAIR, PostRole.SECRETARY, PostRole.MANAGING_DIRECTOR),
    "unit": (PostRole.HEAD_OF_ADMINISTRATION,),
}
POSTS = [
    PostFacts(post_id=f"{body}-{role}", body_id=body, role=role, title=role)
    for body, roles in ROLES.items()
    for role in roles
]
OWNER = PostFacts(post_id="owner", body_id="board", role=PostRole.DOCUMENT_OWNER, title="Folkhälsoutvecklare")


def posts(
    holder: Holder, body: str, *, owner: str | None = None, assigned: str | None = None, ended: str | None = None
) -> Mapping[Audience, tuple[str, ...]]:
    """The posts of one case."""
    stake = Stake(holder=holder, body_id=body, board_id="board", owner_post_id=owner, assigned_post_id=assigned)
    return posts_by_audience(stake, [replace(post, ended=post.post_id == ended) for post in (*POSTS, OWNER)])


def test_the_office_passes_to_the_new_holder_at_new_year() -> None:
    assert holder_of("chair", [OLD, NEW], date(2026, 12, 31)) is OLD
    assert holder_of("chair", [OLD, NEW], date(2027, 1, 1)) is NEW


def test_an_office_nobody_holds_is_vacant() -> None:
    assert holder_of("chair", [OLD], date(2027, 1, 1)) is None
    assert holder_of("chair", [NEW], date(2026, 12, 31)) is None
    assert holder_of("another", [NEW], TODAY) is None


def test_of_two_appointments_the_later_holds() -> None:
    substitute = appointed("substitute", date(2027, 3, 1), date(2027, 3, 31))
    assert holder_of("chair", [substitute, NEW], TODAY) is substitute
    assert holder_of("chair", [substitute, NEW], date(2027, 4, 1)) is NEW


EVERYBODY: dict[Holder, dict[Audience, str]] = {
    Holder.BODY: {
        Audience.HOLDER: "committee-chair committee-secretary",
        Audience.HEAD_OF_ADMINISTRATION: "committee-head_of_administration",
        Audience.CHIEF_EXECUTIVE: "board-chief_executive",
    },
    Holder.DOCUMENT_OWNER: {
        Audience.HOLDER: "owner committee-secretary",
        Audience.HEAD_OF_ADMINISTRATION: "committee-head_of_administration",
        Audience.CHIEF_EXECUTIVE: "board-chief_executive",
    },
    Holder.CHIEF_EXECUTIVE: {
        Audience.HOLDER: "board-chief_executive",
        Audience.HEAD_OF_ADMINISTRATION: "",
        Audience.CHIEF_EXECUTIVE: "board-function_mailbox",  # to the board, and to no politician
    },
    Holder.COORDINATOR: {
        Audience.HOLDER: "board-coordinator",
        Audience.HEAD_OF_ADMINISTRATION: "committee-head_of_administration",
        Audience.CHIEF_EXECUTIVE: "board-chief_executive",
    },
}
WHOEVER_HOLDS: dict[Audience, str] = {
    Audience.CHAIR: "committee-chair",
    Audience.VICE_CHAIR: "committee-vice_chair",
    Audience.SECRETARY: "committee-secretary",
    Audience.BODY: "committee-chair committee-secretary",
    Audience.DOCUMENT_OWNER: "owner",
    Audience.EXECUTIVE_BOARD: "board-function_mailbox",
    Audience.COORDINATOR: "board-coordinator",
}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("holder", Holder)
def test_every_audience_stands_for_posts_whoever_holds_the_case(holder: Holder, audience: Audience) -> None:
    expected = {**WHOEVER_HOLDS, **EVERYBODY[holder]}[audience]
    assert posts(holder, "committee", owner="owner")[audience] == tuple(expected.split())


def test_above_a_company_stands_its_managing_director() -> None:
    assert posts(Holder.BODY, "company")[Audience.HEAD_OF_ADMINISTRATION] == ("company-managing_director",)


def test_a_unit_has_no_chair_so_its_head_answers_and_is_not_told_on() -> None:
    found = posts(Holder.BODY, "unit")
    assert found[Audience.HOLDER] == ("unit-head_of_administration",)
    assert (found[Audience.BODY], found[Audience.HEAD_OF_ADMINISTRATION]) == ((), ())


def test_a_body_without_any_post_has_nobody() -> None:
    assert posts(Holder.BODY, "nowhere")[Audience.HOLDER] == ()


@pytest.mark.parametrize(("owner", "ended"), [(None, None), ("owner", "owner")])
def test_a_document_whose_owner_is_not_named_or_has_gone_is_held_by_the_coordinator(
    owner: str | None, ended: str | None
) -> None:
    found = posts(Holder.DOCUMENT_OWNER, "board", owner=owner, ended=ended)
    assert found[Audience.HOLDER] == ("board-coordinator", "board-secretary")
    assert found[Audience.DOCUMENT_OWNER] == ("board-coordinator",)


def test_a_post_that_has_ended_is_asked_no_more() -> None:
    found = posts(Holder.BODY, "committee", ended="committee-chair")
    assert found[Audience.HOLDER] == found[Audience.BODY] == ("committee-secretary",)
    assert found[Audience.CHAIR] == ()


@pytest.mark.parametrize("holder", Holder)
def test_a_case_given_to_a_post_is_held_by_it_whoever_would_have_had_it(holder: Holder) -> None:
    assert posts(holder, "committee", assigned="company-secretary")[Audience.HOLDER] == ("company-secretary",)


def test_a_case_goes_back_when_the_post_it_was_given_to_ends() -> None:
    found = posts(Holder.BODY, "committee", assigned="company-secretary", ended="company-secretary")
    assert found[Audience.HOLDER] == ("committee-chair", "committee-secretary")


def test_a_case_given_to_the_chief_executive_goes_up_to_the_boards_mailbox() -> None:
    """Nobody is told on to themselves."""
    found = posts(Holder.BODY, "committee", assigned="board-chief_executive")
    assert found[Audience.CHIEF_EXECUTIVE] == ("board-function_mailbox",)
    assert found[Audience.HEAD_OF_ADMINISTRATION] == ()


def test_a_case_given_to_the_head_of_administration_goes_straight_to_the_chief_executive() -> None:
    found = posts(Holder.BODY, "committee", assigned="committee-head_of_administration")
    assert found[Audience.HEAD_OF_ADMINISTRATION] == ()
    assert found[Audience.CHIEF_EXECUTIVE] == ("board-chief_executive",)


def test_an_owner_who_is_the_secretary_as_well_is_named_once() -> None:
    found = posts(Holder.DOCUMENT_OWNER, "committee", owner="committee-secretary")
    assert found[Audience.HOLDER] == ("committee-secretary",)


def chair(address: str | None) -> AppointmentFacts:
    """The committee's chair."""
    return appointed("chair", date(2027, 1, 1), post="committee-chair", address=address)


def vice_chair(address: str | None) -> AppointmentFacts:
    """The committee's vice chair."""
    return appointed("vice", date(2027, 1, 1), post="committee-vice_chair", address=address)


def read(post_id: str, *appointments: AppointmentFacts) -> tuple[str, str, bool] | None:
    """Who reads, in which post, and whether as a deputy."""
    reader = reader_of(post_id, POSTS, appointments, TODAY)
    return (reader.appointment.name, reader.in_post.post_id, reader.is_deputy) if reader else None


def test_the_chair_reads_what_is_written_to_the_chair() -> None:
    found = read("committee-chair", chair("c@example.org"), vice_chair("v@example.org"))
    assert found == ("chair", "committee-chair", False)


@pytest.mark.parametrize("missing", [[], [chair(None)], [replace(chair("c@example.org"), ends_on=date(2027, 3, 9))]])
def test_a_chair_who_is_missing_or_cannot_be_written_to_is_stood_in_for_by_the_vice_chair(
    missing: list[AppointmentFacts],
) -> None:
    found = read("committee-chair", *missing, vice_chair("v@example.org"))
    assert found == ("vice", "committee-chair", True)


def test_nobody_reads_when_neither_has_an_address() -> None:
    assert read("committee-chair", chair(None), vice_chair(None)) is None
    assert read("committee-chair") is None


def test_nobody_stands_in_for_a_secretary_or_for_another_bodys_chair() -> None:
    assert read("committee-secretary", vice_chair("v@example.org")) is None
    assert read("company-chair", vice_chair("v@example.org")) is None


def test_nobody_stands_in_for_an_office_that_has_ended_or_from_one() -> None:
    for gone in ("committee-chair", "committee-vice_chair"):
        kept = [replace(post, ended=post.post_id == gone) for post in POSTS]
        assert reader_of("committee-chair", kept, [vice_chair("v@example.org")], TODAY) is None
