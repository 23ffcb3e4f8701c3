"""What stands in a reader's calendar, mail by mail, on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from itertools import accumulate, pairwise
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from styrhjul.db.calendar_model import CalendarEntry
from styrhjul.db.case_model import Case
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.session import Database
from styrhjul.domain.answer import GoalsAnswer, GoalText
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail import sample
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.cases.decision import CaseAt, Decision, grant_extension, return_answer
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.mailing.deadline_days import Calendars, Matter, tell
from tests.services.people import appoint, leave, post_of
from tests.town import Town, build_town, nine

OPENING, DUE, EXTENDED, LATER = date(2027, 1, 7), date(2027, 3, 31), date(2027, 2, 1), date(2027, 4, 30)
CHAIR = "chair.socialnamnden@lillby.example.org"
HEAD = "head_of_administration.socialnamnden@lillby.example.org"
CHIEF = Decision(by="kommunchefen", reason="Förslaget hann inte bli klart.")
GOALS = GoalsAnswer(goals=(GoalText(text="Fler ska kunna påverka."),), signed_by="Kim", decided_on=date(2027, 3, 9))


@pytest.fixture
def town(database: Database) -> Town:
    """One committee that sets goals, due on 31 March."""
    return build_town(database, committees=("socialnämnden",))


def calendars(town: Town, address: str = CHAIR) -> list[Any]:
    """The calendars of the mails that have reached a mailbox, in order; None for a mail without."""
    found: list[Any] = []
    for to, raw in town.transport.taken:
        if to == address:
            files = list(message_from_bytes(raw, policy=policy.default).iter_attachments())
            found.append(icalendar.Calendar.from_ical(str(files[0].get_content())) if files else None)
    return found


def days(calendar: Any) -> list[tuple[str, date, int, str]]:  # noqa: ANN401 - a library's object
    """Which day, when, under which sequence and status."""
    return [
        (str(event["UID"]).rpartition("-")[2], event.decoded("DTSTART"), event["SEQUENCE"], str(event["STATUS"]))
        for event in calendar.walk("VEVENT")
    ]


def uids(calendar: Any) -> list[str]:  # noqa: ANN401 - a library's object
    return [str(event["UID"]) for event in calendar.walk("VEVENT")]


def move(town: Town, **dates: date | None) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(**dates))


def at(town: Town) -> CaseAt:
    return CaseAt(town.municipality_id, town.cases()[0].id)


def answer(town: Town, *, letter: str = "a", on: date = date(2027, 3, 10)) -> None:
    """The chair hands in goals by the link in the latest mail."""
    raw = [raw for to, raw in town.transport.taken if to == CHAIR and b"/a/" in raw.replace(b"=\r\n", b"")][-1]
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    [token, *_] = re.findall(r"/a/([A-Za-z0-9_-]{43})", str(part.get_content()) if part else "")
    version = 0 if letter == "a" else 1
    submit(
        town.database,
        town.mailroom,
        Submission(token=token, answer=GOALS, form_id=letter * 32, seen_version=version),
        now=nine(on),
    )
    town.deliver(on)


def test_a_mail_that_asks_puts_its_due_day_into_the_calendar(town: Town) -> None:
    town.live(OPENING)
    [calendar] = calendars(town)
    assert calendar["METHOD"] == "PUBLISH"
    assert days(calendar) == [("due", DUE, 0, "CONFIRMED")]
    [event] = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "Sista dag: mål för 2027, socialnämnden"
    assert str(event["URL"]) == f"https://lillby.example.org/lillby/case/{town.cases()[0].id}"
    assert "/a/" not in calendar.to_ical().decode().replace("\r\n ", "")


def test_the_papers_have_a_day_of_their_own(town: Town) -> None:
    town.sweep(OPENING)
    move(town, agenda_on=date(2027, 2, 23), meeting_on=date(2027, 3, 16))
    town.live(OPENING)
    assert days(calendars(town)[0]) == [
        ("due", DUE, 0, "CONFIRMED"),
        ("papers", date(2027, 2, 23), 0, "CONFIRMED"),
    ]


def test_the_same_days_keep_their_sequence_and_each_office_has_a_uid_of_its_own(town: Town) -> None:
    town.live(OPENING)
    town.live_through(date(2027, 3, 15), date(2027, 3, 18))
    first, second = calendars(town)
    assert days(first) == days(second)
    assert uids(first) == uids(second)
    assert uids(first) != uids(calendars(town, CHAIR.replace("chair", "secretary"))[0])


def test_a_moved_deadline_takes_the_place_of_the_one_before(town: Town) -> None:
    town.live(OPENING)
    grant_extension(town.database, at(town), LATER, CHIEF, nine(EXTENDED))
    town.live_through(date(2027, 4, 12), date(2027, 4, 20))
    first, second, *_ = calendars(town)
    assert uids(first) == uids(second)
    assert days(second) == [("due", LATER, 1, "CONFIRMED")]


def test_a_papers_day_that_is_no_more_is_taken_back(town: Town) -> None:
    town.sweep(OPENING)
    move(town, agenda_on=date(2027, 3, 24), meeting_on=date(2027, 3, 30))
    town.live(OPENING)
    move(town, agenda_on=None, meeting_on=None)
    town.live_through(date(2027, 3, 15), date(2027, 3, 18))
    assert days(calendars(town)[-1]) == [
        ("due", DUE, 1, "CONFIRMED"),
        ("papers", date(2027, 3, 24), 1, "CANCELLED"),
    ]


def test_an_answer_takes_the_days_out_of_the_calendar(town: Town) -> None:
    town.live(OPENING)
    answer(town)
    first, receipt = calendars(town)
    assert receipt["METHOD"] == "CANCEL"
    assert uids(receipt) == uids(first)
    assert days(receipt) == [("due", DUE, 1, "CANCELLED")]
    before, after = (str(each.walk("VEVENT")[0]["SUMMARY"]) for each in (first, receipt))
    assert after == f"✓ Besvarat. {before}", "whoever is asked whether to take it out is told why"
    assert calendars(town, "registrar.kommunstyrelsen@lillby.example.org") == [None]


def test_a_changed_answer_takes_them_out_again_under_the_same_sequence(town: Town) -> None:
    town.live(OPENING)
    answer(town)
    answer(town, letter="b", on=date(2027, 3, 11))
    assert [days(calendar) for calendar in calendars(town)[1:]] == [[("due", DUE, 1, "CANCELLED")]] * 2


def test_an_answer_that_was_sent_back_is_put_in_again(town: Town) -> None:
    town.live(OPENING)
    answer(town)
    return_answer(town.database, at(town), LATER, CHIEF, nine(date(2027, 3, 11)))
    town.live_through(date(2027, 4, 12), date(2027, 4, 20))
    again = calendars(town)[2]
    assert again["METHOD"] == "PUBLISH"
    assert days(again) == [("due", LATER, 2, "CONFIRMED")]


def test_those_above_get_no_day_that_has_passed(town: Town) -> None:
    town.live(OPENING)
    town.live_through(date(2027, 3, 29), date(2027, 4, 8))
    assert calendars(town, HEAD) == [None]


def test_a_digest_is_one_calendar(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.FOLLOW_UP), committees=("socialnämnden",))
    town.live(OPENING)
    [calendar] = calendars(town)
    assert sorted(day[1] for day in days(calendar)) == [date(2027, 2, 26), DUE]


def test_one_person_in_two_offices_of_a_case_has_it_once_and_loses_it_once(town: Town) -> None:
    leave(town, "socialnämnden", PostRole.SECRETARY, date(2026, 12, 1))
    appoint(town, "socialnämnden", PostRole.SECRETARY, CHAIR, since=date(2026, 12, 2))
    town.live(OPENING)
    answer(town)
    first, receipt = calendars(town)
    assert len(uids(first)) == 1
    assert uids(receipt) == uids(first)


def test_a_case_that_one_office_was_told_of_is_not_put_in_for_the_readers_other_office(town: Town) -> None:
    town.live(OPENING)
    chair, secretary = (post_of(town, "socialnämnden", role) for role in (PostRole.CHAIR, PostRole.SECRETARY))
    item = sample.item("goals_reminder")
    with town.database.municipality(town.municipality_id) as session:
        session.execute(delete(CalendarEntry).where(CalendarEntry.post_id == chair))
        both = [Matter(case_id=town.cases()[0].id, post_id=post, item=item) for post in (chair, secretary)]
        municipality = municipality_row(session)
        part = Calendars(session, both).part(both, municipality, sample.SENDER, base_url="", now=nine(OPENING))
    assert part is not None
    assert [uid.split("-")[1] for uid in uids(icalendar.Calendar.from_ical(part.content))] == [secretary] * 2


few_days = st.dates(date(2027, 3, 1), date(2027, 3, 4))
stands = st.tuples(few_days, st.none() | few_days, st.none() | few_days, st.booleans())


@given(st.lists(stands, min_size=1, max_size=8))
def test_the_sequence_grows_with_every_change_and_with_nothing_else(
    life: list[tuple[date, date | None, date | None, bool]],
) -> None:
    """RFC 5545, 3.8.7.4. Each stand of a case: due, papers, meeting, and whether it is answered."""
    item = replace(sample.item("goals_reminder"), today=date(2027, 3, 1))
    told, sequences, seen = None, [], []
    for due_on, agenda_on, meeting_on, answered in life:
        state = State.SUBMITTED if answered else State.OPEN
        now = replace(item, due_on=due_on, agenda_on=agenda_on, meeting_on=meeting_on, state=state)
        told = tell(told, Matter(case_id="c", post_id="p", item=now))
        if told is not None:
            sequences.append(told.sequence)
            seen.append("answered" if answered else (due_on, agenda_on, meeting_on))
    changes = list(accumulate((before != after for before, after in pairwise(seen)), initial=0)) if seen else []
    assert sequences == changes


class Killed(BaseException):
    """The process dies."""


def test_what_was_told_is_kept_with_the_mail_or_not_at_all(town: Town) -> None:
    town.sweep(OPENING)

    def die(name: str) -> None:
        if name == "before_compose_commit":
            raise Killed

    with watched(die), pytest.raises(Killed):
        town.compose(OPENING)
    assert (town.mails(), entries(town)) == ([], 0)
    town.compose(OPENING)
    assert (len(town.mails()), entries(town)) == (2, 2)


def entries(town: Town) -> int:
    with town.database.reading(town.municipality_id) as session:
        return len(session.scalars(select(CalendarEntry)).all())
