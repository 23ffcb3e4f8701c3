"""Two answer at once: one version stands, and not a word of the others is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from styrhjul.db.answer_query import load_last_answer
from styrhjul.db.case_model import Answer, JournalEntry
from styrhjul.db.competing_query import load_competing
from styrhjul.domain.answer import GoalsAnswer, GoalText
from styrhjul.domain.journal import EntryKind
from styrhjul.services.answering import answer as service
from styrhjul.services.answering.answer import Submission, question_for, submit
from tests.answer_world import DUE, NOW, World, ask
from tests.services.test_answer import GOALS, JUDGED, sent, world

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.foundation.mailroom import Mailroom

__all__ = ["world"]  # a fixture


def written(text: str) -> GoalsAnswer:
    return replace(GOALS, goals=(GoalText(text=text, indicator="Andel"),), signed_by=f"Den som skrev {text}")


def texts(database: Database, world: World) -> tuple[str, list[str]]:
    """The text that stands, and those beside it."""
    with database.reading(world.municipality_id) as session:
        last = load_last_answer(session, world.case_id)
    with database.reading(world.municipality_id) as session:
        beside = load_competing(session, world.case_id)
    assert last
    return last.goals[0].text, [answer.goals[0].text for answer in beside]


def refused(database: Database, mailroom: Mailroom, submission: Submission, after: timedelta = timedelta()) -> None:
    with pytest.raises((service.AnsweredMeanwhile, service.TooLateToChange)):
        submit(database, mailroom, submission, now=NOW + after)


def test_of_five_at_the_same_moment_no_text_is_lost(database: Database, world: World, mailroom: Mailroom) -> None:
    """F-47."""
    start = threading.Barrier(5)

    def press(letter: str) -> None:
        start.wait()
        try:
            submit(database, mailroom, sent(world, written(letter), form_id=letter * 32), now=NOW)
        except service.AnsweredMeanwhile:
            return

    with ThreadPoolExecutor(5) as people:
        list(people.map(press, "abcde"))
    stands, beside = texts(database, world)
    assert sorted([stands, *beside]) == ["a", "b", "c", "d", "e"]


def test_what_came_second_is_kept_whole_and_moves_nothing(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    refused(database, mailroom, sent(world, written("Mitt"), form_id="b" * 32))
    [kept] = question_for(database, world.chair, NOW).competing
    assert (kept.goals[0].indicator, kept.decided_on, kept.signed_by) == (
        "Andel",
        GOALS.decided_on,
        "Den som skrev Mitt",
    )
    assert (kept.version, kept.submitted_at) == (1, NOW)
    with database.reading(world.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 1
        assert EntryKind.ANSWER_COMPETED in session.scalars(select(JournalEntry.kind)).all()


def test_a_judgement_that_came_second_is_kept_with_its_words(database: Database, mailroom: Mailroom) -> None:
    asked = ask(database, "follow_up")
    submit(database, mailroom, sent(asked, JUDGED), now=NOW)
    refused(database, mailroom, sent(asked, replace(JUDGED, signed_by="Bo"), form_id="b" * 32))
    with database.reading(asked.municipality_id) as session:
        [kept] = load_competing(session, asked.case_id)
    assert [(each.attainment, each.analysis) for each in kept.judgements] == [("partly_met", "Hälften är gjort.")]


def test_the_same_press_twice_is_kept_once(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    for _ in range(2):
        refused(database, mailroom, sent(world, written("Mitt"), form_id="b" * 32))
    assert texts(database, world)[1] == ["Mitt"]


def test_whoever_goes_on_with_their_own_has_no_answer_beside_it(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    refused(database, mailroom, sent(world, written("Mitt"), form_id="b" * 32))
    submit(database, mailroom, sent(world, written("Mitt"), form_id="b" * 32, seen=1), now=NOW)
    assert texts(database, world) == ("Mitt", [])


def test_an_answer_too_late_to_change_another_is_kept_beside_it(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    submit(database, mailroom, sent(world, replace(GOALS, paragraph="9")), now=NOW)
    over = timedelta(days=(DUE["goal_setting"] - NOW.date()).days + 1)
    refused(database, mailroom, sent(world, written("Sent"), form_id="b" * 32, seen=1), over)
    assert texts(database, world)[1] == ["Sent"]


_PROGRAM = """
import sys
from styrhjul.db.session import Database
from styrhjul.mail.seal import Sealer
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.foundation.mailroom import Mailroom
from tests.answer_world import NOW
from tests.services.test_competing import written
url, token = sys.argv[1:]
room = Mailroom(base_url="http://127.0.0.1:8000", sealer=Sealer("k" * 40), open_transport=None)
second = Submission(token=token, answer=written("Mitt"), form_id="b" * 32, seen_version=0)
submit(Database(url), room, second, now=NOW)
"""


@pytest.mark.parametrize("point", ["before_competing_commit", "after_competing_commit"])
def test_a_process_killed_meanwhile_keeps_it_at_the_next_press(
    database: Database, world: World, mailroom: Mailroom, point: str
) -> None:
    submit(database, mailroom, sent(world), now=NOW)
    command = [sys.executable, "-c", _PROGRAM, database.url.render_as_string(hide_password=False), world.chair]
    ended = subprocess.run(command, env=os.environ | {"STYRHJUL_CRASHPOINT": point}, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(texts(database, world)[1]) == (point == "after_competing_commit")
    refused(database, mailroom, sent(world, written("Mitt"), form_id="b" * 32))
    assert texts(database, world)[1] == ["Mitt"]
