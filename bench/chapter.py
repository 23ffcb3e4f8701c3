"""How long the annual report's chapter takes: ten committees, twenty policies, with goals, follow-ups and mails.

Every committee has two goals in every policy; two committees of ten have not followed up. Processor time on one core,
the middle of five; the database is an SQLite file. Exit code 1 when any format takes more than five seconds.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.clock import at_nine
from styrhjul.db.case_model import Answer, Assessment, Case, Goal, Notice
from styrhjul.db.migrate import upgrade
from styrhjul.db.model import Edition, Policy, Post, new_id
from styrhjul.db.session import Database
from styrhjul.domain.answer import Attainment, Trend
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports.chapter import Chapter
from styrhjul.services.reports.chapter import chapter_of
from styrhjul.services.reports.chapter_file import ChapterFormat
from tests.servers import temporary_folder
from tests.town import FOLLOWED_FROM, SENTENCE, Town, build_town

COMMITTEES = (
    *("barnnämnden", "byggnämnden", "fritidsnämnden", "kulturnämnden", "miljönämnden"),
    *("omsorgsnämnden", "socialnämnden", "tekniska nämnden", "utbildningsnämnden", "valnämnden"),
)
POLICIES = 20
SILENT = COMMITTEES[-2:]
YEAR = 2027
GOALS = 2
ATTAINMENTS = (Attainment.MET, Attainment.PARTLY_MET)
ROUNDS = 5
MOST_SECONDS = 5.0
_SLUG = "lillby"
_MADE = at_nine(date(2028, 3, 24))
ANALYSIS = "Fler deltagare än väntat kom till mötesplatserna, och samarbetet med föreningarna har vuxit under hösten."


def main() -> int:
    """Print the seconds of each format, and return 1 when one takes longer than it may."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with temporary_folder("sh-bench-") as folder:
        database = _filled(folder)
        slowest = _measure("read and counted", lambda: _made(database))
        for kind in ChapterFormat:
            slowest = max(slowest, _measure(f"as {kind}, read anew", _whole(database, kind)))
        database.dispose()
    return int(slowest > MOST_SECONDS)


def _made(database: Database) -> Chapter:
    return chapter_of(database, _SLUG, YEAR, _MADE).chapter


def _whole(database: Database, kind: ChapterFormat) -> Callable[[], bytes]:
    return lambda: kind.content(_made(database), _MADE)


def _measure(what: str, work: Callable[[], Chapter | bytes]) -> float:
    made = work()
    wall, used = list[float](), list[float]()
    for _ in range(ROUNDS):
        began, before = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began)
        used.append(time.process_time() - before)
    size = f"{len(made) / 1024:.0f} kB" if isinstance(made, bytes) else f"{_goals(made)} goals"
    seconds = statistics.median(used)
    print(f"{what:24} {seconds:6.2f} s of processor, {statistics.median(wall):6.2f} s by the clock, {size:>9}")
    return seconds


def _goals(chapter: Chapter) -> int:
    return sum(len(section.goals) for section in chapter.sections)


def _filled(folder: Path) -> Database:
    url = f"sqlite:///{folder / 'chapter.db'}"
    upgrade(url)
    database = Database(url)
    town = build_town(database, _SLUG, committees=COMMITTEES)
    with database.municipality(town.municipality_id) as session:
        secretaries = session.scalars(select(Post).where(Post.role == PostRole.SECRETARY))
        posts = {post.body_id: post.id for post in secretaries}
        policies = [_policy(session, town, number) for number in range(1, POLICIES)]
        for policy_id in (town.policy_id, *policies):
            for committee in COMMITTEES:
                _live(session, policy_id, town.bodies[committee], posts, is_silent=committee in SILENT)
    return database


