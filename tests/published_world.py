"""A municipality whose one committee has decided a goal, judged it, and written names where none belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from styrhjul.db.case_model import Answer, Assessment, Case, Goal
from styrhjul.db.model import Duty, Person, Policy, User, new_id
from styrhjul.domain.answer import Attainment, Trend
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.api.publication import publication_view, publish_promises
from styrhjul.services.municipality.directory import municipality_by
from tests.answer_world import NOW, World, add_case, ask

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from styrhjul.db.overview_query import MunicipalityLine
    from styrhjul.db.session import Database

#: Who must never be seen: in the register, among those who sign in, and as whoever signed.
PERSON, USER, SIGNER = "Ylva Kanarieberg", "Rut Gulfågel", "Bo Sånglund"
ADDRESS, NUMBER, PHONE = "ylva@example.org", "19640823-3234", "0454-930 00"
GOAL = f"Fler i arbete, säger {PERSON.upper()}s kollega {USER}"
SECRET = "Bara till kansliet"
DECIDED = date(2027, 2, 18)


@dataclass(frozen=True)
class Told:
    """The world, its two cases and the goal."""

    world: World
    goals: str
    follow_up: str
    goal_id: str


def tell(database: Database, slug: str = "herrljunga") -> Told:
    """Insert it: a decided goal and a judgement that waits to be accepted."""
    world = ask(database, slug=slug)
    with database.municipality(world.municipality_id) as session:
        session.add_all([Person(key="y", name=PERSON), User(address="rut@example.org", name=USER, roles=[])])
        follow_up = add_case(
            session,
            "follow_up",
            session.scalars(select(Policy.id)).one(),
            world.bodies["social"],
            duty=session.scalars(select(Duty.id)).one(),
        )
        goal_id = answer_rows(session, world.posts[PostRole.CHAIR], world.case_id, follow_up)
        session.execute(update(Case).where(Case.id.in_([world.case_id, follow_up])).values(state=State.SUBMITTED))
        return Told(world, world.case_id, follow_up, goal_id)


def answer_rows(session: Session, post_id: str, goals_case: str, follow_up_case: str | None) -> str:
    """Insert a decided goal and, where a case for it is given, how it went; return the goal's id."""
    goals = _answer(session, post_id, goals_case)
    goal = Goal(id=new_id(), answer_id=goals, position=0, text=GOAL, target="60 %", responsible=SIGNER)
    session.add(goal)
    session.flush()
    if follow_up_case is not None:
        session.add(_judgement(_answer(session, post_id, follow_up_case), goal.id))
    return goal.id


def _answer(session: Session, post_id: str, case_id: str) -> str:
    answer = Answer(
        id=new_id(),
        case_id=case_id,
        version=1,
        form_id=new_id(),
        post_id=post_id,
        submitted_at=NOW,
        signed_by=SIGNER,
        comment=SECRET,
        decided_on=DECIDED,
        paragraph="12",
    )
    session.add(answer)
    session.flush()
    return answer.id


def _judgement(answer_id: str, goal_id: str) -> Assessment:
    return Assessment(
        answer_id=answer_id,
        position=0,
        goal_id=goal_id,
        attainment=Attainment.PARTLY_MET,
        result="55 %",
        trend=Trend.RISING,
        analysis=f"Mejla {ADDRESS} eller ring {PHONE}. {SIGNER} har ärende {NUMBER}.",
        next_step="Fortsätta",
    )


def accept(database: Database, told: Told) -> None:
    """Let the follow-up be accepted."""
    with database.municipality(told.world.municipality_id) as session:
        session.execute(update(Case).where(Case.id == told.follow_up).values(state=State.DONE))


def line_of(database: Database, slug: str = "herrljunga") -> MunicipalityLine:
    return municipality_by(database, slug)


def publish(database: Database, slug: str = "herrljunga") -> None:
    """Switch it on, by somebody who has seen it."""
    line = line_of(database, slug)
    publish_promises(database, line, publication_view(database, line, NOW).mark, NOW, by="samordnaren")
