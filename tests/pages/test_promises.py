"""The public page when somebody has answered: goals, judgements, and what is missing beside them, shut nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import Case
from styrhjul.db.model import Post
from styrhjul.domain.lifecycle import State
from styrhjul.services.api.publication import withdraw_promises
from tests.pages.conftest import open_promises
from tests.pages.paths import TOWN, town_id
from tests.pages.test_seen import AXE, JUDGED, LOOKS, page_of, visit
from tests.published_world import answer_rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from styrhjul.services.foundation.installation import Installation

pytestmark = pytest.mark.browser


@pytest.fixture
def answered(home: Installation) -> None:
    """Two bodies have decided goals; one of them has been followed up."""
    with home.database.municipality(town_id(home)) as session:
        post_id = session.scalars(select(Post.id)).first()
        goals = session.scalars(select(Case).where(Case.lifecycle == "goal_setting", Case.state == State.OPEN)).all()
        follow_up = session.scalars(select(Case).where(Case.lifecycle == "follow_up", Case.state == State.OPEN)).first()
        assert follow_up is not None
        for case, judged in zip(goals[:2], (follow_up, None), strict=True):
            answer_rows(session, str(post_id), case.id, judged.id if judged else None)
            case.state = State.SUBMITTED
        follow_up.state = State.DONE
    withdraw_promises(home.database, town_id(home), home.clock.now(), by="samordnaren")
    open_promises(home)


def test_what_has_been_answered_shuts_nobody_out(
    browser: Browser, site: str, home: Installation, answered: None
) -> None:
    with page_of(browser, site, bypass_csp=True, reduced_motion="reduce") as page:
        visit(page, f"/promises/{TOWN}")
        assert page.get_by_text("Delvis uppfyllt").count() == 1
        page.evaluate(AXE)
        for width, scheme in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(JUDGED) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
