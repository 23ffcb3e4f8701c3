"""How fast mail leaves, on both databases: a minute's share per domain and municipality, in turn, and few at once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, update

from styrhjul.db.mail_model import Mail, MailBucket, MailLine, MailStatus
from styrhjul.db.outbox_query import claim, release
from styrhjul.db.pace import LINE_KEPT, UNLIMITED, Pace, Purse, rest, take_line, why_waiting
from styrhjul.db.session import Database
from styrhjul.db.turn import A_TURN
from styrhjul.mail.outcome import Accepted, Reply
from styrhjul.services.delivery import watch
from styrhjul.services.delivery.deliver import DeliverReport, _Run, deliver
from tests.faults.scene import wait_until_it_waits
from tests.town import RememberingTransport, Town, build_town, nine, town_with_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from styrhjul.db.outbox_query import Claimed

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)
COMMITTEES = tuple(f"namnd-{number}" for number in range(8))
SLOW = "slow.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_mail(database, OPENING)


def take(town: Town, pace: Pace, at: datetime = NINE, most: int = 100) -> list[Claimed]:
    with town.database.system() as session:
        return claim(session, at, most, pace=pace)


def at(town: Town, moment: datetime, pace: Pace = UNLIMITED) -> DeliverReport:
    return deliver(town.database, replace(town.mailroom, pace=pace), lambda: moment)


@pytest.mark.parametrize("pace", [Pace(domain_per_minute=2), Pace(municipality_per_minute=2)])
def test_a_minute_lets_through_its_share_and_the_rest_lies_unleased_until_the_next(town: Town, pace: Pace) -> None:
    assert len(take(town, pace)) == 2
    assert sorted(mail.status for mail in town.mails()) == [MailStatus.QUEUED] * 2 + [MailStatus.SENDING] * 2
    assert take(town, pace, NINE + timedelta(seconds=29)) == []
    assert len(take(town, pace, NINE + timedelta(seconds=30))) == 1
    assert len(take(town, pace, NINE + timedelta(minutes=5))) == 1


def test_on_trial_the_pace_is_that_of_the_mailbox_that_gets_everything(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(trial_to="prov@elsewhere.example.org", to_domain="elsewhere.example.org"))
    pace = Pace(domain_at_once=2)
    assert {mail.domain for mail in take(town, pace)} == {"elsewhere.example.org"}
    assert take(town, pace) == []  # two of them are on their way there


def test_a_clock_that_was_far_ahead_holds_no_mail_once_it_is_right_again(town: Town) -> None:
    pace, ahead = Pace(domain_per_minute=2, lines=1), NINE + timedelta(days=365)
    with town.database.system() as session:
        assert take_line(session, "a" * 32, pace, ahead)
    assert len(take(town, pace, ahead, most=1)) == 1
    with town.database.system() as session:
        assert take_line(session, "b" * 32, pace, NINE)
    taken = [len(take(town, pace, NINE + timedelta(minutes=minute))) for minute in range(3)]
    assert sum(taken) == 3


def test_a_quiet_hour_saves_up_one_minute_and_no_more(town: Town) -> None:
    pace = Pace(domain_per_minute=1)
    assert len(take(town, pace)) == 1
    assert len(take(town, pace, NINE + timedelta(hours=1))) == 1


def test_a_clock_that_steps_back_fills_no_bucket_twice(town: Town) -> None:
    pace = Pace(domain_per_minute=2)
    with town.database.system() as session:
        session.execute(update(Mail).values(next_attempt_at=NINE - timedelta(hours=1)))
    assert len(take(town, pace, most=1)) == 1
    assert len(take(town, pace, NINE - timedelta(minutes=4), most=1)) == 1
    assert take(town, pace) == []
    assert take(town, pace, NINE + timedelta(seconds=29)) == []
    assert len(take(town, pace, NINE + timedelta(seconds=30))) == 1


def test_a_full_domain_holds_up_no_other(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(
            update(Mail)
            .where(Mail.address.startswith("chair.b"))
            .values(address="a@Other.example.org", to_domain="other.example.org")
        )
    taken = take(town, Pace(domain_per_minute=1))
    assert sorted(mail.domain for mail in taken) == ["lillby.example.org", "other.example.org"]


def test_of_a_domain_only_so_many_are_on_their_way_at_once(town: Town) -> None:
    pace = Pace(domain_at_once=3)
    taken = take(town, pace)
    assert len(taken) == 3
    assert take(town, pace) == []
    with town.database.system() as session:
        release(session, taken, NINE)
    assert len(take(town, pace)) == 3


def test_a_municipality_with_one_mail_does_not_wait_behind_another_with_many(database: Database) -> None:
    many, one = build_town(database, "storby", committees=COMMITTEES), build_town(database, "lillby")
    for town in (many, one):
        town.sweep(OPENING)
    many.compose(OPENING)
    with database.system() as session:
        session.execute(update(Mail).where(Mail.municipality_id == one.municipality_id).values(next_attempt_at=NINE))
        session.execute(
            update(Mail)
            .where(Mail.municipality_id == many.municipality_id)
            .values(next_attempt_at=NINE - timedelta(hours=1))
        )
    first = take(many, UNLIMITED, most=A_TURN + 4)
    assert sum(mail.municipality_id == one.municipality_id for mail in first) == 4


def test_a_turn_is_twenty_mails_and_the_rest_comes_when_everybody_has_had_one(database: Database) -> None:
    names = tuple(f"namnd-{number}" for number in range(11))
    towns = [build_town(database, slug, committees=names) for slug in ("storby", "lillby")]
    for town in towns:
        town.sweep(OPENING)
    towns[0].compose(OPENING)
    taken = take(towns[0], UNLIMITED, most=40)
    assert Counter(mail.municipality_id for mail in taken) == {town.municipality_id: 20 for town in towns}
    assert len(take(towns[0], UNLIMITED)) == 4


def test_who_has_no_more_than_a_turn_leaves_before_who_has_waited_longer_with_more(database: Database) -> None:
    names = tuple(f"namnd-{number}" for number in range(11))
    many, few = build_town(database, "storby", committees=names), build_town(database, "lillby")
    for town in (many, few):
        town.sweep(OPENING)
    many.compose(OPENING)
    with database.system() as session:
        longer = update(Mail).where(Mail.municipality_id == many.municipality_id)
        session.execute(longer.values(next_attempt_at=NINE - timedelta(hours=1)))
    assert {mail.municipality_id for mail in take(many, UNLIMITED, most=4)} == {few.municipality_id}


def test_a_batch_leaves_in_the_order_of_its_turns(database: Database) -> None:
    """A run that ends in the middle of a batch must not have begun with those who wait their turn."""
    names = tuple(f"namnd-{number}" for number in range(11))
    towns = [build_town(database, f"ort{number}", committees=names) for number in range(3)]
    last = max(town.municipality_id for town in towns)
    for town in towns:
        town.sweep(OPENING)
    towns[0].compose(OPENING)
    with database.system() as session:
        session.execute(update(Mail).values(next_attempt_at=NINE))
        longer = update(Mail).where(Mail.municipality_id == last)
        session.execute(longer.values(next_attempt_at=NINE - timedelta(hours=1)))
    taken = [mail.municipality_id for mail in take(towns[0], UNLIMITED)]
    assert taken[:20] == [last] * 20
    assert last not in taken[20:60]


def test_mails_of_one_moment_leave_a_whole_turn_at_a_time(database: Database) -> None:
    towns = [build_town(database, name, committees=COMMITTEES) for name in ("storby", "lillby", "nyby")]
    for town in towns:
        town.sweep(OPENING)
    towns[0].compose(OPENING)
    with database.system() as session:
        session.execute(update(Mail).values(next_attempt_at=NINE))
    first = take(towns[0], UNLIMITED, most=16)
    assert len({mail.municipality_id for mail in first}) == 1


def test_a_stream_that_is_shut_is_not_looked_into(town: Town) -> None:
    """However much waits for its minute: only what may leave is asked for."""
    asked: list[str] = []
    pace = Pace(domain_per_minute=4)
    with town.database.system() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *heard: asked.append(heard[2]))
        assert len(claim(session, NINE, 100, pace=pace)) == 4
        with_mails, asked[:] = len(asked), []
        session.execute(update(Mail).values(status=MailStatus.QUEUED, lease_until=None))
        asked.clear()
        assert claim(session, NINE, 100, pace=pace) == []
    assert not [statement for statement in asked if "OFFSET" in statement.upper()]
    assert len(asked) < with_mails


# -- lines -------------------------------------------------------------------------------------------------------------


def hold(town: Town, line: str, at: datetime = NINE) -> bool:
    with town.database.system() as session:
        return take_line(session, line, Pace(lines=2), at)


def test_no_more_senders_than_lines_and_one_that_died_is_forgotten(town: Town) -> None:
    assert [hold(town, line) for line in ("a", "b", "c", "a")] == [True, True, False, True]
    later = NINE + LINE_KEPT
    assert hold(town, "b", later - timedelta(seconds=1))
    assert [hold(town, line, later) for line in ("c", "d")] == [True, False]


def test_two_senders_never_take_the_last_line_together(postgres_database_url: str) -> None:
    def take_last(session: Session, line: str) -> bool:
        return take_line(session, line, Pace(lines=1), NINE)

    assert _at_once(postgres_database_url, take_last) == (True, False)


def test_two_claims_never_spend_the_same_share(postgres_database_url: str) -> None:
    def spend(session: Session, _: str) -> bool:
        purse = Purse.open(session, Pace(domain_per_minute=1), NINE)
        paid = purse.pay("a" * 32, "example.org", 1)
        purse.close(session)
        return paid

    assert _at_once(postgres_database_url, spend) == (True, False)


def _at_once(url: str, take: Callable[[Session, str], bool]) -> tuple[bool, bool]:
    """Let two transactions take something; the second begins before the first is through."""
    database = Database(url)
    with database.system() as session:
        Purse.open(session, UNLIMITED, NINE)  # the row that is locked is there from the first claim on

    def second() -> bool:
        with database.system() as session:
            return take(session, "b" * 32)

    with ThreadPoolExecutor(1) as pool:
        with database.system() as session:
            first = take(session, "a" * 32)
            running = pool.submit(second)
            wait_until_it_waits(database, running)
        taken = first, running.result(60)
    database.dispose()
    return taken


def test_a_run_without_a_line_sends_nothing_and_a_run_gives_its_line_back(town: Town) -> None:
    pace = Pace(lines=1)
    assert hold(town, "a")
    assert at(town, NINE, pace) == DeliverReport()
    assert at(town, NINE + LINE_KEPT, pace).sent == 4
    with town.database.system(read_only=True) as session:
        assert session.scalars(select(MailLine)).all() == []


# -- slow domains ------------------------------------------------------------------------------------------------------


@dataclass
class SlowTransport(RememberingTransport):
    """A server that takes its time over one domain."""

    seconds: float = 0.4

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        if to.endswith(SLOW):
            time.sleep(self.seconds)
        return super().send(return_path, to, raw)


@pytest.fixture
def slow(town: Town) -> Town:
    """The town, two of whose mails go to a slow domain."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(
            update(Mail).where(Mail.address.startswith("chair")).values(address=Mail.id + "@" + SLOW, to_domain=SLOW)
        )
    return town


