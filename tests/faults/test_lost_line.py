"""The line is cut: to the mail server at every stage, and to the database in the middle of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from styrhjul.db.session import Database
from styrhjul.domain.vocabulary import ActionKind
from tests.faults import worker
from tests.faults.scene import AFTER_A_CRASH, OPENING, Scene
from tests.faults.worker import carry_out
from tests.servers import owner_url
from tests.smtp_sink import Stage
from tests.town import build_town, nine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.smtp_sink import SmtpSink


@pytest.mark.parametrize(
    ("stage", "taken", "doubled"),
    [
        (Stage.MAIL, False, 0),
        (Stage.RCPT, False, 0),
        (Stage.DATA, False, 0),
        (Stage.DATA, True, 1),
    ],
)
def test_a_line_cut_there_loses_nothing_and_doubles_only_what_was_taken_without_a_word(
    scene: Scene, stage: Stage, taken: bool, doubled: int
) -> None:
    """F-13, F-14. The double is the same to the byte: `doubled` asserts it."""
    scene.sink.hang_up(at=stage, taken=taken)
    carry_out(scene.order())
    scene.recover()
    assert scene.lost() == []
    assert len(scene.doubled()) == doubled
    assert scene.broken_seals() == 0


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_a_server_that_says_not_now_gets_it_once_a_little_later(scene: Scene, stage: Stage) -> None:
    """F-07, with a real conversation."""
    scene.sink.reply_with("451 come back later", "451 come back later", at=stage)
    carry_out(scene.order())
    scene.recover()
    assert (scene.lost(), scene.doubled()) == ([], [])


@pytest.fixture
def crowded(postgres_database_url: str, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Scene]:
    """A town with 40 committees in PostgreSQL."""
    database = Database(postgres_database_url)
    committees = tuple(f"nämnd{number:02}" for number in range(40))
    yield Scene(build_town(database, kinds=(ActionKind.SET_GOALS,), committees=committees), smtp_sink, tmp_path)
    database.dispose()


@pytest.mark.faults
def test_a_database_that_throws_everybody_out_again_and_again_loses_nothing(crowded: Scene) -> None:
    """F-23, F-24: at most the one mail in flight is doubled each time."""
    moment, thrown_out = nine(OPENING), 0
    engine = create_engine(owner_url(crowded.town.database), isolation_level="AUTOCOMMIT")
    everybody = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    others = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        for _ in range(20):
            process = worker.start(crowded.order(moment), crowded.folder / "worker.log")
            process.join(0.3)
            thrown_out += connection.scalar(text(f"{everybody} {others}")) or 0
            process.join(worker.PATIENCE_SECONDS)
            moment += AFTER_A_CRASH
    engine.dispose()
    crowded.town.database.dispose()
    crowded.recover(moment)
    assert thrown_out
    assert crowded.lost() == []
    assert sum(crowded.copies().values()) - len(crowded.copies()) <= thrown_out
    assert crowded.broken_seals() == 0
