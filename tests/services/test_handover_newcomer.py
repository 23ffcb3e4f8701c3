"""Whoever takes an office on the day the handover opens is welcomed, however soon somebody confirms the posts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case
from styrhjul.db.model import Person
from styrhjul.db.people_query import load_register
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.organisation.handover import confirm_handover
from styrhjul.services.organisation.office_change import NewHolder
from styrhjul.services.organisation.office_change import appoint as enter
from styrhjul.services.organisation.office_seen import Hand, post_seen
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.intake import import_policy
from styrhjul.services.policies.release import release_municipality
from tests.services.officials_files import FILES, write_officials
from tests.services.people import appoint, block, leave, post_of
from tests.services.test_officials_posts import TEXT
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

BEGAN, NEXT_DAY, LATER = date(2027, 1, 7), date(2027, 1, 8), date(2027, 2, 5)
BODY = "socialnämnden"
CHAIR, NEW, VICE = (f"{who}@lillby.example.org" for who in ("chair.socialnamnden", "ny.ordforande", "vice"))


@pytest.fixture
def town(database: Database) -> Town:
    """The term begins, and the sweep has not looked yet."""
    town = build_town(database, committees=(BODY,))
    with database.municipality(town.municipality_id) as session:
        touch_policies(session, [town.municipality_id], [LifecycleKey.HANDOVER], BEGAN)
    return town


def case_of(town: Town, lifecycle: str = "handover") -> Case:
    return next(one for one in town.cases() if one.lifecycle == lifecycle and one.body_id == town.bodies[BODY])


def sits_down(town: Town, *, since: date = BEGAN) -> None:
    """Somebody enters a new chair on the page of the post, an hour after the day's mails."""
    post = post_of(town, BODY, PostRole.CHAIR)
    with town.database.reading(town.municipality_id) as session:
        seen = post_seen([one for one in load_register(session).held if one.post_id == post], post)
    new = NewHolder(name="Ny Ordförande", address=NEW, starts_on=since, seen=seen)
    hand = Hand(by="Samordnaren", now=nine(BEGAN) + timedelta(hours=1))
    enter(town.database, town.municipality_id, post, new, hand)


def confirm(town: Town) -> None:
    now = nine(BEGAN) + timedelta(hours=2)
    confirm_handover(town.database, town.municipality_id, case_of(town).id, now, by="Samordnaren")


def vacant(town: Town) -> None:
    leave(town, BODY, PostRole.CHAIR, date(2026, 12, 31))


def welcomes(town: Town, role: PostRole = PostRole.CHAIR) -> list[NoticeStatus]:
    case, post = case_of(town), post_of(town, BODY, role)
    return [n.status for n in town.notices() if (n.case_id, n.post_id, n.rung) == (case.id, post, "welcome")]


def mails_to(town: Town, address: str) -> int:
    return [to for to, _ in town.transport.taken].count(address)


def test_a_chair_entered_and_confirmed_before_the_mail_is_written_is_welcomed(town: Town) -> None:
    town.sweep(BEGAN)
    sits_down(town)
    confirm(town)
    town.live_through(BEGAN, LATER)
    assert case_of(town).state is State.SUBMITTED
    assert welcomes(town) == [NoticeStatus.DELIVERED]
    assert (mails_to(town, NEW), mails_to(town, CHAIR)) == (1, 0)


def test_a_chair_entered_and_confirmed_while_the_mail_to_the_last_one_waits_is_welcomed(town: Town) -> None:
    town.sweep(BEGAN)
    town.compose(BEGAN)
    sits_down(town)
    confirm(town)
    town.live_through(BEGAN, LATER)
    assert welcomes(town) == [NoticeStatus.DELIVERED]
    assert (mails_to(town, NEW), mails_to(town, CHAIR)) == (1, 0)


def test_a_chair_entered_and_confirmed_after_the_last_one_was_welcomed_is_welcomed_too(town: Town) -> None:
    town.live(BEGAN)
    sits_down(town)
    confirm(town)
    town.live_through(NEXT_DAY, LATER)
    assert welcomes(town) == [NoticeStatus.DELIVERED] * 2
    assert (mails_to(town, NEW), mails_to(town, CHAIR)) == (1, 1)


def test_a_chair_entered_where_nobody_read_is_welcomed_though_the_posts_are_confirmed(town: Town) -> None:
    vacant(town)
    town.live(BEGAN)
    assert welcomes(town) == [NoticeStatus.VACANT]
    sits_down(town)
    confirm(town)
    town.live_through(NEXT_DAY, LATER)
    assert welcomes(town) == [NoticeStatus.DELIVERED]
    assert mails_to(town, NEW) == 1


def test_what_was_asked_of_the_coordinator_is_withdrawn_when_the_posts_are_confirmed(town: Town) -> None:
    town.sweep(BEGAN)
    confirm(town)
    town.live_through(BEGAN, LATER)
    ended = [n.status for n in town.notices() if n.case_id == case_of(town).id and n.rung == "opened"]
    assert ended == [NoticeStatus.CANCELLED]


def test_a_welcome_that_nobody_reads_is_not_kept_waiting_once_the_posts_are_confirmed(town: Town) -> None:
    town.sweep(BEGAN)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address == CHAIR).values(address=None))
    confirm(town)
    assert welcomes(town) == [NoticeStatus.CANCELLED]


