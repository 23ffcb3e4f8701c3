"""Nobody pulsed for days, or somebody pulsed twice: late at worst, but never lost, never stacked, never twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.model import Post
from styrhjul.db.wake import touch_policies
from styrhjul.domain.calendar import is_working_day
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.overview.forecast import forecast
from styrhjul.services.records.journal import verify_journals
from tests.town import FOLLOWED_FROM, Town, build_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.db.session import Database

OPENING = date(2027, 1, 7)
#: The follow-up's last reminder falls on the day after, its warning two days later still.
STOPPED = date(2027, 2, 22)
UNTIL = date(2027, 5, 14)
KINDS = (ActionKind.SET_GOALS, ActionKind.FOLLOW_UP)

Step = tuple[str, str, str]


@pytest.fixture
def town(database: Database) -> Town:
    built = build_town(database, kinds=KINDS, committees=("socialnämnden",))
    with database.municipality(built.municipality_id) as session:
        touch_policies(session, [built.municipality_id], ["handover"], FOLLOWED_FROM)
    return built


def working_days(start: date, until: date) -> Iterator[date]:
    days = (start + timedelta(number) for number in range((until - start).days + 1))
    return (day for day in days if is_working_day(day))


def live_and_stop(town: Town, days: int) -> date:
    """Live to the stop; return the day on which everything is started again."""
    for day in working_days(OPENING, STOPPED - timedelta(1)):
        town.live(day)
    return STOPPED + timedelta(days)


def promised(town: Town) -> Counter[Step]:
    """Lifecycle, rung and recipient of all that was foreseen before anything happened."""
    lines = forecast(town.database, town.municipality_id, start=FOLLOWED_FROM, until=UNTIL)
    return Counter((line.lifecycle, line.rung, line.recipient) for line in lines)


def kept(town: Town) -> Counter[Step]:
    """The same of all that left or was overtaken by a higher rung."""
    with town.database.reading(town.municipality_id) as session:
        titles = {post.id: post.title for post in session.scalars(select(Post))}
    lifecycles = {case.id: case.lifecycle for case in town.cases()}
    done = (NoticeStatus.DELIVERED, NoticeStatus.SUPERSEDED)
    return Counter(
        (lifecycles[notice.case_id], notice.rung, titles[notice.post_id])
        for notice in town.notices()
        if notice.status in done
    )


def times_sent(town: Town) -> set[int]:
    """How often the mails have left, by their Message-ID."""
    ids = Counter(raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for _, raw in town.transport.taken)
    assert b"" not in ids
    return set(ids.values())


@pytest.mark.parametrize(("days", "overtaken"), [(3, {"last_reminder"}), (30, {"reminder", "last_reminder"})])
def test_the_first_day_back_sends_one_mail_per_mailbox_with_the_highest_rung_only(
    town: Town, days: int, overtaken: set[str]
) -> None:
    """F-31."""
    back = live_and_stop(town, days)
    before = len(town.transport.taken)
    town.live(back)
    assert set(Counter(to for to, _ in town.transport.taken[before:]).values()) == {1}
    new = [notice for notice in town.notices() if notice.planned_on == back]
    sent = Counter((notice.case_id, notice.post_id) for notice in new if notice.status is NoticeStatus.DELIVERED)
    assert set(sent.values()) == {1}
    assert {notice.rung for notice in new if notice.status is NoticeStatus.SUPERSEDED} == overtaken


@pytest.mark.parametrize("days", [3, 30])
def test_after_a_stop_everything_that_was_promised_is_kept_and_nothing_twice(town: Town, days: int) -> None:
    """P1, P3: a stop moves days, and lets a higher rung speak for a lower one."""
    foreseen = promised(town)
    for day in working_days(live_and_stop(town, days), UNTIL):
        town.live(day)
    assert kept(town) == foreseen
    assert times_sent(town) == {1}
    assert verify_journals(town.database).broken == ()


def test_every_pulse_doubled_keeps_what_one_would_have_kept(town: Town) -> None:
    """F-33, F-34: two beats, or one that is killed after it published and publishes again."""
    foreseen = promised(town)
    for day in working_days(OPENING, UNTIL):
        town.sweep(day)
        town.sweep(day)
        for _ in range(2):
            town.compose(day)
            town.deliver(day)
    assert kept(town) == foreseen
    assert times_sent(town) == {1}
