"""A policy's calendar to subscribe to, on both databases: everybody's days, and those that are no more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import icalendar
import pytest
import vobject
from sqlalchemy import select, update

from styrhjul.db.calendar_model import PolicyCalendarLink
from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.services.cases.calendar_feed import NoSuchCalendar
from styrhjul.services.cases.decision import CaseAt, DecisionRefused, grant_extension
from styrhjul.services.mailing.link import token_hash
from styrhjul.services.municipality.practice import PracticeChange, set_practice
from styrhjul.services.policies.calendar_feed import close_policy_calendar, policy_feed, share_policy_calendar
from tests.filled import Filled
from tests.services.test_deadline_days import CHIEF, DUE, LATER, OPENING, answer
from tests.town import Town, build_town, nine

BASE = "https://lillby.example.org"
FEBRUARY = date(2027, 2, 1)
COMING = date(2027, 11, 30)


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, opened)


def opened(database: Database) -> Town:
    town = build_town(database, committees=("socialnämnden", "byggnämnden"))
    town.live(OPENING)
    return town


def slug(town: Town) -> str:
    with town.database.reading(town.municipality_id) as session:
        return session.scalars(select(Policy.slug)).one()


def shared(town: Town) -> str:
    """The token of a new link."""
    url = share_policy_calendar(town.database, town.municipality_id, slug(town), BASE, nine(OPENING)).url
    return url.removeprefix(f"{BASE}/calendar/").removesuffix(".ics")


def raw(town: Town, token: str, now: datetime | None = None) -> bytes:
    return policy_feed(town.database, token, BASE, now or nine(FEBRUARY))


def events(town: Town, token: str, on: date = FEBRUARY) -> list[Any]:
    return icalendar.Calendar.from_ical(raw(town, token, nine(on))).walk("VEVENT")


def of_social(town: Town) -> CaseAt:
    social = next(case for case in town.cases() if case.body_id == town.bodies["socialnämnden"])
    return CaseAt(town.municipality_id, social.id)


def test_it_shows_every_bodys_day_and_what_opens_within_a_year(town: Town) -> None:
    found = events(town, shared(town))
    assert [event.decoded("DTSTART") for event in found] == [DUE, DUE, COMING, COMING]
    assert {str(event["SUMMARY"]) for event in found} == {
        f"Sista dag: mål {year}, {body}" for year in (2027, 2028) for body in ("Socialnämnden", "Byggnämnden")
    }
    assert {str(event["STATUS"]) for event in found} == {"CONFIRMED"}
    assert len({str(event["UID"]) for event in found}) == 4


def test_another_library_reads_every_field_alike(town: Town) -> None:
    token = shared(town)
    ours, theirs = events(town, token), vobject.readOne(raw(town, token).decode()).vevent_list
    for one, other in zip(ours, theirs, strict=True):
        assert one.decoded("DTSTART") == other.dtstart.value
        assert one.decoded("DTEND") == other.dtend.value
        for name in ("uid", "summary", "description", "sequence", "status", "transp"):
            assert str(one[name.upper()]) == str(getattr(other, name).value)


def test_it_is_a_whole_day_calendar_that_says_how_often_to_ask(town: Town) -> None:
    lines = raw(town, shared(town)).replace(b"\r\n ", b"").decode().split("\r\n")
    assert {"METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "DTSTART;VALUE=DATE:20270331"} <= set(lines)
    assert any(line.startswith("NAME:Styrhjul: ") for line in lines)
    assert max(len(line.encode()) for line in raw(town, shared(town)).decode().split("\r\n")) <= 75


def test_a_moved_day_is_the_same_day_under_a_higher_sequence(town: Town) -> None:
    token, where = shared(town), of_social(town)
    uid = f"{where.case_id}-policy-due"
    (before,) = (event for event in events(town, token) if event["UID"] == uid)
    grant_extension(town.database, where, LATER, CHIEF, nine(FEBRUARY))
    (after,) = (event for event in events(town, token) if event["UID"] == uid)
    assert (after.decoded("DTSTART"), after["SEQUENCE"]) == (LATER, before["SEQUENCE"] + 1)
    assert after.decoded("LAST-MODIFIED") == nine(FEBRUARY)


def test_what_has_been_answered_stands_as_that_and_not_as_called_off(town: Town) -> None:
    token = shared(town)
    answer(town)
    assert said(town, token)["✓ Besvarat: mål 2027, Socialnämnden"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.LAPSED, ("Svar saknas:", "CONFIRMED")), (State.WAIVED, ("Sista dag:", "CANCELLED"))],
)
def test_only_what_somebody_decided_to_ask_no_more_is_cancelled(
    town: Town, state: State, status: tuple[str, str]
) -> None:
    token, where = shared(town), of_social(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).where(Case.id == where.case_id).values(state=state))
    assert said(town, token)[f"{status[0]} mål 2027, Socialnämnden"] == status[1]


def said(town: Town, token: str) -> dict[str, str]:
    return {str(event["SUMMARY"]): str(event["STATUS"]) for event in events(town, token)}


def test_a_round_that_moves_is_the_same_round(town: Town) -> None:
    token = shared(town)
    before = {event["UID"]: event for event in events(town, token)[2:]}
    change = PracticeChange(rest_months=frozenset({7, 11, 12}))
    set_practice(town.database, town.municipality_id, change, nine(FEBRUARY))
    after = {event["UID"]: event for event in events(town, token) if "round" in event["UID"]}
    assert after.keys() == before.keys()
    for uid, event in after.items():
        assert event["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert event.decoded("DTSTART") != COMING


def test_it_is_the_same_bytes_all_day(town: Town) -> None:
    token = shared(town)
    early, late = (raw(town, token, nine(FEBRUARY).replace(hour=hour)) for hour in (6, 20))
    assert early == late


@pytest.mark.parametrize("table", [Municipality, Policy])
def test_nothing_is_shown_before_the_mails_are_released(town: Town, table: Any) -> None:  # noqa: ANN401 - a table
    token = shared(town)
    with town.database.register(town.municipality_id) as session:
        session.execute(update(table).values(released_at=None))
    assert events(town, token) == []


def test_only_the_hash_of_a_link_is_kept_and_a_new_one_ends_it(town: Town) -> None:
    first, second = shared(town), shared(town)
    with town.database.reading(town.municipality_id) as session:
        kept = session.scalars(select(PolicyCalendarLink.token_sha256)).all()
    assert set(kept) == {token_hash(first), token_hash(second)}
    with pytest.raises(NoSuchCalendar):
        raw(town, first)
    assert events(town, second)


def test_one_that_is_closed_is_gone_for_good_and_journalled(town: Town) -> None:
    token = shared(town)
    ended = [close_policy_calendar(town.database, town.municipality_id, slug(town), nine(FEBRUARY)) for _ in range(2)]
    assert ended == [1, 0]
    with pytest.raises(NoSuchCalendar):
        raw(town, token)
    with town.database.reading(town.municipality_id) as session:
        lines = [entry for entry, _ in entries(session)][-2:]
    assert [line.kind for line in lines] == [EntryKind.CALENDAR_LINK_MADE, EntryKind.CALENDAR_LINK_REVOKED]
    assert {*lines[0].data, *lines[1].data} == {"policy"}


@pytest.mark.parametrize("token", ["", "a" * 43, "å" * 43])
def test_an_unknown_link_shows_nothing(town: Town, token: str) -> None:
    with pytest.raises(NoSuchCalendar):
        raw(town, token)


def test_a_policy_that_nobody_knows_is_refused(town: Town) -> None:
    with pytest.raises(DecisionRefused, match="Inget styrdokument"):
        share_policy_calendar(town.database, town.municipality_id, "ingen", BASE, nine(OPENING))
