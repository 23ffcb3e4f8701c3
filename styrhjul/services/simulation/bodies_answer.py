"""The people who answer: early, on the day, late or never, by the link in the mail they got; and those who decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeAlias

from styrhjul.db.session import Database
from styrhjul.domain.answer import Asked
from styrhjul.domain.calendar import next_working_day
from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.services import case as decisions
from styrhjul.services.answer import (
    AnsweredMeanwhile,
    LinkGone,
    NotComplete,
    NotTheirs,
    Submission,
    TooLateToChange,
    question_for,
    submit,
)
from styrhjul.services.case import CaseAt, Decision, DecisionRefused
from styrhjul.services.simulation.answering import answer_to, token_in
from styrhjul.services.simulation.beat import Crashed, Weather
from styrhjul.services.simulation.chance import form_id
from styrhjul.services.simulation.life import Future
from styrhjul.services.simulation.world import World

#: When people answer, and how many of a hundred do.
_STYLES = (("early", 35), ("due", 15), ("late", 25), ("never", 25))
_TRIES = 6
#: What a form asks for; the others are only closed.
_ASKED = frozenset(asked.value for asked in Asked)
_BY = "Kanslisamordnaren"
Decide: TypeAlias = Callable[[Database, CaseAt, Decision, datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case as its people see it. `name` is the same at every run."""

    case_id: str
    name: str
    lifecycle: str
    opens_on: date
    due_on: date


class BodiesAnswer:
    """Plans, for each case and each new due day, who answers when, and what else is decided about it."""

    def __init__(self, world: World, weather: Weather, future: Future) -> None:
        self._world = world
        self._weather = weather
        self._future = future
        self._seen: dict[tuple[str, str], OpenCase] = {}
        world.on_silence.append(self._hurry)

    def look(self) -> None:
        """Plan for what is new."""
        for case_id, slug, policy, lifecycle, period, opens_on, due_on in self._world.database.ask(_OPEN_CASES):
            if (case_id, due_on) in self._seen:
                continue
            self._seen[case_id, due_on] = case = OpenCase(
                case_id=case_id,
                name=f"{policy} {slug} {lifecycle} {period} {due_on}",
                lifecycle=lifecycle,
                opens_on=date.fromisoformat(opens_on),
                due_on=date.fromisoformat(due_on),
            )
            self._plan(case)

    def _hurry(self) -> None:
        """Somebody answers while a reminder waits to leave."""
        awaited = [key for key in self._world.database.ask(_AWAITED) if key in self._seen]
        if awaited:
            case = self._seen[self._world.chance.pick(awaited, "hurry", self._world.clock.moment)]
            self._future.plan(self._world.clock.moment + timedelta(hours=2), lambda: self._answer(case, _TRIES))

    def _plan(self, case: OpenCase) -> None:
        chance = self._world.chance
        style = chance.weighted(_STYLES, "style", case.name)
        if case.lifecycle not in _ASKED and style != "never":
            self._at(self._day(case, style), case, "waiver", lambda: self._decide(case, "waived", decisions.waive))
        elif style != "never":
            self._at(self._day(case, style), case, "answer", lambda: self._answer(case, 1))
        if chance.happens(0.12, "extension", case.name):
            day = case.due_on + timedelta(chance.between(-6, 9, "extension on", case.name))
            self._at(day, case, "extension", lambda: self._extend(case))
        if chance.happens(0.04, "waiver", case.name):
            day = case.due_on + timedelta(chance.between(-6, 20, "waiver on", case.name))
            self._at(day, case, "waiver", lambda: self._decide(case, "waived", decisions.waive))

    def _day(self, case: OpenCase, style: str) -> date:
        chance = self._world.chance
        if style == "due":
            return case.due_on
        if style == "late":
            return case.due_on + timedelta(chance.between(1, 60, "late by", case.name))
        since = max(case.opens_on, local_date(self._world.clock.now()))
        return since + timedelta(chance.between(0, max(0, (case.due_on - since).days - 1), "early on", case.name))

    def _at(self, day: date, case: OpenCase, what: str, act: Callable[[], None]) -> None:
        minutes = self._world.chance.between(0, 9 * 60, "minute", what, case.name, day)
        moment = local_moment(day, time(8, 10)) + timedelta(minutes=minutes)
        self._future.plan(max(moment, self._world.clock.moment + timedelta(minutes=1)), act)

    # -- answers -------------------------------------------------------------------------------------------------------

    def _answer(self, case: OpenCase, number: int) -> None:
        """Answer by the newest mail that came; look again another day when none has, or its link is dead."""
        token = self._token(case)
        if token is None or not self._submit(case, token, f"{case.name} {number}"):
            if number < _TRIES:
                day = local_date(self._world.clock.now()) + timedelta(days=number)
                self._at(day, case, f"answer {number}", lambda: self._answer(case, number + 1))
            return
        self._afterwards(case, number)

    def _token(self, case: OpenCase) -> str | None:
        world = self._world
        wanted = world.chance.pick(("chair", "secretary"), "who", case.name)
        rows = world.database.ask(_LINKS, case.case_id)
        for _, message_id, token_sha256 in sorted(rows, key=lambda row: row[0] != wanted):
            raw = world.server.letters.get(message_id)
            if raw is not None:
                return token_in(raw, token_sha256)
        return None

    def _submit(self, case: OpenCase, token: str, name: str) -> bool:
        world, now = self._world, self._world.clock.now()
        try:
            question = question_for(world.database, token, now)
            if question.demand.vacant:  # a handover waits until somebody holds the offices
                return False
            submission = Submission(
                token=token,
                answer=answer_to(question, world.chance, name),
                form_id=form_id(name),
                seen_version=question.seen_version,
            )
            self._hand_in(submission, case, now)
        except (LinkGone, NotTheirs, TooLateToChange, AnsweredMeanwhile) as refused:
            world.tell(f"answer refused {type(refused).__name__} {case.name}")
            return False
        except NotComplete as faulty:
            world.breaks("answer", f"{case.name}: {[error.message for error in faulty.errors]}")
            return False
        world.tell(f"answered {case.name}")
        return True

    def _hand_in(self, submission: Submission, case: OpenCase, now: datetime) -> None:
        """Press the button; again after a crash, and now and then twice for no reason."""
        world = self._world
        for _ in range(1 + self._weather.times("answer")):
            try:
                with self._weather.around("answer"):
                    submit(world.database, world.mailroom, submission, now=now)
            except Crashed as crash:
                world.tell(f"crash answer {crash}")
            else:
                break
            finally:
                for told in world.on_answer:
                    told(case.case_id)
        else:
            submit(world.database, world.mailroom, submission, now=now)

    def _afterwards(self, case: OpenCase, number: int) -> None:
        chance, today = self._world.chance, local_date(self._world.clock.now())
        what = chance.weighted((("nothing", 40), ("approve", 40), ("return", 10), ("correct", 10)), "then", case.name)
        day = today + timedelta(chance.between(1, 12, "then on", case.name))
        if what == "approve":
            self._at(day, case, what, lambda: self._decide(case, "approved", decisions.approve))
        elif what == "return" and number == 1:
            self._at(day, case, what, lambda: self._return(case))
        elif what == "correct" and number < _TRIES:
            self._at(day, case, what, lambda: self._answer(case, _TRIES))

    # -- decisions -----------------------------------------------------------------------------------------------------

    def _extend(self, case: OpenCase) -> None:
        self._decide(case, "extended", partial(_until, decisions.grant_extension, self._later(case)))

    def _return(self, case: OpenCase) -> None:
        self._decide(case, "returned", partial(_until, decisions.return_answer, self._later(case)))

    def _later(self, case: OpenCase) -> date:
        since = max(case.due_on, local_date(self._world.clock.now()))
        return next_working_day(since + timedelta(self._world.chance.between(5, 50, "until", case.name)))

    def _decide(self, case: OpenCase, word: str, decide: Decide) -> None:
        world = self._world
        at = CaseAt(world.municipality_id, case.case_id)
        try:
            decide(world.database, at, Decision(by=_BY, reason="Simulerat beslut."), world.clock.now())
        except DecisionRefused as refused:
            world.tell(f"{word} refused {case.name}: {refused}")
        else:
            world.tell(f"{word} {case.name}")


