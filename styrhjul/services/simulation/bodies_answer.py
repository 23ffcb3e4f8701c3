"""The people who answer: early, on the day, late or never, by the link in the mail they got; and when it is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import partial

from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.services.answering.answer import (
    AnsweredMeanwhile,
    LinkGone,
    NotComplete,
    NotTheirs,
    Submission,
    TooLateToChange,
    question_for,
    submit,
)
from styrhjul.services.simulation.answering import answer_to, token_in
from styrhjul.services.simulation.beat import Crashed, Weather
from styrhjul.services.simulation.chance import form_id
from styrhjul.services.simulation.life import Future
from styrhjul.services.simulation.officials_decide import OfficialsDecide, OpenCase
from styrhjul.services.simulation.world import World

#: When people answer, and how many of a hundred do.
_STYLES = (("early", 35), ("due", 15), ("late", 25), ("never", 25))
_TRIES = 6
#: The decisions about a case that need no answer: how many cases of a hundred, and when around the due day.
_DECISIONS = (("extension", 12, -6, 9), ("waiver", 4, -6, 20), ("reassign", 8, -25, 15), ("note", 6, -10, 40))
#: How many revisions of a hundred somebody tells of early, so many days after the opening.
_BEGUN = (("begin", 70, 5, 120),)
#: What a draft may go through before it is decided.
_DRAFTS = (("refer", 80, 1, 40), ("prepare", 60, 30, 130), ("decide", 80, 60, 200))


class BodiesAnswer:
    """Plans, for each case and each new due day, who answers when, and what else is decided about it."""

    def __init__(self, world: World, weather: Weather, future: Future) -> None:
        self._world = world
        self._weather = weather
        self._future = future
        self._officials = OfficialsDecide(world)
        self._seen: dict[tuple[str, str], OpenCase] = {}
        world.on_silence.append(self._hurry)

    def look(self) -> None:
        """Plan for what is new."""
        for case_id, slug, policy, lifecycle, period, opens_on, due_on, papers_on in self._world.database.ask(
            _OPEN_CASES
        ):
            self._world.papers.setdefault(case_id, date.fromisoformat(papers_on) if papers_on else None)
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
        if style != "never":
            self._at(self._day(case, style), case, "answer", lambda: self._answer(case, 1))
        self._perhaps(case, _DECISIONS, case.due_on)
        if case.lifecycle == LifecycleKey.REVISION:
            self._perhaps(case, _BEGUN, case.opens_on)

    def _perhaps(self, case: OpenCase, options: Iterable[tuple[str, int, int, int]], around: date) -> None:
        """Plan each act as often as it happens, so many days from a day."""
        chance = self._world.chance
        acts: dict[str, Callable[[OpenCase], None]] = {
            "extension": self._officials.extend,
            "waiver": self._officials.waive,
            "reassign": self._officials.reassign,
            "note": self._officials.note,
            "refer": self._officials.refer,
            "prepare": self._officials.prepare,
            "begin": partial(self._answer, number=1),
            "decide": partial(self._answer, number=_TRIES),
        }
        for what, percent, earliest, latest in options:
            if chance.happens(percent / 100, what, case.name):
                day = around + timedelta(chance.between(earliest, latest, f"{what} on", case.name))
                self._at(day, case, what, partial(acts[what], case))

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
        if number == 1 and self._world.database.ask(_DRAFTED, case.case_id):
            self._perhaps(case, _DRAFTS, today)
            return
        what = chance.weighted((("nothing", 40), ("approve", 40), ("return", 10), ("correct", 10)), "then", case.name)
        day = today + timedelta(chance.between(1, 12, "then on", case.name))
        if what == "approve":
            self._at(day, case, what, lambda: self._officials.approve(case))
        elif what == "return" and number == 1:
            self._at(day, case, what, lambda: self._officials.send_back(case))
        elif what == "correct" and number < _TRIES:
            self._at(day, case, what, lambda: self._answer(case, _TRIES))


_FINAL = ", ".join(f"'{state}'" for state in sorted(FINAL_STATES))
_OPEN_CASES = f"""
SELECT "case".id, body.slug, coalesce(policy.slug, ''), lifecycle, period, opens_on, due_on, agenda_on
FROM "case" JOIN body ON body.municipality_id = "case".municipality_id AND body.id = body_id
LEFT JOIN policy ON policy.municipality_id = "case".municipality_id AND policy.id = policy_id
WHERE state NOT IN ({_FINAL}) ORDER BY body.slug, policy.slug, lifecycle, period
"""  # noqa: S608 - our own words
#: Cases that somebody has been written to about, and is about to be again.
_AWAITED = """
SELECT DISTINCT notice.case_id, notice.due_on FROM notice JOIN answer_link ON answer_link.case_id = notice.case_id
JOIN "case" ON "case".id = notice.case_id
WHERE notice.status IN ('planned', 'mailed') ORDER BY 1, 2
"""
_DRAFTED = """SELECT 1 FROM "case" WHERE id = ? AND state = 'under_way'"""
_LINKS = """
SELECT post.role, mail.message_id, token_sha256
FROM answer_link CROSS JOIN post ON post.municipality_id = answer_link.municipality_id AND post.id = answer_link.post_id
CROSS JOIN mail ON mail.municipality_id = answer_link.municipality_id AND mail.id = mail_id
CROSS JOIN "case" ON "case".municipality_id = answer_link.municipality_id AND "case".id = case_id
WHERE case_id = ? AND coalesce(assigned_post_id, post.id) = post.id ORDER BY made_at DESC, answer_link.id
"""
