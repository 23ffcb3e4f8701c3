"""Mail leaves while the office is open, first tries and retries alike, and says what is true when it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import repeat

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import MailItem, MailStatus
from styrhjul.db.model import Person
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.mail.outcome import Accepted, Refused, TryLater, Uncertain
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from styrhjul.services.organisation.officials import try_new_addresses
from tests.town import Town, build_town, nine

OPENING, WARNED_ON = date(2027, 1, 7), date(2027, 3, 30)
BODY = "socialnämnden"


def at(town: Town, moment: str) -> DeliverReport:
    """Deliver at a moment in Stockholm."""
    return deliver(town.database, town.mailroom, lambda: datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM))


@pytest.fixture
def town(database: Database) -> Town:
    """A town with the mails of a Thursday in the outbox."""
    town = build_town(database, committees=(BODY,))
    town.sweep(OPENING)
    town.compose(OPENING)
    return town


@pytest.mark.parametrize(
    ("refused", "closed", "opens"),
    [
        ("2027-01-08T16:59", "2027-01-09T03:00", "2027-01-11T08:00"),  # over a weekend
        ("2027-01-07T16:58", "2027-01-07T17:03", "2027-01-08T08:00"),  # over a night
    ],
)
def test_a_retry_waits_until_the_office_opens(town: Town, refused: str, closed: str, opens: str) -> None:
    town.transport.reply = lambda _: TryLater("450 greylisted")
    assert at(town, refused).deferred == 2
    town.transport.reply = lambda _: Accepted("250 ok")
    assert (at(town, closed).sent, at(town, closed).deferred) == (0, 0)
    assert at(town, opens).sent == 2


def test_a_first_try_waits_until_the_office_opens_and_is_not_counted(town: Town) -> None:
    assert at(town, "2027-01-07T17:00").deferred == 2
    assert {(m.status, m.attempts, m.data_started_at, m.lease_until) for m in town.mails()} == {
        (MailStatus.QUEUED, 0, None, None)
    }
    assert town.transport.taken == []
    assert at(town, "2027-01-08T07:59").sent == 0
    assert at(town, "2027-01-08T08:00").sent == 2


def test_an_uncertain_mail_that_waits_stays_uncertain(town: Town) -> None:
    town.transport.reply = lambda _: Uncertain("no reply")
    at(town, "2027-01-07T16:50")
    at(town, "2027-01-07T17:05")
    assert all(mail.data_started_at for mail in town.mails())


def test_what_is_no_notice_leaves_at_any_hour(town: Town) -> None:
    """A receipt, a fresh link: somebody sits and waits for it."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(MailItem).values(notice_id=None))
    assert at(town, "2027-01-09T03:00").sent == 2


@pytest.fixture
def warned(database: Database) -> Callable[[], Town]:
    """A town whose warnings, written on 30 March, have not got through."""

    def build() -> Town:
        town = build_town(database, committees=(BODY,))
        town.live_through(OPENING, date(2027, 3, 29))
        town.transport.taken.clear()
        town.transport.reply = lambda _: TryLater("450 full")
        town.live(WARNED_ON)
        town.transport.reply = lambda _: Accepted("250 ok")
        return town

    return build


def test_a_warning_that_names_days_which_have_moved_is_written_anew_and_not_lost(warned: Callable[[], Town]) -> None:
    town = warned()
    late = date(2027, 4, 6)  # the mail names the fifth
    assert town.deliver(late).cancelled == 2
    assert town.transport.taken == []
    town.live(late)
    warnings = [n for n in town.notices() if n.rung == "warning"]
    assert {(n.status, n.delivered_on) for n in warnings} == {(NoticeStatus.DELIVERED, late)}
    town.live_through(date(2027, 4, 7), date(2027, 4, 30))
    up = {n.rung: n.delivered_on for n in town.notices() if n.rung in ("head", "chief_executive")}
    assert up == {"head": date(2027, 4, 9), "chief_executive": date(2027, 4, 14)}


def test_a_warning_of_yesterday_that_still_names_the_right_days_leaves_as_it_stands(
    warned: Callable[[], Town],
) -> None:
    town = warned()
    written = {mail.id for mail in town.mails()}
    assert town.deliver(date(2027, 3, 31)).sent == 2
    assert {mail.id for mail in town.mails()} == written


def test_a_warning_written_after_its_day_names_the_days_that_follow_when_it_leaves(warned: Callable[[], Town]) -> None:
    town = warned()
    written, left = date(2027, 4, 6), date(2027, 4, 8)  # the due day has passed for both
    town.deliver(written)
    town.sweep(written)
    town.compose(written)
    assert town.deliver(left).cancelled == 2
    town.live(left)
    assert {n.delivered_on for n in town.notices() if n.rung == "warning"} == {left}


@pytest.mark.parametrize(("day", "left"), [(date(2027, 3, 31), 2), (date(2027, 4, 1), 0)])
def test_a_mail_that_speaks_of_a_day_to_come_is_written_anew_once_that_day_has_passed(
    warned: Callable[[], Town], day: date, left: int
) -> None:
    """Of what does not bind nothing goes up: its only day is the due day."""
    town = warned()
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(is_binding=False))
        session.execute(update(MailItem).values(named_days=["2027-03-31", None, None, None, None, None]))
    assert town.deliver(day).sent == left


def test_an_address_that_never_takes_a_warning_is_given_up_though_each_days_mail_is_another(
    warned: Callable[[], Town],
) -> None:
    town = warned()
    town.transport.reply = lambda _: TryLater("450 full")
    for hour in range(24 * 14):
        moment = nine(WARNED_ON) + timedelta(hours=hour)
        town.sweep(moment.date(), at=moment)
        compose_mails(town.database, town.mailroom, moment)
        at(town, moment.astimezone(STOCKHOLM).replace(tzinfo=None).isoformat())
    assert {n.status for n in town.notices() if n.rung == "warning"} == {NoticeStatus.FAILED}
    assert {n.rung for n in town.notices() if n.planned_on > WARNED_ON} == {"unreachable"}


def test_what_was_refused_at_an_old_address_has_five_days_of_its_own_at_the_new_one(database: Database) -> None:
    town, day = build_town(database, committees=(BODY,)), date(2027, 4, 7)
    town.live_through(OPENING, date(2027, 3, 29))
    town.transport.reply = lambda _: Refused("550 5.1.1 no such user", about_address=True)
    town.live_through(WARNED_ON, date(2027, 4, 6))
    with town.database.municipality(town.municipality_id) as session:
        blocked = Person.address_blocked_at.is_not(None)
        session.execute(update(Person).where(blocked).values(address="ny." + Person.address, address_blocked_at=None))
        try_new_addresses(session, load_organisation(session), nine(day))
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], day)
    town.transport.reply = lambda to: TryLater("451 greylisted") if to.startswith("ny.") else Accepted("250")
    for minutes in range(0, 125, 5):
        moment = nine(day) + timedelta(minutes=minutes)
        compose_mails(town.database, town.mailroom, moment)
        deliver(town.database, town.mailroom, repeat(moment).__next__)
    assert {mail.status for mail in town.mails() if mail.address.startswith("ny.")} == {MailStatus.QUEUED}
