"""A post's calendar to subscribe to, on both databases: what it shows, to whom, and for how long."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest
import vobject
from sqlalchemy import select, update

from styrhjul.db.calendar_model import CalendarLink
from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.calendar_feed import NoSuchCalendar, calendar_feed, close_calendar, share_calendar
from styrhjul.services.cases.decision import DecisionRefused, grant_extension
from styrhjul.services.mailing.link import token_hash
from styrhjul.services.municipality.practice import PracticeChange, set_practice
from tests.filled import Filled
from tests.services.test_deadline_days import CHIEF, DUE, LATER, OPENING, answer, at, calendars, days, uids
from tests.town import Town, build_town, nine

BASE = "https://lillby.example.org"
FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, opened)


def opened(database: Database) -> Town:
    town = build_town(database, committees=("socialnämnden", "byggnämnden"))
    town.live(OPENING)
    return town


def shared(town: Town, post: str = "chair, socialnämnden") -> str:
    """The token of a new link."""
    url = share_calendar(town.database, town.municipality_id, post, BASE, nine(OPENING)).url
    assert url.startswith(f"{BASE}/calendar/")
    return url.removeprefix(f"{BASE}/calendar/").removesuffix(".ics")


def feed(town: Town, token: str, on: date = FEBRUARY) -> Any:  # noqa: ANN401 - a library's object
    return icalendar.Calendar.from_ical(calendar_feed(town.database, token, BASE, nine(on)))


def test_a_post_sees_its_open_cases_and_what_opens_within_a_year(town: Town) -> None:
    calendar = feed(town, shared(town))
    assert str(calendar["X-WR-CALNAME"]) == "Styrhjul: chair för socialnämnden"
    assert [day[:2] for day in days(calendar)] == [("due", DUE), ("round", date(2027, 11, 30))]
    assert {day[3] for day in days(calendar)} == {"CONFIRMED"}
    case, coming = calendar.walk("VEVENT")
    assert str(case["SUMMARY"]) == "Sista dag: mål för 2027, socialnämnden"
    assert str(coming["SUMMARY"]) == "Sista dag: mål 2028"
    assert "onsdag 1 september" in str(coming["DESCRIPTION"])


def test_another_library_reads_it(town: Town) -> None:
    calendar = vobject.readOne(calendar_feed(town.database, shared(town), BASE, nine(FEBRUARY)).decode())
    assert [event.dtstart.value for event in calendar.vevent_list] == [DUE, date(2027, 11, 30)]


def test_a_case_is_known_there_as_in_the_mail(town: Town) -> None:
    assert uids(feed(town, shared(town)))[:1] == uids(calendars(town)[0])


def test_no_link_of_anybodys_own_stands_there(town: Town) -> None:
    raw = calendar_feed(town.database, token := shared(town), BASE, nine(FEBRUARY)).decode().replace("\r\n ", "")
    assert "/a/" not in raw
    assert token not in raw


def test_a_moved_day_moves_there_at_once(town: Town) -> None:
    token = shared(town)
    social = next(case for case in town.cases() if case.body_id == town.bodies["socialnämnden"])
    where = type(at(town))(town.municipality_id, social.id)
    grant_extension(town.database, where, LATER, CHIEF, nine(FEBRUARY))
    assert days(feed(town, token))[0] == ("due", LATER, 1, "CONFIRMED")


def test_an_answered_case_stands_there_as_answered_and_not_as_called_off(town: Town) -> None:
    """A program that keeps what it has seen is told; a year later it has forgotten."""
    token = shared(town)
    before = feed(town, token).walk("VEVENT")[0]
    answer(town)
    after = feed(town, token, date(2027, 3, 11)).walk("VEVENT")[0]
    assert (after["UID"], after["STATUS"], after["SEQUENCE"]) == (before["UID"], "CONFIRMED", before["SEQUENCE"] + 1)
    assert after["SUMMARY"] == f"✓ Besvarat. {before['SUMMARY']}"
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")
    assert days(feed(town, token, date(2028, 4, 1)))[0][3] == "CONFIRMED"


def test_what_somebody_decided_to_ask_no_more_is_cancelled_there(town: Town) -> None:
    token = shared(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(state=State.WAIVED))
    after = feed(town, token, date(2027, 3, 11)).walk("VEVENT")[0]
    assert after["STATUS"] == "CANCELLED"
    assert "Besvarat" not in after["SUMMARY"]


def test_a_round_that_moves_is_the_same_round_under_a_higher_sequence(town: Town) -> None:
    token = shared(town)
    before = feed(town, token).walk("VEVENT")[-1]
    rest = frozenset({7, 11, 12})
    set_practice(town.database, town.municipality_id, PracticeChange(rest_months=rest), nine(FEBRUARY))
    after = feed(town, token).walk("VEVENT")[-1]
    assert after["UID"] == before["UID"]
    assert after.decoded("DTSTART") != before.decoded("DTSTART")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_it_is_the_same_bytes_all_day(town: Town) -> None:
    token = shared(town)
    early, late = (calendar_feed(town.database, token, BASE, nine(FEBRUARY).replace(hour=hour)) for hour in (6, 20))
    assert early == late


def test_those_above_see_what_they_hold_themselves(town: Town) -> None:
    assert days(feed(town, shared(town, "chief_executive, kommunstyrelsen"))) == []


def test_nothing_is_shown_before_the_mails_are_released(town: Town) -> None:
    token = shared(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    assert days(feed(town, token)) == []


def test_only_the_hash_of_a_link_is_kept(town: Town) -> None:
    token = shared(town)
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(CalendarLink.token_sha256)).all() == [token_hash(token)]


def test_a_new_link_ends_the_one_before_and_no_other_posts(town: Town) -> None:
    first, other, second = shared(town), shared(town, "secretary, socialnämnden"), shared(town)
    with pytest.raises(NoSuchCalendar):
        feed(town, first)
    assert days(feed(town, second)) == days(feed(town, other))


def test_a_calendar_that_is_closed_is_gone_for_good(town: Town) -> None:
    token = shared(town)
    assert close_calendar(town.database, town.municipality_id, "chair, socialnämnden", nine(FEBRUARY)) == 1
    assert close_calendar(town.database, town.municipality_id, "chair, socialnämnden", nine(FEBRUARY)) == 0
    with pytest.raises(NoSuchCalendar):
        feed(town, token)
    with town.database.reading(town.municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session)]
    assert kinds[-2:] == [EntryKind.CALENDAR_LINK_MADE, EntryKind.CALENDAR_LINK_REVOKED]


@pytest.mark.parametrize("token", ["", "a" * 43, "å" * 43])
def test_an_unknown_link_shows_nothing(town: Town, token: str) -> None:
    with pytest.raises(NoSuchCalendar):
        feed(town, token)


def test_a_post_that_nobody_knows_is_refused(town: Town) -> None:
    with pytest.raises(DecisionRefused, match="Ingen befattning heter"):
        shared(town, "borgmästaren")


def test_a_handover_that_no_policy_asks_for_is_shown_to_whoever_answers(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.SET_GOALS,), committees=("socialnämnden",))
    town.live(OPENING)
    held = [case for case in town.cases() if case.lifecycle == "handover" and case.closed_on is None]
    found = uids(feed(town, shared(town, "coordinator, kommunstyrelsen"), OPENING))
    assert {uid[:32] for uid in found} == {case.id for case in held}
