"""The forecast of a year equals the year, line by line, for each example: unanswered, and answered on the due day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import select

from config.clock import at_nine
from styrhjul.db.case_model import Case, Notice
from styrhjul.db.model import Body, Post
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.forecast import Assumption
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_moment
from styrhjul.services.answering.answer import Submission, question_for, submit
from styrhjul.services.overview.forecast import forecast
from styrhjul.services.simulation.answering import answer_to, token_in
from styrhjul.services.simulation.beat import Beat, FairWeather
from styrhjul.services.simulation.chance import Chance, form_id
from styrhjul.services.simulation.clock import VirtualClock
from styrhjul.services.simulation.life import Actor, Future, Life
from styrhjul.services.simulation.world import Span, World, examples, new_world

T = TypeVar("T")
Line = tuple[date, str, str, str, str, str, date]

#: Through a July, and past the due days of the winter after it.
SPAN = Span(first=date(2026, 10, 15), last=date(2028, 3, 31))
NOON = time(12, 0)
NO_PLAN = "no plan"


class FirstChoice(Chance):
    """Of several options always the first; everything happens but what is said not to, and in which round."""

    def __init__(self, *unlike: tuple[str, str]) -> None:
        super().__init__("the first choice")
        self._unlike = unlike

    def happens(self, probability: float, *name: object) -> bool:
        """Tell whether it is not among what does not happen."""
        del probability
        return name not in self._unlike

    def pick(self, options: Sequence[T], *name: object) -> T:
        """Return the first option."""
        del name
        return options[0]


class Everybody:
    """Whoever is asked, by the first link that lets them answer, at noon on the due day."""

    def __init__(self, world: World, future: Future) -> None:
        self._world = world
        self._future = future
        self._asked: set[str] = set()
        self.answered = 0

    def look(self) -> None:
        """Plan an answer to every new case."""
        for case_id, due_on in self._world.database.ask(_OPEN):
            if case_id not in self._asked:
                self._asked.add(case_id)
                self._future.plan(local_moment(date.fromisoformat(due_on), NOON), partial(self._answer, case_id))

    def _answer(self, case_id: str) -> None:
        world, now = self._world, self._world.clock.now()
        token = next(self._tokens(case_id))
        question = question_for(world.database, token, now)
        answer, form = answer_to(question, world.chance, question.case.period), form_id(case_id)
        handed_in = Submission(token=token, answer=answer, form_id=form, seen_version=question.seen_version)
        submit(world.database, world.mailroom, handed_in, now=now)
        self.answered += 1

    def _tokens(self, case_id: str) -> Iterator[str]:
        world = self._world
        for message_id, sha256 in world.database.ask(_LINKS, case_id):
            token = token_in(world.server.letters[message_id], sha256)
            if token and question_for(world.database, token, world.clock.now()).is_theirs:
                yield token


_OPEN = f"""SELECT id, due_on FROM "case" WHERE state = '{State.OPEN}' ORDER BY due_on, id"""  # noqa: S608 - our own word
_LINKS = """
SELECT mail.message_id, token_sha256 FROM answer_link JOIN mail ON mail.id = mail_id
WHERE case_id = ? AND revoked_at IS NULL ORDER BY made_at, answer_link.id
"""


def a_world(slug: str, chance: Chance) -> World:
    """An example on the first day."""
    return new_world(slug, SPAN, chance, VirtualClock(at_nine(SPAN.first)), trouble=False)


def lived(world: World, future: Future, *actors: Actor) -> list[Line]:
    """What the mail server takes in a life in which nothing goes wrong, in the words of the forecast."""
    Life(world=world, beat=Beat(world, FairWeather()), future=future, actors=list(actors)).run()
    left = (
        select(Notice, Case, Body.name, Post.title)
        .join(Case, Case.id == Notice.case_id)
        .join(Body, Body.id == Case.body_id)
        .join(Post, Post.id == Notice.post_id)
        .where(Notice.status == NoticeStatus.DELIVERED)
    )
    with world.database.reading(world.municipality_id) as session:
        return sorted(
            (notice.delivered_on or date.max, case.lifecycle, case.period, body, notice.rung, post, notice.due_on)
            for notice, case, body, post in session.execute(left)
        )


def foreseen(world: World, assume: Assumption) -> list[Line]:
    """What the forecast says on the first day."""
    lines = forecast(world.database, world.municipality_id, start=SPAN.first, until=SPAN.last, assume=assume)
    return sorted((o.on, o.lifecycle, o.period, o.body, o.rung, o.recipient, o.due_on) for o in lines)


@pytest.mark.parametrize("slug", examples())
def test_what_is_foreseen_for_an_example_is_what_leaves_when_nobody_answers(slug: str) -> None:
    world = a_world(slug, Chance(slug))
    lines = foreseen(world, Assumption.UNANSWERED)
    assert lines == lived(world, Future())
    assert len(lines) > 20


@pytest.mark.parametrize("slug", examples())
def test_what_is_foreseen_for_an_example_is_what_leaves_when_everybody_answers_on_the_due_day(slug: str) -> None:
    world, future = a_world(slug, FirstChoice()), Future()
    everybody = Everybody(world, future)
    lines = foreseen(world, Assumption.ANSWERED)
    assert lines == lived(world, future, everybody)
    assert everybody.answered > 0
    assert not {line[4] for line in lines} & {"head", "chief_executive", "board"}


@pytest.mark.parametrize(("registered", "followed_up"), [("2027", {"2026", "2027"}), ("2028", {"2027"})])
def test_plans_that_an_answer_registers_are_followed_up_for_the_time_to_come_only(
    registered: str, followed_up: set[str]
) -> None:
    """No forecast knows what somebody will answer: this is all that it adds."""
    world, future = a_world("grums", FirstChoice((NO_PLAN, registered))), Future()
    lines = foreseen(world, Assumption.ANSWERED)
    added = sorted(set(lived(world, future, Everybody(world, future))) - set(lines))
    assert {(line[1], line[2]) for line in added} == {("follow_up", period) for period in followed_up}
    assert all(opened < due_on for opened, *_, due_on in added)
