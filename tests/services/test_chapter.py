"""A chapter is read in a handful of questions, however wide the municipality is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, update

from config.clock import at_nine
from styrhjul.db.case_model import Answer, Case, Notice
from styrhjul.db.chapter_query import load_register
from styrhjul.db.model import Body
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostRole
from styrhjul.reports.chapter_facts import Standing
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.reports.chapter import YearUnknown, chapter_of
from tests.answer_world import NOW, ask
from tests.wide_town import build_wide_town

if TYPE_CHECKING:
    from styrhjul.db.session import Database

MOST = 15


def test_it_takes_the_same_questions_for_one_policy_as_for_nine(database: Database) -> None:
    town = build_wide_town(database, 9, committees=4)
    chapter_of(database, town.slug, 2026, NOW)  # the register is read once for each state of it
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    chapter_of(database, town.slug, 2026, NOW, "program-1")
    alone = len(asked)
    assert len(chapter_of(database, town.slug, 2026, NOW).chapter.sections) == 9
    assert len(asked) - alone == alone <= MOST


def test_it_counts_who_has_answered_and_who_was_told(database: Database) -> None:
    town = build_wide_town(database, 2, committees=4)
    view = chapter_of(database, town.slug, 2026, NOW, "program-0")
    (section,) = view.chapter.sections
    assert section.counts[0].line == "3 av 4 nämnder har svarat på uppföljningen av 2026."
    (missing,) = [each for each in section.missing if each.about == "Uppföljning 2026"]
    assert (missing.body, missing.standing) == ("Socialnämnden", Standing.MISSING)
    assert [each.on for each in missing.told] == [date(2027, 1, 7)] * 2


def test_two_bodies_with_one_name_are_told_apart(database: Database) -> None:
    town = build_wide_town(database, 1, committees=4)
    before = chapter_of(database, town.slug, 2026, NOW).chapter.sections[0]
    with database.register(town.municipality_id) as session:
        gone, other = session.scalars(select(Body).where(Body.slug.in_(["kulturnämnden", "byggnämnden"])))
        gone.name, gone.dissolved_on, other.name = "Socialnämnden", date(2027, 1, 1), "Socialnämnden"
        told = {gone.id: "Socialnämnden (upphörd 2027-01-01)", other.id: f"Socialnämnden ({other.slug})"}
    with database.reading(town.municipality_id) as session:
        names = load_register(session).names
    assert told.items() <= names.items()
    assert len({*names.values()}) == len(names)
    assert chapter_of(database, town.slug, 2026, NOW).chapter.sections[0].counts == before.counts


def test_a_case_that_went_up_says_to_whom(database: Database) -> None:
    world = ask(database, "follow_up")
    with database.municipality(world.municipality_id) as session:
        above = Notice.post_id == world.posts[PostRole.CHIEF_EXECUTIVE]
        session.execute(update(Notice).where(above).values(rung="chief_executive", delivered_on=date(2027, 3, 17)))
    (section,) = chapter_of(database, "herrljunga", 2027, at_nine(date(2027, 3, 20))).chapter.sections
    (up,) = section.went_up
    assert [(each.office, each.is_above) for each in up.told] == [("Kommunchef", True)]
    assert section.decided.diary_number == "KS-2016-284"


@pytest.mark.parametrize(
    ("lifecycle", "outcome", "state", "said"),
    [
        ("action_planning", "no_plan", State.SUBMITTED, "Nej, det finns ingen handlingsplan."),
        ("action_planning", "no_plan", State.OPEN, None),
        ("revision", "revise", State.UNDER_WAY, "Ska revideras."),
        ("revision", "unchanged", State.OPEN, None),
    ],
)
def test_what_was_sent_back_is_told_no_more_and_word_of_work_begun_is(
    database: Database, lifecycle: str, outcome: str, state: State, said: str | None
) -> None:
    world = ask(database, lifecycle)
    with database.municipality(world.municipality_id) as session:
        session.execute(update(Case).values(state=state))
        mine = {"case_id": world.case_id, "post_id": world.posts[PostRole.CHAIR]}
        session.add(Answer(**mine, version=1, form_id="f", submitted_at=NOW, signed_by="A", outcome=outcome))
    (section,) = chapter_of(database, "herrljunga", 2027, NOW).chapter.sections
    assert [each.said for each in section.others] == ([said] if said else [])


@pytest.mark.parametrize("year", [1999, 2024, 2029])
def test_a_year_of_which_nothing_can_be_known_is_refused_in_words(database: Database, year: int) -> None:
    town = build_wide_town(database, 2, committees=4)
    with pytest.raises(YearUnknown, match=f"Om {year} finns ingenting att redovisa.*Välj ett år från 2025 till 2028"):
        chapter_of(database, town.slug, year, NOW)


@pytest.mark.parametrize(("slug", "policy"), [("nowhere", None), ("herrljunga", "nothing")])
def test_what_is_not_there_is_not_here(database: Database, slug: str, policy: str | None) -> None:
    ask(database, "follow_up")
    with pytest.raises(NotHere):
        chapter_of(database, slug, 2026, NOW, policy)
