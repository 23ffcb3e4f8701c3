"""A town whose goals and revision are open, and what is decided about them there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from styrhjul.db.case_model import Case
from styrhjul.db.decision_query import decisions_of
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.decision import CaseAt, Decision
from tests.town import Town, build_town

OPENING, LATER = date(2027, 1, 7), date(2027, 2, 1)
CHIEF = Decision(by="kommunchefen", reason="Uppdraget har flyttats.")
NEW = "utredare@lillby.example.org"


def town_with_open_cases(database: Database) -> Town:
    """Every case has had its opening mail."""
    town = build_town(database, kinds=(ActionKind.SET_GOALS, ActionKind.REVISE), committees=("socialnämnden",))
    town.live(OPENING)
    return town


def case_of(town: Town, lifecycle: str) -> Case:
    """The earliest open case of a lifecycle, or what has become of it."""
    followed = [c for c in town.cases() if c.lifecycle == lifecycle and c.state is not State.NOT_FOLLOWED]
    return min(followed, key=lambda case: case.opens_on)


def at(town: Town, lifecycle: str = "goal_setting") -> CaseAt:
    """Where it is."""
    return CaseAt(town.municipality_id, case_of(town, lifecycle).id)


def put(town: Town, lifecycle: str, state: State) -> None:
    """Bring it into a state."""
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Case).where(Case.id == case_of(town, lifecycle).id)).one().state = state


def decided(town: Town, lifecycle: str = "goal_setting") -> list[tuple[str, str, str]]:
    """What people have decided about it: what, who and why."""
    with town.database.reading(town.municipality_id) as session:
        return [(d.act, d.by, d.reason) for d in decisions_of(session, case_of(town, lifecycle).id)]
