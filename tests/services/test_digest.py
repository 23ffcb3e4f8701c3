"""The chief executive's digest: one a week, on its day, only when something is new, with what is still open."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.mail.outcome import Accepted, TryLater
from styrhjul.services.mailing.mailbox import ONE_A_WEEK
from tests.town import Town, build_town

OPENING, DUE = date(2027, 1, 7), date(2027, 3, 31)
CHIEF = "chief_executive.kommunstyrelsen@lillby.example.org"
FIRST, SECOND, THIRD = date(2027, 4, 14), date(2027, 4, 21), date(2027, 4, 28)


@pytest.fixture
def town(database: Database) -> Town:
    """Two committees; one is due on 31 March, the other a week later, and nobody answers."""
    town = build_town(database)
    town.live(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).where(Case.body_id == town.bodies["byggnämnden"]).values(due_on=date(2027, 4, 7)))
    return town


def digests(town: Town) -> list[date]:
    """The days on which the chief executive was written to."""
    return [mail.digest_on for mail in town.mails() if mail.address == CHIEF and mail.digest_on]


def words(mail: Mail) -> str:
    """The text of a mail that has left, on one line."""
    part = message_from_bytes(mail.redacted or b"", policy=policy.default).get_body(("plain",))
    return " ".join(str(part.get_content()).split()) if part else ""


def live_to(town: Town, until: date) -> None:
    for start in (date(2027, 3, 30), date(2027, 4, 6), date(2027, 4, 12), date(2027, 4, 19), date(2027, 4, 26)):
        if start <= until:
            town.live_through(start, min(until, date.fromordinal(start.toordinal() + 4)))


def test_two_matters_of_different_weeks_make_two_digests_on_the_digest_day(town: Town) -> None:
    live_to(town, THIRD)
    assert digests(town) == [FIRST, SECOND]


def test_a_digest_hangs_with_its_office_even_where_only_one_matter_is_new(town: Town) -> None:
    live_to(town, SECOND)
    left = [message_from_bytes(raw, policy=policy.default) for to, raw in town.transport.taken if to == CHIEF]
    assert [mail["References"].partition("-")[0] for mail in left] == ["<case", "<office"]


def test_the_second_digest_lists_what_is_still_open_from_the_first(town: Town) -> None:
    live_to(town, SECOND)
    first, second = (words(mail) for mail in town.mails() if mail.address == CHIEF)
    assert "Socialnämnden" in first
    assert "Byggnämnden" not in first
    assert "Byggnämnden" in second
    assert "Socialnämnden" in second


def test_what_has_been_answered_since_is_not_listed_any_more(town: Town) -> None:
    live_to(town, FIRST)
    with town.database.municipality(town.municipality_id) as session:
        done = update(Case).where(Case.body_id == town.bodies["socialnämnden"])
        session.execute(done.values(state=State.SUBMITTED))
    live_to(town, SECOND)
    *_, second = (words(mail) for mail in town.mails() if mail.address == CHIEF)
    assert "Byggnämnden" in second
    assert "Socialnämnden" not in second


def test_after_an_outage_two_matters_share_one_digest_and_none_follows_the_same_week(town: Town) -> None:
    town.live_through(date(2027, 3, 30), date(2027, 4, 6))
    town.live(date(2027, 4, 22))  # both digest days have passed
    town.live_through(date(2027, 4, 23), date(2027, 4, 30))
    assert digests(town) == [date(2027, 4, 22)]


def refuse_the_first(town: Town) -> None:
    """The digest of the fourteenth of April is put off by the server, day after day."""
    live_to(town, date(2027, 4, 13))
    town.transport.reply = lambda to: TryLater("450 full") if to == CHIEF else Accepted("250 ok")
    town.live_through(FIRST, date(2027, 4, 18))
    assert digests(town) == [FIRST]


def test_a_digest_that_arrives_late_is_the_one_of_the_week_it_arrives_in(town: Town) -> None:
    refuse_the_first(town)
    town.transport.reply = lambda _: Accepted("250 ok")
    town.live_through(date(2027, 4, 19), THIRD)
    assert [to for to, _ in town.transport.taken].count(CHIEF) == 2
    assert digests(town) == [FIRST, THIRD]
    up = {notice.delivered_on for notice in town.notices() if notice.rung == "chief_executive"}
    assert up == {date(2027, 4, 19), THIRD}


def test_no_second_digest_is_written_while_one_waits(town: Town) -> None:
    refuse_the_first(town)
    town.sweep(SECOND)
    town.compose(SECOND)
    assert digests(town) == [FIRST]
    assert {n.reason for n in town.notices() if n.rung == "chief_executive"} == {None, ONE_A_WEEK}


def test_a_second_notice_in_the_same_week_is_held_with_its_reason(town: Town) -> None:
    live_to(town, SECOND)
    [late] = [n for n in town.notices() if n.rung == "chief_executive" and n.delivered_on == SECOND]
    with town.database.municipality(town.municipality_id) as session:
        again = session.merge(late)
        again.status = NoticeStatus.PLANNED
    town.compose(date(2027, 4, 22))
    [held] = [n for n in town.notices() if n.id == late.id]
    assert (held.status, held.reason) == (NoticeStatus.PLANNED, ONE_A_WEEK)
    assert held.not_before_at.date() == THIRD
