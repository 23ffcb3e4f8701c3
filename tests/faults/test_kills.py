"""Senders killed by the hundred, in each of the four windows of a send, and at any moment at all."""

from __future__ import annotations

import random
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.wake import touch_policies
from tests.faults.checker import Promise, complaints, copies, promised
from tests.faults.nursery import nursery
from tests.faults.scene import AFTER_A_CRASH, OPENING, Scene
from tests.faults.worker import armed, carry_out
from tests.smtp_sink import spooled
from tests.town import FOLLOWED_FROM, build_town, nine

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from styrhjul.db.session import Database
    from tests.smtp_sink import Received, SmtpSink

    Crowd = Callable[[int], "Crowded"]

KILLED = -signal.SIGKILL
#: Each row of the fault matrix: where the sender is killed.
WINDOWS = {
    "F-01": ("before_claim_commit",),
    "F-02": ("after_claim_commit", "before_begin_commit", "before_data"),
    "F-03": ("after_reply",),
    "F-04": ("after_mark", "before_settle_commit", "after_settle_commit"),
}
SHORT, LONG = 6, 200


class Crowded(Scene):
    """A town whose mails wait in the outbox, and what it promised."""

    due: Counter[Promise]

    def write_mails(self) -> None:
        self.due = promised(self.town, OPENING)
        carry_out(self.order(nine(OPENING), "sweep", "compose"))

    def spool(self) -> list[Received]:
        assert self.sink.spool is not None
        return spooled(self.sink.spool)


@pytest.fixture
def crowd(database: Database, smtp_sink: SmtpSink, tmp_path: Path) -> Crowd:
    """A town of so many committees, two mails each."""

    def build(committees: int) -> Crowded:
        names = tuple(f"nämnd{number:03}" for number in range(committees))
        scene = Crowded(build_town(database, committees=names), smtp_sink, tmp_path)
        with database.municipality(scene.town.municipality_id) as session:
            touch_policies(session, [scene.town.municipality_id], ["handover"], FOLLOWED_FROM)
        scene.write_mails()
        return scene

    return build


def kill_senders(scene: Crowded, points: tuple[str, ...], kills: int, chance: random.Random) -> datetime:
    """Let senders begin until so many have been killed at one of the points; return the moment it is by then.

    Each leases a few mails and may have sent some before it dies. When there is nothing to lease, the leases run out.
    """
    moment, killed = nine(OPENING), 0
    with nursery(scene.order(moment, "deliver"), scene.folder / "worker.log") as senders:
        for _ in range(3 * kills):
            order = armed(scene.order(moment, "deliver"), chance.choice(points), chance.randint(1, 2))
            code = senders.run(replace(order, batch=chance.randint(1, 3)))
            assert code in {KILLED, 0}
            killed += code == KILLED
            if killed == kills:
                return moment
            moment += AFTER_A_CRASH * (code == 0)
    raise AssertionError(f"only {killed} of {kills} were killed")


def assert_all_is_well_but_for(scene: Crowded, moment: datetime, copies_allowed: int) -> None:
    scene.recover(moment)
    assert complaints(scene.town, scene.spool(), due=scene.due, copies_allowed=copies_allowed) == []


@pytest.mark.parametrize("kills", [SHORT, pytest.param(LONG, marks=pytest.mark.faults)])
@pytest.mark.parametrize("row", WINDOWS)
def test_senders_killed_in_that_window_lose_nothing(crowd: Crowd, row: str, kills: int) -> None:
    """F-01, F-02, F-03, F-04: doubles only where the server has been told and we have not, one per kill at most."""
    scene = crowd(kills)
    moment = kill_senders(scene, WINDOWS[row], kills, random.Random(row))
    assert_all_is_well_but_for(scene, moment, copies_allowed=kills if row == "F-03" else 0)
    assert bool(copies(scene.spool())) == (row == "F-03")


@pytest.mark.parametrize("kills", [3])
def test_senders_killed_at_any_moment_lose_nothing(crowd: Crowd, kills: int) -> None:
    """F-05, F-06: whatever they were doing, also within a statement of the database or a word to the server."""
    scene, chance, moment, codes = crowd(max(kills // 4, 4)), random.Random(6), nine(OPENING), list[int]()
    with nursery(scene.order(moment, "deliver"), scene.folder / "worker.log") as senders:
        for _ in range(kills):
            order = replace(scene.order(moment, "deliver"), batch=chance.randint(1, 3))
            codes.append(senders.run(order, kill_within=0.2, chance=chance))
            moment += AFTER_A_CRASH / 20
    assert KILLED in codes
    assert set(codes) <= {KILLED, 0}
    assert_all_is_well_but_for(scene, moment, copies_allowed=codes.count(KILLED))