def test_whoever_follows_long_after_the_posts_were_confirmed_is_not_welcomed_to_a_term_that_is_old(town: Town) -> None:
    town.live(BEGAN)
    confirm(town)
    leave(town, BODY, PostRole.CHAIR, date(2027, 9, 30))
    appoint(town, BODY, PostRole.CHAIR, NEW, since=date(2027, 10, 1))
    with town.database.municipality(town.municipality_id) as session:
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], date(2027, 10, 1))
    town.live_through(date(2027, 10, 1), date(2027, 10, 5))
    assert welcomes(town) == [NoticeStatus.DELIVERED]


@pytest.mark.parametrize("since", [BEGAN, date(2027, 1, 2)])
def test_a_chair_entered_the_day_the_vice_chair_read_in_their_stead_is_told(town: Town, since: date) -> None:
    """The post was vacant in the morning; who is entered at ten is said to have begun by then, or days before."""
    appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    vacant(town)
    town.live(BEGAN)
    sits_down(town, since=since)
    town.live_through(NEXT_DAY, LATER)
    assert welcomes(town) == [NoticeStatus.DELIVERED] * 2
    assert (mails_to(town, VICE), mails_to(town, NEW)) == (1, 1)
    goals, post = case_of(town, "goal_setting").id, post_of(town, BODY, PostRole.CHAIR)
    told = [(n.rung, n.delivered_on) for n in town.notices() if (n.case_id, n.post_id) == (goals, post)]
    assert told == [("opened", BEGAN), ("opened", NEXT_DAY)]


def test_and_is_told_where_the_posts_are_confirmed_the_same_day(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    vacant(town)
    town.live(BEGAN)
    sits_down(town)
    confirm(town)
    town.live_through(NEXT_DAY, LATER)
    assert (mails_to(town, VICE), mails_to(town, NEW)) == (1, 1)
    assert welcomes(town) == [NoticeStatus.DELIVERED] * 2


def test_while_a_chairs_address_refuses_mail_the_vice_chair_hears_once_and_the_chair_when_it_works(town: Town) -> None:
    """The vice chair's link opens no more then: without a mail of their own nobody could answer."""
    appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    block(town, CHAIR, BEGAN)
    town.live_through(BEGAN, date(2027, 1, 20))
    assert (mails_to(town, VICE), mails_to(town, CHAIR)) == (1, 0)
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Person).where(Person.address == CHAIR)).one().address_blocked_at = None
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], date(2027, 1, 21))
    town.live_through(date(2027, 1, 21), LATER)
    assert (mails_to(town, VICE), mails_to(town, CHAIR)) == (1, 1)


def test_a_chair_who_shares_the_vice_chairs_mailbox_is_not_told_twice(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, "namnden@lillby.example.org")
    vacant(town)
    town.live(BEGAN)
    with town.database.municipality(town.municipality_id) as session:
        session.add(Person(key="delad", name="Ny", address="Namnden@lillby.example.org", language="sv"))
    appoint(town, BODY, PostRole.CHAIR, "Namnden@lillby.example.org", since=BEGAN)
    with town.database.municipality(town.municipality_id) as session:
        touch_cases(session, [(case.id, case.lifecycle) for case in town.cases()], NEXT_DAY)
    town.live_through(NEXT_DAY, LATER)
    assert len(town.transport.taken) == len({(to.lower(), raw) for to, raw in town.transport.taken})
    assert mails_to(town, "Namnden@lillby.example.org") == 0


def test_a_list_that_brings_a_new_chair_and_so_answers_the_handover_welcomes_them(
    database: Database, municipality_id: str, tmp_path: Path, now: datetime
) -> None:
    before = "body;role;person;starts_on;ends_on\nsoc;chair;p1;2023-01-01;\nsoc;secretary;p3;2023-01-01;2026-12-31\n"
    import_officials(database, municipality_id, write_officials(tmp_path / "a", appointments=before), now)
    import_policy(database, municipality_id, TEXT, confirm=True, by="Samordnare", now=now, lifecycles=LIFECYCLES)
    release_municipality(database, municipality_id, now)
    town = Town(database, "vinterby", municipality_id=municipality_id)
    town.live(date(2027, 1, 4))
    after = FILES["appointments"].replace("2026-12-31", "2027-01-10").replace("2027-01-01", "2027-01-11")
    came = import_officials(
        database, municipality_id, write_officials(tmp_path / "b", appointments=after), nine(date(2027, 1, 11))
    )
    assert came.effect.handovers_confirmed == ("Socialnämnden",)
    town.live_through(date(2027, 1, 11), date(2027, 1, 12))
    subjects = [mail.subject for mail in town.mails() if mail.address == "nasta@vinterby.example.org"]
    assert len(subjects) == 1
    heard: dict[str, list[date]] = {one.id: [] for one in town.cases() if one.lifecycle == "handover"}
    for told in town.notices():
        if told.rung == "welcome" and told.delivered_on:
            heard[told.case_id].append(told.delivered_on)
    assert [date(2027, 1, 4), date(2027, 1, 11)] in heard.values()
