"""Somebody new in an office in the middle of a case: told what stands there, and warned before anything goes up."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case
from styrhjul.db.model import Appointment, Person, new_id
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.office import PostRole
from styrhjul.mail.outcome import Accepted, TryLater
from styrhjul.services.cases.explain import explain_case
from styrhjul.services.overview.forecast import forecast
from tests.services.people import EVER, appoint, block, leave, post_of
from tests.town import Town, build_town

OPENING, WARNED_ON, LONG_AFTER = date(2027, 1, 7), date(2027, 3, 30), date(2027, 4, 30)
BODY = "socialnämnden"
HEAD = "head_of_administration.socialnamnden@lillby.example.org"
NEW = "ny.ordforande@lillby.example.org"
ONE_DAY = timedelta(days=1)
#: A Saturday is the last day; whoever follows begins on the Sunday.
LEFT, BEGAN, MONDAY = date(2027, 2, 13), date(2027, 2, 14), date(2027, 2, 15)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=(BODY,))


def change(town: Town, last: date, first: date, role: PostRole = PostRole.CHAIR) -> None:
    """One leaves, another begins: known from the beginning, so that no import has to wake the case."""
    leave(town, BODY, role, last)
    appoint(town, BODY, role, NEW, since=first)


def told(town: Town, role: PostRole, body: str = BODY) -> list[tuple[str, date | None]]:
    post = post_of(town, body, role)
    return [(n.rung, n.delivered_on) for n in town.notices() if n.post_id == post and n.delivered_on]


def test_a_new_chair_hears_of_the_open_case_the_first_ordinary_day_and_nobody_else_does(town: Town) -> None:
    change(town, LEFT, BEGAN)
    town.live_through(OPENING, date(2027, 3, 1))
    assert told(town, PostRole.CHAIR) == [("opened", OPENING), ("opened", MONDAY)]
    assert told(town, PostRole.SECRETARY) == [("opened", OPENING)]
    assert [mail.address for mail in town.mails()][-1] == NEW


def test_what_the_new_chair_hears_first_is_the_rung_in_force(town: Town) -> None:
    change(town, date(2027, 3, 25), date(2027, 3, 30))  # vacant over Easter, after the last reminder
    town.live_through(OPENING, date(2027, 3, 30))
    assert [rung for rung, on in told(town, PostRole.CHAIR) if on == date(2027, 3, 30)] == ["warning"]
    change(town, date(2027, 4, 1), date(2027, 4, 2))
    town.live_through(date(2027, 3, 31), date(2027, 4, 2))
    assert {n.turn for n in town.notices() if n.rung == "opened"} == {1}


@pytest.mark.parametrize(("began", "up"), [("2027-04-02", "2027-04-07"), ("2027-04-05", "2027-04-08")])
def test_nothing_goes_up_before_the_new_chair_was_warned_in_good_time(town: Town, began: str, up: str) -> None:
    """On the fifth it would have gone up."""
    change(town, date(2027, 4, 1), date.fromisoformat(began))
    town.live_through(OPENING, LONG_AFTER)
    assert told(town, PostRole.CHAIR)[-2:] == [("warning", WARNED_ON), ("warning", date.fromisoformat(began))]
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date.fromisoformat(up))]
    assert told(town, PostRole.CHIEF_EXECUTIVE, "kommunstyrelsen") == [("chief_executive", date(2027, 4, 14))]


def came_in(town: Town, first: date, on: date) -> None:
    """A list of a day tells of a chair who began on another, the same or earlier."""
    change(town, date.fromordinal(first.toordinal() - 1), first)
    with town.database.municipality(town.municipality_id) as session:
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], on)


@pytest.mark.parametrize(("first", "on"), [("2027-03-15", "2027-03-31"), ("2027-03-30", "2027-03-30")])
def test_a_change_that_is_entered_after_the_warning_left_warns_the_new_chair_too(
    town: Town, first: str, on: str
) -> None:
    entered = date.fromisoformat(on)
    town.live_through(OPENING, WARNED_ON)
    came_in(town, date.fromisoformat(first), entered)
    town.live_through(entered, LONG_AFTER)
    assert NEW in {to for to, _ in town.transport.taken}
    assert told(town, PostRole.CHAIR)[-2:] == [("warning", WARNED_ON), ("warning", entered)]
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date(2027, 4, 5))]


def said_to(town: Town, address: str) -> str:
    """The words of the last mail to a mailbox."""
    plain = message_from_bytes([raw for to, raw in town.transport.taken if to == address][-1], policy=default)
    body = plain.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_what_should_have_gone_up_while_everything_stood_still_is_said_to_go_up_now(town: Town) -> None:
    head = f"head_of_administration.{BODY.replace('ä', 'a')}@lillby.example.org"
    town.live_through(OPENING, WARNED_ON)
    town.live(date(2027, 4, 20))  # the digest's day was the 14th
    assert "20 april" in said_to(town, head)
    assert "14 april" not in said_to(town, head)


def test_the_mail_to_whoever_fills_a_vacant_post_names_the_day_it_then_goes_up(town: Town) -> None:
    change(town, date(2027, 3, 26), date(2027, 4, 2))  # vacant when the others were warned
    town.live_through(OPENING, date(2027, 4, 2))
    assert "7 april" in said_to(town, NEW)
    town.live_through(date(2027, 4, 3), LONG_AFTER)
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date(2027, 4, 7))]


def test_the_mail_that_goes_up_names_the_next_step_counted_from_the_new_chairs_warning(town: Town) -> None:
    """Due before July, a new chair in August: July is at rest."""
    town.live(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(due_on=date(2027, 6, 30), lapses_on=date(2027, 12, 1)))
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], date(2027, 6, 1))
    change(town, date(2027, 8, 1), date(2027, 8, 2))
    town.live_through(date(2027, 6, 1), date(2027, 8, 31))
    [(_, chief)] = told(town, PostRole.CHIEF_EXECUTIVE, "kommunstyrelsen")
    assert chief is not None
    assert f"{chief.day} augusti" in said_to(town, HEAD)


def test_people_who_get_new_keys_in_the_list_are_not_told_again(town: Town) -> None:
    town.live(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        for held in session.scalars(select(Appointment)).all():
            person = session.get_one(Person, (town.municipality_id, held.person_id))
            again = Person(id=new_id(), key=f"ny-{person.key}", name=person.name, address=person.address)
            session.add(again)
            session.flush()
            session.add(Appointment(post_id=held.post_id, person_id=again.id, starts_on=BEGAN, ends_on=None))
            held.ends_on = LEFT
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], BEGAN)
    town.live_through(BEGAN, date(2027, 3, 1))
    assert told(town, PostRole.CHAIR) == [("opened", OPENING)]


def test_a_new_chair_whom_no_mail_reaches_stops_nothing_that_the_secretary_was_warned_of(town: Town) -> None:
    change(town, date(2027, 4, 1), date(2027, 4, 2))
    block(town, NEW, EVER)
    town.live_through(OPENING, LONG_AFTER)
    assert told(town, PostRole.CHAIR)[-1] == ("warning", WARNED_ON)
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date(2027, 4, 5))]


def test_whoever_is_appointed_again_has_heard_already(town: Town) -> None:
    change(town, date(2026, 12, 31), date(2027, 1, 1))
    leave(town, BODY, PostRole.CHAIR, LEFT)
    appoint(town, BODY, PostRole.CHAIR, NEW, since=BEGAN)
    town.live_through(OPENING, date(2027, 3, 1))
    assert told(town, PostRole.CHAIR) == [("opened", OPENING)]


def test_a_vacancy_tells_nobody_anything_anew(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, "vice@lillby.example.org")
    leave(town, BODY, PostRole.CHAIR, LEFT)
    town.live_through(OPENING, MONDAY)
    with town.database.municipality(town.municipality_id) as session:  # as the import of that day does
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], MONDAY)
    town.live_through(MONDAY, date(2027, 3, 1))
    assert told(town, PostRole.CHAIR) == [("opened", OPENING)]


def test_what_waited_for_a_successor_who_begins_later_after_all_is_not_sent_to_the_one_who_had_it(town: Town) -> None:
    change(town, LEFT, BEGAN)
    town.live_through(OPENING, LEFT)
    town.sweep(BEGAN)  # a Sunday: the new chair's opening is planned, and no mail is written
    begins_later(town, date(2027, 2, 21))
    town.live_through(MONDAY, date(2027, 3, 1))
    assert told(town, PostRole.CHAIR) == [("opened", OPENING), ("opened", date(2027, 2, 22))]


def begins_later(town: Town, first: date) -> None:
    """The list is corrected: whoever sat there goes on until the new chair begins."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Appointment).where(Appointment.ends_on == LEFT).values(ends_on=first - ONE_DAY))
        session.execute(update(Appointment).where(Appointment.starts_on == BEGAN).values(starts_on=first))
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], BEGAN)


