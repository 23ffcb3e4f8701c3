"""Who holds an office on a day, and which posts each rung speaks to."""

from __future__ import annotations

from datetime import date

from styrhjul.domain.lifecycle import Audience, Holder
from styrhjul.domain.office import AppointmentFacts, PostFacts, PostRole, holder_of, posts_by_audience


def appointed(name: str, starts_on: date, ends_on: date | None = None) -> AppointmentFacts:
    """Somebody holds the chair."""
    return AppointmentFacts(
        appointment_id=name,
        post_id="chair",
        person_id=name,
        name=name,
        address=None,
        language="sv",
        starts_on=starts_on,
        ends_on=ends_on,
    )


OLD = appointed("old", date(2023, 1, 1), date(2026, 12, 31))
NEW = appointed("new", date(2027, 1, 1))
POSTS = [
    PostFacts(post_id=f"{body}-{role}", body_id=body, role=role, title=role)
    for body, roles in {
        "board": (PostRole.CHIEF_EXECUTIVE, PostRole.COORDINATOR, PostRole.FUNCTION_MAILBOX, PostRole.SECRETARY),
        "committee": (PostRole.CHAIR, PostRole.SECRETARY, PostRole.HEAD_OF_ADMINISTRATION),
        "company": (PostRole.CHAIR, PostRole.SECRETARY, PostRole.MANAGING_DIRECTOR),
    }.items()
    for role in roles
]


def posts(holder: Holder, body: str, owner: str | None = None) -> dict[Audience, tuple[str, ...]]:
    """The posts of one case."""
    return dict(posts_by_audience(holder, body_id=body, board_id="board", owner_post_id=owner, posts=POSTS))


def test_the_office_passes_to_the_new_holder_at_new_year() -> None:
    assert holder_of("chair", [OLD, NEW], date(2026, 12, 31)) is OLD
    assert holder_of("chair", [OLD, NEW], date(2027, 1, 1)) is NEW


def test_an_office_nobody_holds_is_vacant() -> None:
    assert holder_of("chair", [OLD], date(2027, 1, 1)) is None


def test_a_committee_is_spoken_to_through_its_chair_and_secretary() -> None:
    found = posts(Holder.BODY, "committee")
    assert found[Audience.HOLDER] == ("committee-chair", "committee-secretary")
    assert found[Audience.HEAD_OF_ADMINISTRATION] == ("committee-head_of_administration",)
    assert found[Audience.CHIEF_EXECUTIVE] == ("board-chief_executive",)


def test_above_a_company_stands_its_managing_director() -> None:
    assert posts(Holder.BODY, "company")[Audience.HEAD_OF_ADMINISTRATION] == ("company-managing_director",)


def test_a_document_without_an_owner_is_held_by_the_coordinator() -> None:
    assert posts(Holder.DOCUMENT_OWNER, "board")[Audience.HOLDER] == ("board-coordinator", "board-secretary")
    assert posts(Holder.DOCUMENT_OWNER, "board", "owner")[Audience.HOLDER] == ("owner", "board-secretary")


def test_what_the_chief_executive_holds_goes_up_to_the_boards_mailbox_and_to_no_politician() -> None:
    found = posts(Holder.CHIEF_EXECUTIVE, "board")
    assert found[Audience.HOLDER] == ("board-chief_executive",)
    assert found[Audience.HEAD_OF_ADMINISTRATION] == ()
    assert found[Audience.CHIEF_EXECUTIVE] == ("board-function_mailbox",)
