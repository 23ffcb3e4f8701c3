"""The forecast equals what happens, line by line: one planner, asked in memory and lived through in the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.ledger_write import cancel_open_notices
from styrhjul.db.mail_model import Mail, MailItem
from styrhjul.db.model import Appointment, Body, Person, Post, new_id
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.forecast import Assumption
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.ladder import import_ladders
from styrhjul.services.municipality.ladder_file import LadderFile
from styrhjul.services.overview.forecast import ForecastLine, TooFarAhead, forecast
from tests.town import FOLLOWED_FROM, Town, build_town, nine
from workflows import LIFECYCLES

UNTIL = date(2027, 6, 30)
ALL_KINDS = (ActionKind.SET_GOALS, ActionKind.FOLLOW_UP, ActionKind.REVISE)
Line = tuple[date, str, str, str, str, str, date]


@pytest.fixture
def town(database: Database) -> Town:
    town = build_town(database, kinds=ALL_KINDS)
    with database.municipality(town.municipality_id) as session:
        touch_policies(session, [town.municipality_id], ["handover"], FOLLOWED_FROM)
    return town


def foreseen(town: Town, start: date, **how: Assumption) -> list[Line]:
    """What the forecast says, in the words of the ledger."""
    lines = forecast(town.database, town.municipality_id, start=start, until=UNTIL, **how)
    return sorted(_key(line) for line in lines)


def _key(line: ForecastLine) -> Line:
    return (line.on, line.lifecycle, line.period, line.body, line.rung, line.recipient, line.due_on)


def left(town: Town, since: date) -> list[Line]:
    """What has really been accepted by the server since a day."""
    with town.database.reading(town.municipality_id) as session:
        rows = session.execute(
            select(Notice, Case, Body.name, Post.title)
            .join(Case, Case.id == Notice.case_id)
            .join(Body, Body.id == Case.body_id)
            .join(Post, Post.id == Notice.post_id)
            .join(MailItem, MailItem.notice_id == Notice.id)
            .join(Mail, Mail.id == MailItem.mail_id)
            .where(Notice.status == NoticeStatus.DELIVERED, Notice.delivered_on >= since)
        )
        return sorted(
            (n.delivered_on or since, c.lifecycle, c.period, body, n.rung, title, n.due_on)
            for n, c, body, title in rows
        )


def test_what_is_foreseen_from_the_first_day_is_what_leaves(town: Town) -> None:
    lines = foreseen(town, FOLLOWED_FROM)
    town.live_through(FOLLOWED_FROM, UNTIL)
    assert lines == left(town, FOLLOWED_FROM)
    assert {line[4] for line in lines if line[1] == "follow_up"} == {
        rung.key for rung in LIFECYCLES["follow_up"].ladder
    }


def test_what_is_foreseen_in_the_middle_of_it_is_what_is_left_to_come(town: Town) -> None:
    town.live_through(FOLLOWED_FROM, date(2027, 3, 1))
    lines = foreseen(town, date(2027, 3, 2))
    town.live_through(date(2027, 3, 2), UNTIL)
    assert lines == left(town, date(2027, 3, 2))


def test_an_office_that_stands_empty_for_a_while_is_foreseen_too(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        chair = session.scalars(select(Person.id).where(Person.address.startswith("chair.social"))).one()
        session.execute(update(Appointment).where(Appointment.person_id == chair).values(starts_on=date(2027, 1, 20)))
    lines = foreseen(town, FOLLOWED_FROM)
    town.live_through(FOLLOWED_FROM, UNTIL)
    assert lines == left(town, FOLLOWED_FROM)
    assert (date(2027, 1, 20), "chair, socialnämnden") in {(line[0], line[5]) for line in lines}


def sit_down(town: Town, role: str, on: date) -> None:
    """Somebody without an address follows whoever holds a post of socialnämnden."""
    mine = {"municipality_id": town.municipality_id}
    with town.database.municipality(town.municipality_id) as session:
        before = session.scalars(
            select(Appointment)
            .join(Person, Person.id == Appointment.person_id)
            .where(Person.address.startswith(f"{role}.social"))
        ).one()
        before.ends_on = on - timedelta(days=1)
        session.add(Person(**mine, id=(newcomer := new_id()), key=f"new {role}", name="Ny", address=None))
        session.flush()
        session.add(Appointment(**mine, post_id=before.post_id, person_id=newcomer, starts_on=on))


def test_newcomers_whom_nobody_can_reach_are_foreseen_on_the_day_it_is_noted(town: Town) -> None:
    """What is entered for them on the free day they sit down finds nobody on the next ordinary one."""
    saturday, friday_after = date(2027, 2, 27), date(2027, 3, 5)
    town.live_through(FOLLOWED_FROM, saturday - timedelta(days=1))
    for role in ("chair", "secretary"):
        sit_down(town, role, saturday)
    with town.database.municipality(town.municipality_id) as session:
        touch_cases(session, [(case.id, case.lifecycle) for case in session.scalars(select(Case))], saturday)
    lines = [line for line in foreseen(town, saturday) if line[0] <= friday_after]
    for offset in range(7):
        town.live(saturday + timedelta(days=offset))
        town.live(saturday + timedelta(days=offset))  # what the mails of a day find, the next pulse looks at
    assert lines == left(town, saturday)
    assert [line[0] for line in lines if line[4] == "unreachable"] == [date(2027, 3, 1)]


def answer_what_is_due(town: Town, day: date) -> None:
    """Everybody answers on the due day, when the morning's mail has left."""
    with town.database.municipality(town.municipality_id) as session:
        due = session.scalars(select(Case).where(Case.due_on <= day, Case.state == State.OPEN)).all()
        for case in due:
            case.state = State.SUBMITTED
        cancel_open_notices(session, [case.id for case in due], "Besvarat.", nine(day), by="test")