def test_what_waited_to_go_up_waits_for_whoever_sits_down_before_it_left(town: Town) -> None:
    change(town, date(2027, 4, 5), date(2027, 4, 6))
    town.live_through(OPENING, date(2027, 4, 4))
    town.sweep(date(2027, 4, 5))  # the step to the head is planned, and nobody writes the mail that day
    town.live_through(date(2027, 4, 6), date(2027, 4, 8))
    assert told(town, PostRole.CHAIR)[-1] == ("warning", date(2027, 4, 6))
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == []
    town.live_through(date(2027, 4, 9), LONG_AFTER)
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date(2027, 4, 9))]


def after_a_meeting_that_was_called_off(town: Town) -> None:
    """The last reminder came in good time for a meeting that then is not held: the ladder begins anew."""
    town.live(OPENING)
    aim(town, agenda_on=date(2027, 2, 1))
    town.live_through(date(2027, 1, 8), date(2027, 1, 29))
    aim(town, agenda_on=None)
    assert [rung for rung, _ in told(town, PostRole.CHAIR)] == ["opened", "reminder", "last_reminder"]


def aim(town: Town, agenda_on: date | None) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(agenda_on=agenda_on))
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], OPENING)


def test_what_the_one_before_heard_does_not_keep_the_new_chair_from_what_is_lower(town: Town) -> None:
    after_a_meeting_that_was_called_off(town)
    change(town, LEFT, BEGAN)
    town.live_through(date(2027, 1, 30), date(2027, 3, 1))
    assert told(town, PostRole.CHAIR)[-1] == ("opened", MONDAY)
    assert len(told(town, PostRole.SECRETARY)) == 3


