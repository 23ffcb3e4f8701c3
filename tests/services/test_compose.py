"""Compose on both databases: one mail per mailbox and day, to whoever holds the office, saying what still holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, Notice, Quarantine, Wake
from styrhjul.db.compose_query import municipalities_with_notices
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink, Mail
from styrhjul.db.model import Appointment, Municipality, Person
from styrhjul.db.quarantine_write import quarantine
from styrhjul.db.session import Database
from styrhjul.db.trial_model import Trial
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_moment
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery import compose
from styrhjul.services.delivery.compose import A_ROUND, LONGEST_WAIT, compose_mails
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.mailing.link import token_hash
from styrhjul.services.operations.hold import begin_hold
from tests.town import SEALER, Town, build_town, nine
from workflows import LIFECYCLES

OPENING = date(2027, 1, 7)
CHAIR = "chair.socialnamnden@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.FOLLOW_UP))


def letter(mail: Mail) -> str:
    """The text of a mail that has not left, on one line."""
    message = message_from_bytes(SEALER.open(mail.sealed_bytes or b""), policy=policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).replace("\xa0", " ").split())


def test_a_chair_with_two_matters_gets_one_mail(town: Town) -> None:
    town.sweep(OPENING)
    assert town.compose(OPENING).composed == 4
    [mail] = [mail for mail in town.mails() if mail.address == CHAIR]
    assert mail.key == "digest"
    assert len(town.notices()) == 8


def test_nothing_leaves_before_the_morning(town: Town) -> None:
    town.sweep(OPENING, at=local_moment(OPENING) - timedelta(hours=6))
    assert compose_mails(town.database, town.mailroom, local_moment(OPENING) - timedelta(minutes=1)).composed == 0
    assert compose_mails(town.database, town.mailroom, local_moment(OPENING)).composed == 4


def test_nothing_leaves_before_the_coordinator_has_released_it(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
    town.sweep(OPENING)
    assert town.compose(OPENING).composed == 0


def test_mail_waits_for_the_days_other_sweeps_but_not_for_ever(town: Town) -> None:
    run_sweep(town.database, LIFECYCLES["goal_setting"], nine(OPENING))
    assert town.compose(OPENING).composed == 0
    late = nine(OPENING) + LONGEST_WAIT
    assert compose_mails(town.database, town.mailroom, late).composed == 4


def test_a_mailbox_gets_no_second_mail_the_same_day(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Notice).values(status=NoticeStatus.PLANNED))
    assert town.compose(OPENING).composed == 0
    told_that_none_has_left = 1
    assert town.compose(OPENING + timedelta(1)).composed == 4 + told_that_none_has_left


def test_the_mail_goes_to_whoever_holds_the_office_that_day(town: Town) -> None:
    town.sweep(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address == CHAIR).values(address="new.chair@lillby.example.org"))
    town.compose(OPENING)
    assert "new.chair@lillby.example.org" in {mail.address for mail in town.mails()}


def test_a_vacant_post_is_noted_once_and_gets_its_mail_when_somebody_is_appointed(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        chair = session.scalars(select(Person.id).where(Person.address == CHAIR)).one()
        session.execute(update(Appointment).where(Appointment.person_id == chair).values(ends_on=date(2026, 12, 31)))
    for day in range(4):
        town.sweep(OPENING + timedelta(day))
        town.compose(OPENING + timedelta(day))
    with town.database.municipality(town.municipality_id) as session:
        vacant = [entry for entry, _ in entries(session) if entry.kind is EntryKind.NOTICE_VACANT]
        session.execute(update(Appointment).where(Appointment.person_id == chair).values(ends_on=None))
    assert len(vacant) == 2
    town.compose(OPENING + timedelta(7))
    assert CHAIR in {mail.address for mail in town.mails()}


def test_a_case_answered_before_the_mail_is_written_gets_none(town: Town) -> None:
    town.sweep(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(state=State.SUBMITTED))
    assert town.compose(OPENING).composed == 0
    assert {notice.status for notice in town.notices()} == {NoticeStatus.CANCELLED}


def test_a_mail_that_cannot_be_written_stops_nobody(town: Town) -> None:
    town.sweep(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Person).where(Person.address == CHAIR).values(name="Line\r\nbreak"))
    assert town.compose(OPENING).composed == 3
    with town.database.reading(town.municipality_id) as session:
        assert len(session.scalars(select(Quarantine)).all()) == 2
    assert town.compose(OPENING).composed == 0


def test_every_mail_quotes_the_sentence_the_decision_and_the_rule(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    for mail in town.mails():
        text = letter(mail)
        assert "Varje nämnd ska ta fram 1-2 mål." in text
        assert "kommunfullmäktige 2015-09-07 § 82" in text
        assert "Kommunens standard" in text


def test_only_the_hash_of_a_link_is_kept_and_each_item_has_its_own(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    [mail] = [mail for mail in town.mails() if mail.address == CHAIR]
    tokens = {word.rpartition("/a/")[2] for word in letter(mail).split() if "/a/" in word}
    with town.database.reading(town.municipality_id) as session:
        stored = {link.token_sha256 for link in session.scalars(select(AnswerLink)) if link.mail_id == mail.id}
    assert len(tokens) == 2
    assert stored == {token_hash(token) for token in tokens}
    assert not any(token.encode() in (mail.sealed_bytes or b"") for token in tokens)


def test_a_warning_names_the_days_it_goes_up(town: Town) -> None:
    town.live(OPENING)
    town.sweep(date(2027, 3, 30))
    town.compose(date(2027, 3, 30))
    texts = [letter(mail) for mail in town.mails() if mail.sealed_bytes and mail.digest_on == date(2027, 3, 30)]
    assert texts
    assert all("5 april" in text and "14 april" in text for text in texts if "mål" in text)


def test_mails_leave_on_working_days_only(town: Town) -> None:
    town.sweep(OPENING)
    assert town.compose(date(2027, 1, 9)).composed == 0  # a Saturday
    assert town.compose(date(2027, 1, 11)).composed == 4


def test_of_several_that_waited_for_one_reader_only_the_highest_leaves(town: Town) -> None:
    """A late release, or a post that stood empty: nobody is told of an opening and a warning at once."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=nine(date(2027, 3, 29))))
    for day in (OPENING, date(2027, 3, 15), date(2027, 3, 30)):
        town.sweep(day)
    town.compose(date(2027, 3, 30))
    mailed = [(n.case_id, n.post_id) for n in town.notices() if n.status is NoticeStatus.MAILED]
    assert len(mailed) == len(set(mailed)) == 8
    assert {n.rung for n in town.notices() if n.status is NoticeStatus.MAILED} == {"warning"}


