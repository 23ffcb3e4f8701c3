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
from styrhjul.services.overview import municipality_by
from styrhjul.services.publication import publication_view, publish_promises
from tests.answer_world import NOW, World, add_case, ask

if TYPE_CHECKING:
    from styrhjul.db.overview_query import MunicipalityLine
    from styrhjul.db.session import Database

#: Who must never be seen: in the register, among those who sign in, and as whoever signed.
PERSON, USER, SIGNER = "Ylva Kanarieberg", "Rut Gulfågel", "Bo Sånglund"
ADDRESS, NUMBER, PHONE = "ylva@example.org", "19640823-3234", "0454-930 00"
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
        text = f"Fler i arbete, säger {PERSON.upper()}s kollega {USER}"
        goals = _answer(world, world.case_id)
        session.add(goals)
        session.flush()
        goal = Goal(id=new_id(), answer_id=goals.id, position=0, text=text, target="60 %", responsible=SIGNER)
        judged = _answer(world, follow_up)
        session.add_all([goal, judged])
        session.flush()
        session.add(_judgement(judged.id, goal.id))
        session.execute(update(Case).where(Case.id.in_([world.case_id, follow_up])).values(state=State.SUBMITTED))
        return Told(world, world.case_id, follow_up, goal.id)


def _answer(world: World, case_id: str) -> Answer:
    return Answer(
        id=new_id(),
        case_id=case_id,
        version=1,
        form_id=new_id(),
        post_id=world.posts[PostRole.CHAIR],
        submitted_at=NOW,
        signed_by=SIGNER,
        comment=SECRET,
        decided_on=DECIDED,
        paragraph="12",
    )


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
