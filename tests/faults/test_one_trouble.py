"""Trouble stays where it is: with one subject, one municipality or one sender, and the database's is nobody's fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, select, text, update

from styrhjul.db.case_model import Quarantine
from styrhjul.db.mail_model import AttemptOutcome, MailStatus
from styrhjul.db.model import Duty, Edition
from styrhjul.db.outbox_query import LEASE, Claimed, claim, record_attempt
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.outcome import Refused
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery.compose import LONGEST_WAIT, ComposeReport, _compose_municipality, compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.delivery.last_look import begin
from styrhjul.services.delivery.outcome import finish_failed, postpone
from tests.faults.scene import wait_until_it_waits
from tests.servers import past_every_session
from tests.town import Town, build_town, nine, town_with_mail
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from structlog.typing import EventDict

    from tests.servers import PostgresServer

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)


@pytest.fixture
def towns(database: Database) -> tuple[Town, Town]:
    """Two towns; the first in the order they are looked at, and another."""
    built = (build_town(database, slug) for slug in ("lillby", "storby"))
    first, second = sorted(built, key=lambda town: town.municipality_id)
    return first, second


def quarantined(town: Town) -> list[str]:
    with town.database.reading(town.municipality_id) as session:
        return sorted(session.scalars(select(Quarantine.lifecycle)))


# -- one subject, one municipality (P9) --------------------------------------------------------------------------------


def test_a_duty_that_cannot_be_read_sets_its_policy_aside_and_stops_nobody(towns: tuple[Town, Town]) -> None:
    broken, other = towns
    with broken.database.municipality(broken.municipality_id) as session:
        session.execute(update(Duty).values(recurrence="every blue moon"))
    report = run_sweep(broken.database, LIFECYCLES["goal_setting"], NINE)
    assert (report.quarantined, report.opened, report.stuck) == (1, 2, 0)
    assert (quarantined(broken), quarantined(other)) == (["goal_setting"], [])


def test_a_notice_whose_document_has_no_edition_left_is_set_aside_and_stops_nobody(towns: tuple[Town, Town]) -> None:
    broken, other = towns
    broken.sweep(OPENING)
    with broken.database.municipality(broken.municipality_id) as session:
        session.execute(update(Edition).values(superseded_on=OPENING))
    assert compose_mails(broken.database, broken.mailroom, NINE) == ComposeReport(composed=4, held=4)
    assert quarantined(broken) == ["mail"] * 4
    assert len(other.mails()) == 4


def test_a_municipality_where_nothing_works_is_counted_and_stops_no_other(
    towns: tuple[Town, Town], logged: list[EventDict]
) -> None:
    """A head that is wrong: no line of this municipality can be written."""
    broken, other = towns
    for town in towns:
        town.sweep(OPENING)
    with past_every_session(broken.database) as connection:
        wrong = text("UPDATE journal_head SET number = 0 WHERE municipality_id = :id")
        connection.execute(wrong, {"id": broken.municipality_id})
    assert compose_mails(broken.database, broken.mailroom, NINE) == ComposeReport(composed=4, stuck=1)
    assert [(event["event"], event["municipality"]) for event in logged] == [
        ("municipality_stuck", broken.municipality_id)
    ]
    assert (len(broken.mails()), len(other.mails())) == (0, 4)
    assert other.deliver(OPENING).sent == 4


# -- one sender that overslept -----------------------------------------------------------------------------------------


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_mail(database, OPENING)


def refuse(town: Town, mail: Claimed) -> None:
    with town.database.municipality(town.municipality_id) as session:
        finish_failed(session, town.mailroom, mail, Refused("550 gone", about_address=False), NINE + LEASE)


def put_off(town: Town, mail: Claimed) -> None:
    with town.database.municipality(town.municipality_id) as session:
        postpone(session, town.mailroom, mail, NINE + LEASE, uncertain=True)


def test_a_sender_that_lost_its_lease_does_not_begin(town: Town) -> None:
    with town.database.system() as session:
        overslept = claim(session, NINE, 4)
    with town.database.system() as session:
        assert [len(claim(session, NINE + LEASE, 4)) for _ in overslept] == [1] * 4
    for mail in overslept:
        with town.database.municipality(town.municipality_id) as session:
            assert begin(session, town.mailroom, mail, NINE + LEASE) is None
    assert {mail.data_started_at for mail in town.mails()} == {None}


@pytest.mark.parametrize("outcome", [refuse, put_off])
def test_an_outcome_that_comes_after_the_lease_was_lost_changes_nothing(
    town: Town, outcome: Callable[[Town, Claimed], None]
) -> None:
    """The machine slept with the line open; another sender has delivered it meanwhile."""
    with town.database.system() as session:
        overslept = claim(session, NINE, 4)
    deliver(town.database, town.mailroom, lambda: NINE + LEASE)
    for mail in overslept:
        outcome(town, mail)
    assert {mail.status for mail in town.mails()} == {MailStatus.ACCEPTED}
    assert {notice.status for notice in town.notices()} == {NoticeStatus.DELIVERED}


def test_a_mail_counts_as_delivered_from_the_day_the_server_took_it(town: Town) -> None:
    """Killed after the mark, started again three days later: the escalation counts from the true day."""
    with town.database.system() as session:
        claimed = claim(session, NINE, 4)
    with town.database.marking() as connection:
        for mail in claimed:
            record_attempt(connection, mail, AttemptOutcome.ACCEPTED, "250", NINE)
    deliver(town.database, town.mailroom, lambda: NINE + timedelta(days=3))
    assert {notice.delivered_on for notice in town.notices()} == {OPENING}


def test_a_mail_that_kills_its_sender_takes_no_other_with_it(town: Town) -> None:
    """F-41: those leased beside it were never begun, and are not set aside with it."""
    now = NINE
    for _ in range(6):
        with town.database.system() as session:
            first, *_ = claim(session, now, 100)
        with town.database.municipality(town.municipality_id) as session:
            begin(session, town.mailroom, first, now)
        now += LEASE
    deliver(town.database, town.mailroom, lambda: now)
    assert sorted(mail.status for mail in town.mails()) == [MailStatus.ACCEPTED] * 3 + [MailStatus.QUARANTINED]


def test_a_mail_whose_sender_died_and_whose_channel_is_closed_holds_up_no_other(towns: tuple[Town, Town]) -> None:
    for each in towns:
        each.sweep(OPENING)
        each.compose(OPENING)
    database = towns[0].database
    with database.system() as session:
        channels = {mail.channel for mail in claim(session, NINE, 100)}
    assert len(channels) == 2
    for closed in channels:
        with database.system() as session:
            [mail] = claim(session, NINE + LEASE, 100, {closed})
            assert mail.channel != closed


# -- the database's own ------------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(postgres_server: PostgresServer, postgres_database_url: str) -> Iterator[Town]:
    """A town in a PostgreSQL that gives up waiting for a lock at once."""
    postgres_server.execute(f"ALTER DATABASE {make_url(postgres_database_url).database} SET lock_timeout = '100ms'")
    database = Database(postgres_database_url)
    yield build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.FOLLOW_UP))
    database.dispose()


def test_a_database_in_trouble_sets_no_mail_aside(impatient: Town) -> None:
    impatient.sweep(OPENING)
    with past_every_session(impatient.database) as connection:
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("LOCK TABLE answer_link IN ACCESS EXCLUSIVE MODE"))
        assert impatient.compose(OPENING) == ComposeReport(stuck=1)
    assert quarantined(impatient) == []
    assert impatient.compose(OPENING).composed == 4


def test_two_composers_never_write_two_mails_to_one_mailbox_nor_fall_over_it(postgres_database_url: str) -> None:
    """The second comes with notices that a sweep has entered meanwhile: they wait for the next working day."""
    database, now = Database(postgres_database_url), NINE + LONGEST_WAIT
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.FOLLOW_UP))
    run_sweep(database, LIFECYCLES["goal_setting"], NINE)
    with ThreadPoolExecutor(1) as pool:
        with database.municipality(town.municipality_id) as session:
            assert _compose_municipality(session, town.mailroom, now).report.composed == 4
            second = pool.submit(_sweep_and_compose, town, now)
            wait_until_it_waits(database, second)
        assert second.result(60) == ComposeReport(held=4)
    assert (len(town.mails()), quarantined(town)) == (4, [])
    held = [notice for notice in town.notices() if notice.status is NoticeStatus.PLANNED]
    assert {local_date(notice.not_before_at) for notice in held} == {date(2027, 1, 8)}
    database.dispose()


def test_a_second_composer_leaves_alone_what_the_first_is_at(postgres_database_url: str) -> None:
    """So that two of them share the municipalities, and neither waits for the other."""
    database, now = Database(postgres_database_url), NINE + LONGEST_WAIT
    town = build_town(database)
    run_sweep(database, LIFECYCLES["goal_setting"], NINE)
    with database.municipality(town.municipality_id) as session:
        assert _compose_municipality(session, town.mailroom, now).report.composed == 4
        assert compose_mails(database, town.mailroom, now) == ComposeReport()
    assert len(town.mails()) == 4
    database.dispose()


def _sweep_and_compose(town: Town, now: datetime) -> ComposeReport:
    town.sweep(OPENING, at=now)
    return compose_mails(town.database, town.mailroom, now)
