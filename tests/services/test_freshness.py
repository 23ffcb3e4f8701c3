"""A mail that waits names the days that hold when it leaves, whatever has moved since it was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import MailItem
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from styrhjul.services.municipality.ladder import import_ladders
from styrhjul.services.municipality.ladder_file import LadderFile
from tests.filled import Filled
from tests.town import Town, build_town, nine

OPENING, WARNED_ON = date(2027, 1, 7), date(2027, 3, 30)
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MEETS, PAPERS, DECIDES, LATER = date(2027, 4, 20), date(2027, 4, 6), date(2027, 5, 3), date(2027, 5, 10)


def set_case(town: Town, **days: date | None) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(**days))


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, waiting)


def waiting(database: Database) -> Town:
    """A town whose warnings, which name a meeting, its papers and a decision, were written at nine and wait."""
    town = build_town(database, committees=("socialnämnden",))
    town.live_through(OPENING, date(2027, 3, 29))
    set_case(town, meeting_on=MEETS, agenda_on=PAPERS, decides_on=DECIDES)
    town.sweep(WARNED_ON)
    town.compose(WARNED_ON)
    return town


def deliver_at(town: Town, now: datetime) -> DeliverReport:
    return deliver(town.database, town.mailroom, lambda: now)


def move_meeting(town: Town) -> None:
    set_case(town, meeting_on=LATER)


def move_papers(town: Town) -> None:
    set_case(town, agenda_on=date(2027, 4, 8))


def move_decision(town: Town) -> None:
    set_case(town, decides_on=LATER)


def cancel_meeting(town: Town) -> None:
    set_case(town, meeting_on=None, agenda_on=None, decides_on=None)


def move_digest(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(digest_weekday=4))


def change_ladder(town: Town) -> None:
    file = LadderFile("ladder.toml", "[goal_setting.chief_executive]\ndays = 30\n")
    import_ladders(town.database, town.municipality_id, file, nine(WARNED_ON))


@pytest.mark.parametrize("later", [AN_HOUR, A_DAY])
@pytest.mark.parametrize("move", [move_meeting, move_papers, move_decision, cancel_meeting, move_digest, change_ladder])
def test_what_moves_while_a_mail_waits_is_not_named_as_it_was(
    town: Town, move: Callable[[Town], None], later: timedelta
) -> None:
    move(town)
    report = deliver_at(town, nine(WARNED_ON) + later)
    assert (report.sent, report.cancelled) == (0, 2)


@pytest.mark.parametrize("later", [AN_HOUR, A_DAY])
def test_where_nothing_has_moved_a_mail_that_waited_leaves_as_it_stands(town: Town, later: timedelta) -> None:
    assert deliver_at(town, nine(WARNED_ON) + later).sent == 2


def test_a_day_for_papers_that_has_passed_meanwhile_is_not_named_as_if_it_were_ahead(town: Town) -> None:
    set_case(town, agenda_on=WARNED_ON)
    ten = nine(WARNED_ON) + AN_HOUR
    deliver_at(town, ten)
    town.sweep(WARNED_ON, at=ten)
    assert compose_mails(town.database, town.mailroom, ten).composed == 2
    assert deliver_at(town, nine(WARNED_ON) + A_DAY).cancelled == 2


def test_what_is_written_in_its_place_names_the_days_that_hold(town: Town) -> None:
    move_meeting(town)
    now = nine(WARNED_ON) + A_DAY
    deliver_at(town, now)
    town.live(now.date())
    assert {n.delivered_on for n in town.notices() if n.rung == "warning"} == {now.date()}
    with town.database.reading(town.municipality_id) as session:
        named = (
            select(MailItem.named_days).join(Notice, Notice.id == MailItem.notice_id).where(Notice.rung == "warning")
        )
        meetings = [days[1] for days in session.scalars(named) if days]
    assert sorted(set(filter(None, meetings))) == [MEETS.isoformat(), LATER.isoformat()]


def test_of_a_mail_whose_days_were_not_kept_only_the_due_day_is_known(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(MailItem).values(named_days=None))
    move_meeting(town)
    assert deliver_at(town, nine(WARNED_ON) + A_DAY).sent == 2
