"""When mails may be written: ordinary days, office hours in Stockholm, across clock changes and a leap day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from styrhjul.db.model import Municipality
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.domain.practice import Practice
from styrhjul.services.delivery.compose import LONGEST_WAIT, compose_mails
from styrhjul.services.mailing.office_hours import next_weeks_digest, wait_for_office
from tests.town import Town, build_town, nine

USUAL = Practice()
OPENING = date(2027, 1, 7)


@pytest.mark.parametrize(
    ("asked", "opens", "reason"),
    [
        ("2026-10-25T10:00+01:00", "2026-10-26T07:00Z", "Söndag."),  # the clock goes back
        ("2026-10-23T18:00+02:00", "2026-10-26T07:00Z", "Kontoret är stängt."),
        ("2026-10-23T07:59+02:00", "2026-10-23T06:00Z", "Kontoret är stängt."),
        ("2027-03-28T10:00+02:00", "2027-03-30T06:00Z", "Påskdagen."),  # forward
        ("2027-03-25T17:00+01:00", "2027-03-30T06:00Z", "Kontoret är stängt."),  # skärtorsdag, after hours
        ("2027-05-07T10:00+02:00", "2027-05-10T06:00Z", "Klämdag."),  # after Kristi himmelsfärd
        ("2027-07-01T10:00+02:00", "2027-08-02T06:00Z", "I juli, då kommunen har uppehåll."),
        ("2027-07-31T10:00+02:00", "2027-08-02T06:00Z", "I juli, då kommunen har uppehåll."),
        ("2028-02-28T17:30+01:00", "2028-02-29T07:00Z", "Kontoret är stängt."),  # a Tuesday that most years lack
        ("2026-12-31T10:00+01:00", "2027-01-04T07:00Z", "Nyårsafton."),
    ],
)
def test_mail_waits_until_the_office_opens_on_an_ordinary_day(asked: str, opens: str, reason: str) -> None:
    wait = wait_for_office(USUAL, datetime.fromisoformat(asked))
    assert wait is not None
    assert (wait.until, wait.reason) == (datetime.fromisoformat(opens), reason)


@pytest.mark.parametrize(
    "asked", ["2026-10-26T08:00+01:00", "2027-03-30T16:59+02:00", "2028-02-29T12:00+01:00", "2027-06-30T09:00+02:00"]
)
def test_the_office_is_open_on_ordinary_days(asked: str) -> None:
    assert wait_for_office(USUAL, datetime.fromisoformat(asked)) is None


def test_a_municipality_has_its_own_hours_and_its_own_rest() -> None:
    practice = Practice(rest_months=frozenset({6, 7}), office_opens=time(7, 30), office_closes=time(16))
    wait = wait_for_office(practice, datetime(2027, 6, 1, 8, 0, tzinfo=UTC))
    assert wait is not None
    assert (wait.until, wait.reason) == (datetime(2027, 8, 2, 5, 30, tzinfo=UTC), "I juni, då kommunen har uppehåll.")
    assert wait_for_office(practice, datetime(2027, 5, 31, 14, 0, tzinfo=UTC)) is not None


@pytest.mark.parametrize(
    ("today", "digest"),
    [
        ("2027-04-14", "2027-04-21"),
        ("2027-08-02", "2027-08-11"),
        ("2027-12-29", "2028-01-05"),
        ("2026-12-30", "2027-01-07"),
    ],
)
def test_the_next_digest_leaves_on_the_coming_weeks_day(today: str, digest: str) -> None:
    until = next_weeks_digest(USUAL, date.fromisoformat(today))
    assert (local_date(until).isoformat(), until.minute) == (digest, 0)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=("socialnämnden",))


@pytest.mark.parametrize(
    ("held_on", "reason"),
    [
        (date(2027, 1, 9), "Lördag."),
        (date(2027, 5, 7), "Klämdag."),
        (date(2027, 7, 1), "I juli, då kommunen har uppehåll."),
    ],
)
def test_what_waits_says_why_and_from_when(town: Town, held_on: date, reason: str) -> None:
    town.sweep(OPENING)
    assert town.compose(held_on).held == 2
    assert {(n.status, n.reason, n.deferred_from) for n in town.notices()} == {(NoticeStatus.PLANNED, reason, OPENING)}
    assert town.compose(held_on).held == 0  # looked at once, not at every pulse
    waits_until = town.notices()[0].not_before_at
    assert compose_mails(town.database, town.mailroom, waits_until + LONGEST_WAIT).composed == 2


def test_nothing_is_written_after_the_office_has_closed(town: Town) -> None:
    town.sweep(OPENING)
    evening = local_moment(OPENING, time(17))
    assert compose_mails(town.database, town.mailroom, evening).composed == 0
    assert compose_mails(town.database, town.mailroom, local_moment(date(2027, 1, 8))).composed == 2


def test_a_municipality_that_opens_earlier_writes_earlier(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(office_opens=time(7)))
    town.sweep(OPENING, at=local_moment(OPENING, time(0, 5)))
    six = local_moment(OPENING, time(7))
    assert compose_mails(town.database, town.mailroom, six - timedelta(minutes=1)).composed == 0
    assert compose_mails(town.database, town.mailroom, six).composed == 2


def test_after_an_outage_of_months_each_reader_gets_the_highest_rung_only(town: Town) -> None:
    town.live(OPENING)
    back = date(2027, 6, 14)
    town.live(back)
    mailed = [(n.rung, n.status) for n in town.notices() if n.planned_on == back]
    assert mailed.count(("warning", NoticeStatus.DELIVERED)) == 2
    assert {status for rung, status in mailed if rung != "warning"} == {NoticeStatus.SUPERSEDED}
    assert nine(back) > town.mails()[0].composed_at
