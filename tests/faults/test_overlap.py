"""Two of everything at once, as real processes: nothing is written or sent twice, and nobody is turned away."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery.compose import compose_mails
from tests.faults.scene import OPENING, Scene
from tests.faults.worker import WHOLE_PULSE, carry_out, run_together
from tests.town import build_town, nine
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.smtp_sink import SmtpSink

COMMITTEES = tuple(f"nämnd{number:02}" for number in range(12))


@pytest.fixture
def busy(database: Database, smtp_sink: SmtpSink, tmp_path: Path) -> Scene:
    """A town of twelve committees: 24 cases and 48 notices on one day, in 24 mails."""
    kinds = (ActionKind.SET_GOALS, ActionKind.FOLLOW_UP)
    return Scene(build_town(database, kinds=kinds, committees=COMMITTEES), smtp_sink, tmp_path)


@pytest.mark.parametrize("doubled", [("sweep",), ("compose",), ("deliver",), WHOLE_PULSE], ids="+".join)
def test_two_at_once_do_the_work_once(busy: Scene, doubled: tuple[str, ...]) -> None:
    """F-33. Whatever came before or after, the two processes begin at the same moment."""
    before = WHOLE_PULSE[: WHOLE_PULSE.index(doubled[0])]
    if before:
        carry_out(busy.order(None, *before))
    logged = run_together([busy.order(None, *doubled)] * 2, busy.folder)
    carry_out(busy.order())
    assert "locked" not in "".join(logged)
    assert "own_fault" not in "".join(logged)
    assert_everything_happened_once(busy)


def test_a_sweep_that_ends_while_compose_reads_takes_no_notice_from_the_days_mail(postgres_database_url: str) -> None:
    """Between two questions of one transaction PostgreSQL lets in what others commit."""
    composer, beside = Database(postgres_database_url), Database(postgres_database_url)
    town = build_town(beside, kinds=(ActionKind.SET_GOALS, ActionKind.FOLLOW_UP))
    *others, last = sorted(LIFECYCLES.values(), key=lambda lifecycle: lifecycle.key == "follow_up")
    for lifecycle in others:
        run_sweep(beside, lifecycle, nine(OPENING))

    @event.listens_for(composer.engine, "after_cursor_execute")
    def sweep_once_the_notices_are_read(_connection: object, _cursor: object, asked: str, *_rest: object) -> None:
        if "FROM notice" in asked and "SKIP LOCKED" in asked and len(town.notices()) == 4:
            run_sweep(beside, last, nine(OPENING))

    for _ in range(2):
        compose_mails(composer, town.mailroom, nine(OPENING))
    assert Counter(notice.status for notice in town.notices()) == {NoticeStatus.MAILED: 8}
    composer.dispose()
    beside.dispose()


def assert_everything_happened_once(busy: Scene) -> None:
    keys = Counter((n.case_id, n.due_on, n.rung, n.post_id) for n in busy.town.notices())
    assert (len(keys), set(keys.values())) == (48, {1})
    assert (
        len({(case.lifecycle, case.body_id, case.period) for case in busy.town.cases()}) == len(busy.town.cases()) == 24
    )
    assert (len(busy.sink.messages), set(busy.mailboxes().values())) == (24, {1})
    assert (busy.lost(), busy.doubled(), busy.broken_seals()) == ([], [], 0)


@pytest.mark.faults
@pytest.mark.parametrize("round_number", range(5))
def test_five_beats_are_no_more_than_one(busy: Scene, round_number: int) -> None:
    orders = [busy.order(None, *WHOLE_PULSE)] * 5
    run_together(orders, busy.folder)
    carry_out(busy.order())
    assert_everything_happened_once(busy)
