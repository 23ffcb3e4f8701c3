"""A sender that was away too long: its lease is another's by now, and what it tells of the mail counts no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.inbound_query import whose_address
from styrhjul.db.mail_model import AnswerLink, Mail, MailStatus
from styrhjul.db.model import Municipality
from styrhjul.db.outbox_query import LEASE, Claimed, claim, release
from styrhjul.db.session import Database
from styrhjul.domain.office import PostRole
from styrhjul.mail.transport import Refused
from styrhjul.services.delivery.last_look import begin
from styrhjul.services.delivery.outcome import finish_failed, postpone
from tests.services.people import leave
from tests.town import Town, build_town, nine

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)
BODY = "socialnämnden"
REFUSED = Refused(reply="550 5.1.1 unknown", about_address=True)


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database, committees=(BODY,))
    town.sweep(OPENING)
    town.compose(OPENING)
    return town


def claimed(town: Town) -> Claimed:
    with town.database.system() as session:
        return claim(session, NINE, 1)[0]


def of(town: Town, mail: Claimed) -> Mail:
    return next(each for each in town.mails() if each.id == mail.mail_id)


def taken_over(town: Town, mail: Claimed) -> None:
    """Another sender leases the mail in the meantime."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.id == mail.mail_id).values(fence="another"))


def test_a_mail_does_not_leave_under_a_lease_that_has_run_out(town: Town) -> None:
    mail = claimed(town)
    with town.database.municipality(town.municipality_id) as session:
        assert begin(session, town.mailroom, mail, NINE + LEASE) is None
        assert begin(session, town.mailroom, mail, NINE + LEASE - timedelta(seconds=1)) is not None


def test_a_refusal_told_by_a_sender_that_lost_its_lease_changes_nothing(town: Town) -> None:
    mail = claimed(town)
    taken_over(town, mail)
    with town.database.municipality(town.municipality_id) as session:
        finish_failed(session, town.mailroom, mail, REFUSED, NINE)
        assert postpone(session, town.mailroom, mail, NINE, uncertain=False)
    assert (of(town, mail).status, of(town, mail).fence) == (MailStatus.SENDING, "another")


def test_a_mail_is_not_given_back_by_a_sender_that_lost_its_lease(town: Town) -> None:
    mail = claimed(town)
    taken_over(town, mail)
    with town.database.system() as session:
        release(session, [mail], NINE)
    assert of(town, mail).status is MailStatus.SENDING


def test_what_may_have_been_handed_over_once_stays_uncertain_through_a_try_that_never_came_so_far(town: Town) -> None:
    """The server turned the second try away at the door; the first may still have arrived."""
    mail = claimed(town)
    with town.database.municipality(town.municipality_id) as session:
        begin(session, town.mailroom, mail, NINE)
        postpone(session, town.mailroom, mail, NINE, uncertain=True)
    later = NINE + timedelta(hours=1)
    with town.database.system() as session:
        again = next(each for each in claim(session, later, 9) if each.mail_id == mail.mail_id)
    assert again.is_uncertain
    with town.database.municipality(town.municipality_id) as session:
        postpone(session, town.mailroom, again, later, uncertain=False)
    assert of(town, mail).data_started_at is not None


def test_what_may_have_been_handed_over_once_stays_uncertain_when_it_is_given_back(town: Town) -> None:
    mail = claimed(town)
    with town.database.municipality(town.municipality_id) as session:
        begin(session, town.mailroom, mail, NINE)
        postpone(session, town.mailroom, mail, NINE, uncertain=True)
    later = NINE + timedelta(hours=1)
    with town.database.system() as session:
        again = next(each for each in claim(session, later, 9) if each.mail_id == mail.mail_id)
        release(session, [again], later)
    assert of(town, mail).data_started_at is not None


def test_the_links_of_a_mail_that_is_withdrawn_open_nothing(town: Town) -> None:
    leave(town, BODY, PostRole.CHAIR, date(2027, 1, 6))
    assert town.deliver(OPENING).cancelled == 1
    withdrawn = {mail.id for mail in town.mails() if mail.status is MailStatus.CANCELLED}
    with town.database.reading(town.municipality_id) as session:
        links = list(session.scalars(select(AnswerLink).where(AnswerLink.mail_id.in_(withdrawn))))
    assert links
    assert all(link.revoked_at is not None for link in links)


def test_two_municipalities_that_send_from_one_address_get_no_mail_by_it(database: Database) -> None:
    towns = [build_town(database, slug) for slug in ("lillby", "storby")]
    address = "styrhjul@gemensam.example.org"
    assert found_by(database, address) is None
    for town, found in zip(towns, (towns[0].municipality_id, None), strict=True):
        with database.municipality(town.municipality_id) as session:
            session.execute(update(Municipality).values(sender_address=address))
        assert found_by(database, address) == found


def found_by(database: Database, address: str) -> str | None:
    with database.system(read_only=True) as session:
        return whose_address(session, [address])
