"""Pressing the buttons of the pages where somebody decides about a case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from config.clock import StoppedClock
from styrhjul.db.case_model import Case, Notice
from styrhjul.db.decision_query import decisions_of
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.foundation.installation import Installation
from tests.answer_world import NOW, World
from tests.web.conftest import hidden

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

#: Two weeks after the due day; the matter has gone up this day, a Wednesday.
WENT_UP_ON = date(2027, 4, 14)
BECAUSE = "Nämnden sammanträder i maj."


def late(home: Installation) -> Installation:
    """The same installation on the day the matter goes up."""
    later = Installation.open(home.settings, StoppedClock(NOW.replace(month=4, day=14)))
    later.__dict__["database"] = home.database
    return later


def gone_up(home: Installation, world: World, on: date = WENT_UP_ON) -> None:
    """Let the case have gone up to the chief executive, step by step."""
    steps = {
        PostRole.COORDINATOR: ("warning", PostRole.CHAIR, date(2027, 3, 30)),
        PostRole.HEAD_OF_ADMINISTRATION: ("head", PostRole.HEAD_OF_ADMINISTRATION, date(2027, 4, 5)),
        PostRole.CHIEF_EXECUTIVE: ("chief_executive", PostRole.CHIEF_EXECUTIVE, on),
    }
    with home.database.municipality(world.municipality_id) as session:
        for told, (rung, to, day) in steps.items():
            own = update(Notice).where(Notice.post_id == world.posts[told], Notice.rung == "opened")
            session.execute(own.values(rung=rung, post_id=world.posts[to], planned_on=day, delivered_on=day))


def put(home: Installation, world: World, state: State) -> None:
    """Bring the case into a state."""
    with home.database.municipality(world.municipality_id) as session:
        session.scalars(select(Case).where(Case.id == world.case_id)).one().state = state


def case_now(home: Installation, world: World) -> Case:
    with home.database.reading(world.municipality_id) as session:
        return session.scalars(select(Case).where(Case.id == world.case_id)).one()


def made(home: Installation, world: World) -> list[tuple[str, str, str]]:
    """What people have decided about the case: what, who, why."""
    with home.database.reading(world.municipality_id) as session:
        return [(each.act, each.by, each.reason) for each in decisions_of(session, world.case_id)]


def path_of(world: World, act: str) -> str:
    return f"/herrljunga/case/{world.case_id}/act/{act}"


def opened(client: TestClient, world: World, act: str) -> dict[str, str]:
    """Open the form of an act; return what goes with it, hidden."""
    page = client.get(path_of(world, act)).text
    return {"csrf": hidden(page, "csrf"), "seen": hidden(page, "seen")}


def decide(client: TestClient, world: World, act: str, **typed: str) -> Response:
    """Open the form, have it reviewed, and press the button of the review."""
    form = opened(client, world, act) | {"reason": BECAUSE} | typed
    review = client.post(path_of(world, act), data=form)
    return (
        client.post(path_of(world, act) + "/done", data=form, follow_redirects=False) if review.is_success else review
    )