def _until(  # noqa: PLR0913, PLR0917 - those of the decision, and the day
    decide: Callable[[Database, CaseAt, date, Decision, datetime], None],
    day: date,
    database: Database,
    at: CaseAt,
    decision: Decision,
    now: datetime,
) -> None:
    decide(database, at, day, decision, now)


_FINAL = ", ".join(f"'{state}'" for state in sorted(FINAL_STATES))
_OPEN_CASES = f"""
SELECT "case".id, body.slug, coalesce(policy.slug, ''), lifecycle, period, opens_on, due_on
FROM "case" JOIN body ON body.id = body_id LEFT JOIN policy ON policy.id = policy_id
WHERE state NOT IN ({_FINAL}) ORDER BY body.slug, policy.slug, lifecycle, period
"""  # noqa: S608 - our own words
#: Cases that somebody has been written to about, and is about to be again.
_AWAITED = f"""
SELECT DISTINCT notice.case_id, notice.due_on FROM notice JOIN answer_link ON answer_link.case_id = notice.case_id
JOIN "case" ON "case".id = notice.case_id
WHERE notice.status IN ('planned', 'mailed') AND lifecycle IN ({", ".join(f"'{key}'" for key in sorted(_ASKED))})
ORDER BY 1, 2
"""  # noqa: S608 - our own words
_LINKS = """
SELECT post.role, mail.message_id, token_sha256
FROM answer_link JOIN post ON post.id = answer_link.post_id JOIN mail ON mail.id = mail_id
WHERE case_id = ? ORDER BY made_at DESC, answer_link.id
"""