def test_a_slow_domain_rests_and_the_others_go_first(slow: Town) -> None:
    with slow.database.system() as session:
        rest(session, SLOW, timedelta(minutes=1), NINE)
    taken = take(slow, UNLIMITED)
    assert SLOW not in {mail.domain for mail in taken}
    assert len(taken) == 2
    with slow.database.system() as session:
        said = why_waiting(session, slow.municipality_id, f"x@{SLOW}", NINE)
    assert said is not None
    assert SLOW in said
    assert {mail.domain for mail in take(slow, UNLIMITED, NINE + timedelta(minutes=2))} == {SLOW}


def test_a_rest_noted_by_a_clock_far_ahead_holds_no_domain_back(slow: Town) -> None:
    with slow.database.system() as session:
        rest(session, SLOW, timedelta(minutes=1), NINE + timedelta(days=365))
    assert SLOW in {mail.domain for mail in take(slow, UNLIMITED)}


class Peeking(SlowTransport):
    """Looks, when the slow mail's answer comes at last, at what has been given back meanwhile."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town, self.seen = town, list[MailStatus]()

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        reply = super().send(return_path, to, raw)
        self.seen = self.seen or [mail.status for mail in self.town.mails()]
        return reply


def test_while_one_mail_takes_long_the_others_are_given_back_for_other_senders(town: Town) -> None:
    town.transport = Peeking(town)
    with town.database.municipality(town.municipality_id) as session:
        slow = update(Mail).where(Mail.address.startswith("chair.b"))
        session.execute(slow.values(next_attempt_at=NINE - timedelta(hours=1)))
    first = min(town.mails(), key=lambda mail: mail.next_attempt_at).address
    town.transport.reply = lambda to: Accepted(f"250 {to}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "SLOW_SECONDS", 0.1)
        patch.setattr("tests.services.test_pace.SLOW", first)
        report = at(town, NINE)
    assert sorted(town.transport.seen) == [MailStatus.QUEUED] * 3 + [MailStatus.SENDING]
    assert report.sent == 1  # all go to one domain, which rests now
    with town.database.system(read_only=True) as session:
        assert session.scalars(select(MailBucket.name)).all() == ["all", "domain:lillby.example.org"]


def test_what_was_given_back_is_not_begun_even_by_who_has_not_heard_of_it(town: Town) -> None:
    """The watch may give the others back just after it was asked whether one more may be begun."""
    town.transport = Peeking(town)
    first = min(town.mails(), key=lambda mail: (mail.composed_at, mail.id)).address
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "SLOW_SECONDS", 0.1)
        patch.setattr("tests.services.test_pace.SLOW", first)
        patch.setattr(_Run, "must_stop", lambda *_: False)
        at(town, NINE)
    statuses = sorted(mail.status for mail in town.mails())
    assert statuses == [MailStatus.ACCEPTED, *[MailStatus.QUEUED] * 3]


def test_in_a_simulated_world_no_mail_is_slow(town: Town) -> None:
    town.transport = Peeking(town)
    mailroom = replace(town.mailroom, keeps_real_time=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "SLOW_SECONDS", 0.1)
        patch.setattr("tests.services.test_pace.SLOW", town.mails()[0].address)
        assert deliver(town.database, mailroom, lambda: NINE).sent == 4