def test_in_a_year_in_which_everybody_answers_on_the_due_day_what_is_foreseen_is_what_leaves(town: Town) -> None:
    lines = foreseen(town, FOLLOWED_FROM, assume=Assumption.ANSWERED)
    for offset in range((UNTIL - FOLLOWED_FROM).days + 1):
        day = FOLLOWED_FROM + timedelta(offset)
        town.live(day)
        answer_what_is_due(town, day)
    assert lines == left(town, FOLLOWED_FROM)
    assert {line[4] for line in lines}.isdisjoint({"head", "chief_executive"})


def test_a_ladder_of_the_municipality_s_own_is_foreseen_and_climbed_alike(town: Town) -> None:
    own = "[follow_up.reminder]\ndays = -20\ncap = 3\nevery = 5\n[follow_up.head]\ncap = 0\n"
    import_ladders(town.database, town.municipality_id, LadderFile("ladder.toml", own), nine(FOLLOWED_FROM))
    lines = foreseen(town, FOLLOWED_FROM)
    town.live_through(FOLLOWED_FROM, UNTIL)
    assert lines == left(town, FOLLOWED_FROM)
    rungs = {line[4] for line in lines if line[1] == "follow_up"}
    assert {"reminder", "reminder_2", "reminder_3"} <= rungs
    assert "head" not in rungs


def test_asking_changes_nothing(town: Town) -> None:
    town.live_through(FOLLOWED_FROM, date(2026, 10, 20))
    before = [(n.id, n.status) for n in town.notices()]
    foreseen(town, date(2026, 10, 21))
    assert [(n.id, n.status) for n in town.notices()] == before


def test_every_line_says_where_its_due_day_comes_from(town: Town) -> None:
    lines = forecast(town.database, town.municipality_id, start=FOLLOWED_FROM, until=UNTIL)
    assert {line.basis for line in lines} == {"default"}


def test_beyond_fifteen_years_nothing_is_foreseen(town: Town) -> None:
    with pytest.raises(TooFarAhead, match="2041-10-15 eller en tidigare dag"):
        forecast(town.database, town.municipality_id, start=FOLLOWED_FROM, until=date(2041, 10, 16))
