"""What officials have decided about a case stands on its page: who, what, to whom and why."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from styrhjul.db.model import Post
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.services.cases.decision import Decision, approve, grant_extension, note, return_answer, waive
from styrhjul.services.cases.explain import explain_case
from styrhjul.services.cases.reassign import reassign
from styrhjul.services.cases.revise import Request, refer
from styrhjul.services.cases.view import case_view
from styrhjul.web.answering.owing import who_answers
from styrhjul.web.timeline import timeline
from tests.services.decision_town import LATER, NEW, at, case_of, put, town_with_open_cases
from tests.services.people import appoint
from tests.town import Town, nine

CHIEF, NOW = Decision(by="kommunchefen", reason="Nämnden har ordnat en ersättare."), nine(LATER)


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_open_cases(database)


def retitle(town: Town, role: PostRole, title: str) -> None:
    """Call the posts of a role what people call them."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Post).where(Post.role == role).values(title=title))


def last(town: Town, lifecycle: str = "goal_setting") -> tuple[str, str]:
    """The last that was done about the case, and why."""
    view = case_view(town.database, town.slug, case_of(town, lifecycle).id, NOW)
    happening = [each for each in timeline(view) if not each.is_mail][-1]
    return happening.what, happening.why


def test_a_case_closed_without_an_answer_says_by_whom_and_why(town: Town) -> None:
    waive(town.database, at(town), CHIEF, NOW)
    assert last(town) == ("Kommunchefen avslutade ärendet utan svar.", CHIEF.reason)


def test_a_note_names_who_made_it(town: Town) -> None:
    note(town.database, at(town), CHIEF, NOW)
    assert last(town) == ("Kommunchefen gjorde en anteckning.", CHIEF.reason)


def test_more_time_names_who_gave_it_and_until_when(town: Town) -> None:
    grant_extension(town.database, at(town), date(2027, 5, 31), CHIEF, NOW)
    assert last(town) == ("Kommunchefen satte en ny frist: 31 maj 2027.", CHIEF.reason)


def test_a_case_given_to_another_post_says_by_whom_and_to_whom(town: Town) -> None:
    appoint(town, "kommunstyrelsen", PostRole.DOCUMENT_OWNER, NEW)
    retitle(town, PostRole.DOCUMENT_OWNER, "Folkhälsoutvecklare")
    reassign(town.database, at(town), "Folkhälsoutvecklare", CHIEF, NOW)
    assert last(town) == ("Kommunchefen lämnade ärendet till folkhälsoutvecklaren.", CHIEF.reason)


def test_an_office_that_every_body_has_is_named_with_its_body(town: Town) -> None:
    retitle(town, PostRole.HEAD_OF_ADMINISTRATION, "Förvaltningschef")
    reassign(town.database, at(town), "Förvaltningschef, Socialnämnden", CHIEF, NOW)
    assert last(town)[0] == "Kommunchefen lämnade ärendet till förvaltningschefen för socialnämnden."
    view = case_view(town.database, town.slug, at(town).case_id, NOW)
    assert who_answers(view.case, "kommunchef") == "Förvaltningschefen för socialnämnden"
    told = explain_case(town.database, town.municipality_id, at(town).case_id, LATER)
    assert told.body == "Förvaltningschefen för socialnämnden, i stället för socialnämnden"


def test_an_answer_sent_back_and_one_approved_say_why(town: Town) -> None:
    put(town, "goal_setting", State.SUBMITTED)
    return_answer(town.database, at(town), date(2027, 5, 31), CHIEF, NOW)
    assert last(town)[1] == CHIEF.reason
    put(town, "goal_setting", State.SUBMITTED)
    approve(town.database, at(town), CHIEF, NOW)
    assert last(town) == ("Kommunchefen godkände svaret.", CHIEF.reason)


def test_a_referral_names_whom_it_went_to_once(town: Town) -> None:
    put(town, "revision", State.UNDER_WAY)
    refer(town.database, at(town, "revision"), Request(due_on=date(2027, 3, 24)), CHIEF, NOW)
    view = case_view(town.database, town.slug, case_of(town, "revision").id, NOW)
    told = [each.what for each in timeline(view) if "remiss" in each.what]
    assert told == ["Kommunchefen skickade förslaget på remiss till socialnämnden, svar senast 24 mars 2027."]