def test_nor_does_it_when_the_new_chairs_mail_has_to_be_tried_again(town: Town) -> None:
    after_a_meeting_that_was_called_off(town)
    change(town, LEFT, BEGAN)
    town.transport.reply = lambda _: TryLater("451 later")
    town.live(MONDAY)
    town.transport.reply = lambda _: Accepted("250 ok")
    town.live_through(date(2027, 2, 16), date(2027, 3, 1))
    assert told(town, PostRole.CHAIR)[-1] == ("opened", date(2027, 2, 16))


def test_what_was_written_to_go_up_is_withdrawn_when_somebody_sits_down_before_it_left(town: Town) -> None:
    change(town, date(2027, 4, 5), date(2027, 4, 6))
    town.live_through(OPENING, date(2027, 4, 4))
    town.transport.reply = lambda _: TryLater("451 later")
    town.live(date(2027, 4, 5))
    town.transport.reply = lambda _: Accepted("250 ok")
    town.live_through(date(2027, 4, 6), LONG_AFTER)
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date(2027, 4, 9))]


def test_a_new_head_of_administration_is_not_told_again_of_what_went_up_before(town: Town) -> None:
    change(town, date(2027, 4, 11), date(2027, 4, 12), PostRole.HEAD_OF_ADMINISTRATION)
    town.live_through(OPENING, LONG_AFTER)
    assert told(town, PostRole.HEAD_OF_ADMINISTRATION) == [("head", date(2027, 4, 5))]


@pytest.mark.parametrize("began", [BEGAN, date(2027, 4, 2)])
def test_a_new_chair_is_foreseen(town: Town, began: date) -> None:
    change(town, date.fromordinal(began.toordinal() - 1), began)
    lines = forecast(town.database, town.municipality_id, start=date(2026, 10, 15), until=LONG_AFTER)
    town.live_through(date(2026, 10, 15), LONG_AFTER)
    titles = {post_of(town, BODY, role): f"{role}, {BODY}" for role in (PostRole.CHAIR, PostRole.SECRETARY)}
    lived = [(n.delivered_on, n.rung, titles[n.post_id]) for n in town.notices() if n.post_id in titles]
    seen = [(line.on, line.rung, line.recipient) for line in lines if line.recipient in titles.values() and line.policy]
    assert sorted(seen) == sorted(each for each in lived if each[0])
    assert len(seen) == 9


def test_the_case_page_says_that_what_goes_up_waits_for_the_new_chairs_warning(town: Town) -> None:
    change(town, date(2027, 4, 1), date(2027, 4, 2))
    town.live_through(OPENING, date(2027, 4, 1))
    town.sweep(date(2027, 4, 2))
    [case] = town.cases()
    told_of = explain_case(town.database, town.municipality_id, case.id, date(2027, 4, 2))
    assert [step.status for step in told_of.steps if step.rung == "head"] == ["waits_for_warning"]
    assert NoticeStatus.PLANNED in {step.status for step in told_of.steps if step.rung == "warning"}