def written_in_order(database: Database, towns: list[Town], during: Callable[[int], None]) -> list[str]:
    """Compose all there is; return the towns in the order of their mails. `during` hears after how many it is."""
    order: list[str] = []

    def look(point: str) -> None:
        if point == "after_compose_commit":
            order.extend(town.slug for town in towns if town.slug not in order and town.mails())
            during(len(order))

    with watched(look):
        compose_mails(database, towns[0].mailroom, nine(OPENING))
    return order


def test_what_falls_due_in_a_flood_is_written_before_the_flood_is_through(database: Database) -> None:
    towns = [build_town(database, f"ort{number}", committees=("nämnden",)) for number in range(A_ROUND + 3)]
    late = build_town(database, "sent", committees=("nämnden",))
    with database.municipality(late.municipality_id) as session:
        session.execute(update(Wake).values(wake_on=OPENING + timedelta(1)))
    towns[0].sweep(OPENING)

    def fall_due(done: int) -> None:
        if done == 1:
            with database.municipality(late.municipality_id) as session:
                session.execute(update(Wake).values(wake_on=OPENING))
            late.sweep(OPENING)

    order = written_in_order(database, [*towns, late], fall_due)
    assert sorted(order) == sorted(town.slug for town in [*towns, late])


def test_who_waits_for_the_fewest_mails_comes_first(database: Database) -> None:
    sizes = (4, 2, 3, 1, 5)
    towns = [build_town(database, f"ort{size}", committees=tuple(f"nämnd{n}" for n in range(size))) for size in sizes]
    towns[0].sweep(OPENING)
    assert written_in_order(database, towns, lambda _: None) == [f"ort{size}" for size in sorted(sizes)]


def test_what_may_not_leave_is_not_looked_at_again_and_again(database: Database) -> None:
    """Municipalities that wait for years would else come before larger ones, fewest first, at every pulse."""
    unreleased, on_trial, broken, ready = (
        build_town(database, slug, committees=("nämnden",)) for slug in ("slott", "prov", "trasig", "redo")
    )
    unreleased.sweep(OPENING)
    for town in (unreleased, on_trial):
        with database.municipality(town.municipality_id) as session:
            session.execute(update(Municipality).values(released_at=None))
    with database.municipality(on_trial.municipality_id) as session:
        session.add(Trial(to_address="prov@example.org", begun_at=nine(OPENING), begun_by="Kansliet"))
    with database.municipality(broken.municipality_id) as session:
        for notice_id in session.scalars(select(Notice.id)).all():
            quarantine(session, "goal_setting", notice_id, "ValueError: trasig", nine(OPENING))
    with database.system(read_only=True) as session:
        found = municipalities_with_notices(session, nine(OPENING))
    assert sorted(found) == sorted([on_trial.municipality_id, ready.municipality_id])


def test_a_hold_that_begins_meanwhile_holds_the_next_round(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "A_ROUND", 1)
    towns = [build_town(database, slug, committees=("nämnden",)) for slug in ("norrby", "soderby")]
    towns[0].sweep(OPENING)

    def begin() -> bool:
        begin_hold(database, reason="Återläst.", by="Driften", now=nine(OPENING) - timedelta(hours=1))
        return False

    compose_mails(database, towns[0].mailroom, nine(OPENING), is_over=begin)
    assert sorted(bool(town.mails()) for town in towns) == [False, True]


def test_a_writing_whose_time_is_over_leaves_the_rest_to_the_next_one(database: Database) -> None:
    towns = [build_town(database, slug, committees=("nämnden",)) for slug in ("norrby", "soderby", "vasterby")]
    towns[0].sweep(OPENING)
    mailroom = towns[0].mailroom
    first = compose_mails(database, mailroom, nine(OPENING), is_over=lambda: True)
    assert sorted(bool(town.mails()) for town in towns) == [False, False, True]
    rest = compose_mails(database, mailroom, nine(OPENING))
    assert all(town.mails() for town in towns)
    assert (first.cut_short, rest.cut_short) == (1, 0)
    assert rest.composed == 2 * first.composed
