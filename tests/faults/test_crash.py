"""Killed with SIGKILL at every crash point there is: nothing is lost, and only an untold mail leaves twice."""

from __future__ import annotations

import ast
import random
import signal
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import Answer, Case
from styrhjul.domain.lifecycle import State
from styrhjul.services.answering.answer import submit
from tests.faults.scene import AFTER_A_CRASH, OPENING, Scene
from tests.faults.worker import armed, carry_out, mailroom_to
from tests.house import modules
from tests.town import nine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.services.answering.answer import Submission

KILLED = -signal.SIGKILL
AN_ANSWER = frozenset({"before_answer_commit", "after_answer_commit"})
PER_MAIL = frozenset({"before_data", "after_reply", "after_mark"})
#: Passed only when a mail comes in, or when one has been late for a day: not in a pulse of the first morning.
ANOTHER_DAY = frozenset(f"{when}_{what}_commit" for when in ("before", "after") for what in ("inbound", "late"))
#: Met while somebody writes: tests/services/test_attachment.py, test_draft.py and test_competing.py kill there.
WRITTEN = ("attachment", "competing", "draft")
WHILE_WRITING = frozenset(f"{when}_{what}_commit" for when in ("before", "after") for what in WRITTEN)
#: Passed where a municipality has an endpoint: tests/services/test_webhook.py kills there.
TO_OTHER_SYSTEMS = frozenset(
    {"before_webhook_claim_commit", "after_webhook_claim_commit", "before_webhook_post", "after_webhook_post"}
)
#: Passed where somebody has ordered a file: tests/services/test_order.py kills there.
ORDERED = frozenset({"after_order_claim_commit", "order_progress", "before_order_finish"})
#: Passed where a hold begins or ends: tests/services/test_hold.py kills there.
HELD = frozenset({"after_hold_commit", "after_hold_line_commit", "before_hold_end_commit"})
#: The server has the mail and we have not said so yet: the only window in which a mail is sent twice.
UNTOLD = frozenset({"after_reply"})


def crashpoints() -> Iterator[str]:
    """Every crash point in the program. Its name stands there as a literal, or nobody could arm it."""
    for module in modules():
        if module.is_product:
            for call, name in module.calls():
                if name.endswith("crashpoint.crashpoint"):
                    yield str(ast.literal_eval(call.args[0]))


POINTS = frozenset(crashpoints())
IN_A_PULSE = POINTS - AN_ANSWER - ANOTHER_DAY - WHILE_WRITING - TO_OTHER_SYSTEMS - ORDERED - HELD


def test_the_crash_points_are_found_and_each_stands_once() -> None:
    found = sorted(crashpoints())
    assert AN_ANSWER | PER_MAIL | ANOTHER_DAY | WHILE_WRITING | TO_OTHER_SYSTEMS | ORDERED | HELD <= POINTS
    assert len(found) == len(POINTS) == 35


@pytest.mark.parametrize("point", sorted(IN_A_PULSE))
def test_a_pulse_killed_there_loses_nothing_and_doubles_only_an_untold_mail(scene: Scene, point: str) -> None:
    """F-01 to F-06. A point without a kill would let the process live, and fail here."""
    order = armed(scene.order(), point, passage=2 if point in PER_MAIL else 1)
    assert scene.run(order) == KILLED
    scene.recover()
    assert scene.lost() == []
    assert len(scene.doubled()) == (1 if point in UNTOLD else 0)
    assert set(scene.mailboxes().values()) == {1}
    assert (len(scene.town.cases()), len(scene.town.notices()), len(scene.town.mails())) == (2, 4, 4)
    assert scene.broken_seals() == 0


@pytest.fixture
def asked(scene: Scene) -> Scene:
    """The town after its first mails have arrived."""
    carry_out(scene.order())
    return scene


def killed_answering(asked: Scene, point: str) -> Submission:
    """Hand in an answer in a process that is killed at it."""
    form = asked.submission()
    order = replace(asked.order(nine(OPENING), "answer"), submission=form)
    assert asked.run(armed(order, point)) == KILLED
    return form


def answers(scene: Scene) -> list[tuple[State, int]]:
    """Each case's state with its number of answers."""
    with scene.town.database.reading(scene.town.municipality_id) as session:
        given = list(session.scalars(select(Answer.case_id)))
        return sorted((case.state, given.count(case.id)) for case in session.scalars(select(Case)))


def test_an_answer_killed_before_its_commit_leaves_nothing_and_can_be_given_again(asked: Scene) -> None:
    mails, notices = len(asked.town.mails()), [notice.status for notice in asked.town.notices()]
    form = killed_answering(asked, "before_answer_commit")
    assert answers(asked) == [(State.OPEN, 0), (State.OPEN, 0)]
    assert (len(asked.town.mails()), [notice.status for notice in asked.town.notices()]) == (mails, notices)
    submit(asked.town.database, mailroom_to(asked.sink.url), form, now=nine(OPENING))
    assert answers(asked) == [(State.OPEN, 0), (State.SUBMITTED, 1)]
    assert asked.broken_seals() == 0


def test_an_answer_killed_after_its_commit_is_there_and_the_same_form_again_is_the_same_answer(asked: Scene) -> None:
    """P5: the person saw no receipt, and presses once more."""
    form = killed_answering(asked, "after_answer_commit")
    assert answers(asked) == [(State.OPEN, 0), (State.SUBMITTED, 1)]
    mails = len(asked.town.mails())
    receipt = submit(asked.town.database, mailroom_to(asked.sink.url), form, now=nine(OPENING) + AFTER_A_CRASH)
    assert receipt.submitted_at == nine(OPENING)
    assert (answers(asked)[1], len(asked.town.mails())) == ((State.SUBMITTED, 1), mails)
    asked.recover()
    assert (asked.lost(), asked.doubled()) == ([], [])


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(10))
def test_killed_over_and_over_at_random_points_nothing_is_lost(scene: Scene, seed: int) -> None:
    """P4: at most one mail is doubled per kill in the one window, and each double is the same to the byte.

    A mail that was killed too often is set aside: then a person sees it, and lets it out.
    """
    chance, moment, untold = random.Random(seed), nine(OPENING), 0
    for _ in range(25):
        point, passage = chance.choice(sorted(IN_A_PULSE)), chance.randint(1, 3)
        ended = scene.run(armed(scene.order(moment), point, passage))
        assert ended in {KILLED, 0}
        untold += ended == KILLED and point in UNTOLD
        moment += AFTER_A_CRASH * chance.choice([0, 1])
    scene.recover(moment)
    aside = scene.set_aside()
    assert scene.lost(seen=aside) == []
    moment += timedelta(days=1)
    scene.release(aside, moment)
    scene.recover(moment)
    assert scene.lost() == []
    assert sum(scene.copies().values()) - len(scene.copies()) <= untold
    assert scene.broken_seals() == 0
