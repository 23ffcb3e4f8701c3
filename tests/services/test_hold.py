"""While the installation is held nothing leaves by itself, and people are served all the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from styrhjul.db.journal import entries
from styrhjul.db.mail_model import Mail
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.relay_log import Departure
from styrhjul.services.cases.sweep import SweepReport
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.foundation.memory import Memory
from styrhjul.services.operations.hold import NotHeld, begin_hold, end_hold, hold_if_put_back, hold_in_force
from styrhjul.services.operations.pulse_record import record_pulse
from styrhjul.services.operations.reconcile import ACCORDING_TO_THE_LOG, reconcile
from tests.town import Town, build_town, nine

OPENING = date(2027, 1, 7)
NOW = nine(OPENING)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, kinds=(ActionKind.SET_GOALS,))


def hold(town: Town, now: datetime = NOW) -> bool:
    return begin_hold(town.database, reason="Återläst.", by="Driften", now=now)


def kinds(town: Town) -> list[EntryKind]:
    with town.database.reading(town.municipality_id) as session:
        return [entry.kind for entry, _ in entries(session)]


def test_what_was_written_before_the_hold_stays_and_leaves_afterwards(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    hold(town)
    assert town.deliver(OPENING).sent == 0
    end_hold(town.database, by="Driften", now=NOW)
    assert town.deliver(OPENING).sent == 4


def test_nothing_is_composed_while_it_is_held_and_all_of_it_afterwards(town: Town) -> None:
    hold(town)
    town.sweep(OPENING)
    assert town.compose(OPENING).composed == 0
    assert {notice.status for notice in town.notices()} == {NoticeStatus.PLANNED}
    end_hold(town.database, by="Driften", now=NOW)
    assert town.compose(OPENING).composed == 4


def test_what_is_written_after_the_hold_began_leaves(town: Town) -> None:
    """A receipt and a sign-in code answer somebody who is there now."""
    town.sweep(OPENING)
    town.compose(OPENING)
    hold(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(composed_at=NOW + timedelta(seconds=1)))
    assert town.deliver(OPENING).sent == 4


def test_a_clock_that_is_behind_holds_what_was_written_by_one_that_was_not(town: Town) -> None:
    """Years behind, it began a hold before everything that waited, and all of that left."""
    town.sweep(OPENING)
    town.compose(OPENING)
    behind = NOW - timedelta(days=2000)
    hold(town, behind)
    assert town.deliver(OPENING).sent == 0
    assert not hold(town, behind)
    assert told(town) == [("sending_held", "Driften", "Återläst.")]
    end_hold(town.database, by="Driften", now=behind)
    assert town.deliver(OPENING).sent == 4


def test_a_mail_whose_sender_died_is_held_too(town: Town) -> None:
    town.sweep(OPENING)
    town.compose(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).values(status="sending", lease_until=NOW - timedelta(hours=1), fence="x"))
    hold(town)
    assert town.deliver(OPENING).sent == 0


def test_the_first_hold_stands_and_every_municipality_has_it_in_its_journal(town: Town) -> None:
    assert hold(town)
    assert not begin_hold(town.database, reason="En gång till.", by="Driften", now=NOW + timedelta(hours=1))
    found = hold_in_force(town.database)
    assert found is not None
    assert (found.since, found.reason, found.by) == (NOW, "Återläst.", "Driften")
    end_hold(town.database, by="Driften", now=NOW)
    held = [kind for kind in kinds(town) if kind in (EntryKind.SENDING_HELD, EntryKind.SENDING_RESUMED)]
    assert held == [EntryKind.SENDING_HELD, EntryKind.SENDING_RESUMED]
    assert hold_in_force(town.database) is None


def test_what_is_not_held_cannot_be_ended_nor_reconciled(town: Town) -> None:
    with pytest.raises(NotHeld):
        end_hold(town.database, by="Driften", now=NOW)
    with pytest.raises(NotHeld):
        reconcile(town.database, town.mailroom, [], NOW)


class Killed(BaseException):
    """The process is gone."""


def killed_at(point: str) -> Callable[[str], None]:
    """Return what kills the process the first time it comes by there."""

    def kill(name: str) -> None:
        if name == point:
            raise Killed

    return kill


class TestKilled:
    """In between the hold, which is the whole installation's, and the journals, which are the municipalities' own."""

    @pytest.fixture
    def towns(self, database: Database) -> list[Town]:
        return [build_town(database, slug, committees=("socialnämnden",)) for slug in ("lillby", "storby")]

    @pytest.mark.parametrize("point", ["after_hold_commit", "after_hold_line_commit"])
    def test_as_it_begins_it_holds_and_goes_on_when_it_is_begun_again(self, towns: list[Town], point: str) -> None:
        with watched(killed_at(point)), pytest.raises(Killed):
            hold(towns[0])
        assert hold_in_force(towns[0].database) is not None
        later = NOW + timedelta(minutes=10)
        assert not begin_hold(towns[0].database, reason="Driften igen.", by="Någon", now=later)
        assert [told(town) for town in towns] == [[("sending_held", "Driften", "Återläst.")]] * 2

    @pytest.mark.parametrize("point", ["after_hold_line_commit", "before_hold_end_commit"])
    def test_as_it_ends_it_holds_and_goes_on_when_it_is_ended_again(self, towns: list[Town], point: str) -> None:
        hold(towns[0])
        with watched(killed_at(point)), pytest.raises(Killed):
            end_hold(towns[0].database, by="Driften", now=NOW + timedelta(hours=1))
        assert hold_in_force(towns[0].database) is not None
        end_hold(towns[0].database, by="Driften", now=NOW + timedelta(hours=2))
        assert hold_in_force(towns[0].database) is None
        both = [("sending_held", "Driften", "Återläst."), ("sending_resumed", "Driften", "Återläst.")]
        assert [told(town) for town in towns] == [both] * 2

    def test_as_a_pulse_holds_what_was_put_back_the_next_pulse_goes_on(self, towns: list[Town], tmp_path: Path) -> None:
        memory = Memory(tmp_path / "last-step")
        memory.remember(NOW)
        with watched(killed_at("after_hold_line_commit")), pytest.raises(Killed):
            hold_if_put_back(towns[0].database, memory, NOW)
        assert hold_if_put_back(towns[0].database, memory, NOW + timedelta(minutes=1))
        assert [len(told(town)) for town in towns] == [1, 1]
        assert memory.read() is None


def told(town: Town) -> list[tuple[str, str, object]]:
    """What the journal has of holds: what, by whom and why."""
    with town.database.reading(town.municipality_id) as session:
        return [
            (entry.kind.value, entry.by, entry.data["reason"])
            for entry, _ in entries(session)
            if entry.kind in (EntryKind.SENDING_HELD, EntryKind.SENDING_RESUMED)
        ]


class TestReconciling:
    @pytest.fixture
    def ids(self, town: Town) -> list[str]:
        town.sweep(OPENING)
        town.compose(OPENING)
        hold(town)
        return [mail.message_id.strip("<>") for mail in town.mails()]

    def test_what_the_server_has_passed_on_is_not_sent_again(self, town: Town, ids: list[str]) -> None:
        yesterday = NOW - timedelta(days=1)
        found = reconcile(town.database, town.mailroom, [Departure(message_id=ids[0], at=yesterday)], NOW)
        assert [mail.message_id for mail in found.marked] == [ids[0]]
        assert len(found.waiting) == 3
        assert found.unknown == []
        end_hold(town.database, by="Driften", now=NOW)
        assert town.deliver(OPENING).sent == 3
        with town.database.reading(town.municipality_id) as session:
            [told] = session.scalars(select(Mail.outcome).where(Mail.message_id == f"<{ids[0]}>"))
        assert told == ACCORDING_TO_THE_LOG
        assert {notice.delivered_on for notice in town.notices()} == {OPENING, OPENING - timedelta(days=1)}

    def test_what_another_zones_clock_says_left_tomorrow_left_today(self, town: Town, ids: list[str]) -> None:
        left = [Departure(message_id=each, at=NOW + timedelta(hours=20)) for each in ids]
        reconcile(town.database, town.mailroom, left, NOW)
        assert {notice.delivered_on for notice in town.notices()} == {OPENING}

    def test_a_mail_of_ours_that_nobody_here_knows_is_named_and_a_strangers_is_not(
        self, town: Town, ids: list[str]
    ) -> None:
        lost = Departure(message_id=f"{'0' * 32}@{ids[0].partition('@')[2]}", address="anna@example.org")
        found = reconcile(town.database, town.mailroom, [lost, Departure(message_id="1@stranger.example")], NOW)
        assert list(found.unknown) == [lost]

    def test_a_dry_run_changes_nothing_and_a_second_run_finds_nothing_new(self, town: Town, ids: list[str]) -> None:
        left = [Departure(message_id=each) for each in ids]
        assert len(reconcile(town.database, town.mailroom, left, NOW, dry_run=True).marked) == 4
        assert len(reconcile(town.database, town.mailroom, left, NOW).marked) == 4
        again = reconcile(town.database, town.mailroom, left, NOW)
        assert (again.marked, again.waiting, list(again.unknown)) == ([], [], [])


class TestADatabaseThatWasPutBack:
    @pytest.fixture
    def memory(self, tmp_path: Path) -> Memory:
        return Memory(tmp_path / "var" / "last-step")

    @pytest.mark.parametrize(
        ("missing", "is_held"), [(timedelta(), False), (timedelta(seconds=59), False), (timedelta(minutes=2), True)]
    )
    def test_is_held_at_once(self, town: Town, memory: Memory, missing: timedelta, *, is_held: bool) -> None:
        record_pulse(town.database, "mail.deliver", NOW - missing, SweepReport())
        memory.remember(NOW)
        assert hold_if_put_back(town.database, memory, NOW) is is_held
        assert (hold_in_force(town.database) is not None) is is_held

    def test_is_not_what_a_host_sees_that_works_beside_one_whose_clock_is_behind(
        self, town: Town, memory: Memory
    ) -> None:
        record_pulse(town.database, "mail.deliver", NOW, SweepReport())
        memory.remember(NOW)
        record_pulse(town.database, "mail.deliver", NOW - timedelta(minutes=2), SweepReport())
        assert not hold_if_put_back(town.database, memory, NOW)

    def test_that_has_no_pulse_at_all_is_one(self, town: Town, memory: Memory) -> None:
        memory.remember(NOW)
        assert hold_if_put_back(town.database, memory, NOW)

    def test_is_held_once_and_may_go_on_when_a_person_says_so(self, town: Town, memory: Memory) -> None:
        memory.remember(NOW)
        hold_if_put_back(town.database, memory, NOW)
        end_hold(town.database, by="Driften", now=NOW)
        assert not hold_if_put_back(town.database, memory, NOW)

    def test_is_nothing_a_machine_without_memory_can_tell(self, town: Town, memory: Memory) -> None:
        assert not hold_if_put_back(town.database, memory, NOW)
        memory.path.parent.mkdir()
        memory.path.write_text("trasig")
        assert not hold_if_put_back(town.database, memory, NOW)

    def test_is_remembered_by_a_machine_whose_processes_end_their_steps_at_once(self, memory: Memory) -> None:
        """They shared the file that takes the other's place, and the slower one's step failed."""
        with ThreadPoolExecutor(4) as together:
            for ended in [together.submit(memory.remember, NOW) for _ in range(400)]:
                ended.result()
        assert (memory.read(), [each.name for each in memory.path.parent.iterdir()]) == (NOW, ["last-step"])