def _policy(session: Session, town: Town, number: int) -> str:
    policy_id = new_id()
    session.add(
        Policy(
            id=policy_id,
            slug=f"policy-{number}",
            title=f"Policy för det {number}:a området",
            document_type="policy",
            adopted_by_id=town.bodies["fullmäktige"],
            starts_on=FOLLOWED_FROM,
        )
    )
    session.flush()
    session.add(
        Edition(
            id=policy_id,
            policy_id=policy_id,
            text=SENTENCE,
            sha256="0" * 64,
            adopted_by="Kommunfullmäktige",
            adopted_on=date(2015, 9, 7),
            imported_at=at_nine(FOLLOWED_FROM),
        )
    )
    session.flush()
    return policy_id


def _live(session: Session, policy_id: str, body_id: str, posts: Mapping[str, str], *, is_silent: bool) -> None:
    """Let a committee set goals for two years and, unless it is silent, say how the first year's went."""
    goals: list[Goal] = []
    for lifecycle, period, due_on in (
        (LifecycleKey.GOAL_SETTING, YEAR, date(YEAR, 3, 31)),
        (LifecycleKey.FOLLOW_UP, YEAR, date(YEAR + 1, 2, 28)),
        (LifecycleKey.GOAL_SETTING, YEAR + 1, date(YEAR + 1, 3, 31)),
    ):
        is_open = is_silent and lifecycle is LifecycleKey.FOLLOW_UP
        case = _case(policy_id, body_id, lifecycle, str(period), due_on)
        case.state = State.OPEN if is_open else State.DONE
        session.add(case)
        session.flush()
        _tell(session, case, posts[body_id])
        if not is_open:
            goals = _answer(session, case, posts[body_id], goals)


def _case(policy_id: str, body_id: str, lifecycle: LifecycleKey, period: str, due_on: date) -> Case:
    return Case(
        id=new_id(),
        policy_id=policy_id,
        body_id=body_id,
        lifecycle=lifecycle,
        period=period,
        holder=Holder.BODY,
        opens_on=due_on - timedelta(days=60),
        aimed_from_on=due_on - timedelta(days=60),
        due_on=due_on,
        due_source="standard",
        lapses_on=due_on + timedelta(days=365),
    )


def _tell(session: Session, case: Case, post_id: str) -> None:
    for days, rung in ((60, "opening"), (14, "reminder"), (2, "last_reminder")):
        on = case.due_on - timedelta(days=days)
        session.add(
            Notice(
                id=new_id(),
                case_id=case.id,
                due_on=case.due_on,
                rung=rung,
                post_id=post_id,
                status=NoticeStatus.DELIVERED,
                planned_on=on,
                not_before_at=at_nine(on),
                delivered_on=on,
            )
        )


def _answer(session: Session, case: Case, post_id: str, goals: list[Goal]) -> list[Goal]:
    """Answer a case; return the goals that were set, or those that were judged."""
    answer = Answer(
        id=new_id(),
        case_id=case.id,
        version=1,
        form_id=new_id(),
        post_id=post_id,
        submitted_at=at_nine(case.due_on),
        signed_by="Sekreteraren",
        decided_on=case.due_on,
        paragraph="12",
    )
    session.add(answer)
    session.flush()
    if case.lifecycle == LifecycleKey.FOLLOW_UP:
        session.add_all(_judged(answer, position, goal) for position, goal in enumerate(goals))
        return goals
    goals = [_goal(answer, position) for position in range(GOALS)]
    session.add_all(goals)
    session.flush()
    return goals


def _goal(answer: Answer, position: int) -> Goal:
    text = f"Fler än {50 + position} av 100 som är nya i kommunen deltar i verksamheten."
    return Goal(
        id=new_id(), answer_id=answer.id, position=position, text=text, indicator="Andel som deltar", target="50 %"
    )


def _judged(answer: Answer, position: int, goal: Goal) -> Assessment:
    return Assessment(
        id=new_id(),
        answer_id=answer.id,
        position=position,
        goal_id=goal.id,
        attainment=ATTAINMENTS[position],
        result="47 %",
        trend=Trend.RISING,
        analysis=ANALYSIS,
        next_step="Arbetet går in i ordinarie verksamhet.",
    )


if __name__ == "__main__":
    sys.exit(main())
