"""What an import means: told by name, and not done without a yes where it takes a body or all its meetings away."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.model import Body, Meeting
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.services.organisation.officials import OfficialsReport, import_officials
from styrhjul.services.organisation.officials_effect import CeasedBody, LostMeetings, VacantPost
from styrhjul.services.policies.intake import import_policy
from styrhjul.services.policies.release import release_municipality
from tests.services.officials_files import FILES, write_officials
from tests.services.test_officials_posts import TEXT
from tests.town import Town, nine
from workflows import LIFECYCLES

OPENED = date(2027, 1, 7)
IMPORTED = date(2027, 1, 11)
MEETINGS = "body;meets_on\nsoc;2027-01-12\nsoc;2027-02-16\n"
#: The secretary's appointment ran out with the old term, so that the handover is open.
UNTIL_NOW = FILES["appointments"].replace("soc;secretary;p3;2023-01-01;", "soc;secretary;p3;2023-01-01;2026-12-31")
WITHOUT_SOC = {
    "bodies": FILES["bodies"].replace("soc;Socialnämnden;committee;;\n", "").replace(";unit;soc;", ";unit;ks;"),
    "posts": "body;role;title\nks;coordinator;Kanslisamordnare\n",
    "appointments": "body;role;person;starts_on\nks;coordinator;p1;2027-01-11\n",
    "meetings": "body;meets_on\nks;2027-02-02\n",
}


@pytest.fixture
def town(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> Town:
    """Vinterby: socialnämnden is asked for its goals, and who sits in it."""
    source = write_officials(tmp_path / "officials", meetings=MEETINGS, appointments=UNTIL_NOW)
    import_officials(database, municipality_id, source, now)
    import_policy(database, municipality_id, TEXT, confirm=True, by="Kanslisamordnare", now=now, lifecycles=LIFECYCLES)
    release_municipality(database, municipality_id, now)
    town = Town(database, "vinterby", municipality_id=municipality_id)
    town.live(OPENED)
    return town


def bring(town: Town, tmp_path: Path, *, confirm: bool = False, **changed: str) -> OfficialsReport:
    usual = {"meetings": MEETINGS, "appointments": UNTIL_NOW}
    source = write_officials(tmp_path / "officials", **usual | changed)
    return import_officials(town.database, town.municipality_id, source, nine(IMPORTED), confirm=confirm)


def state_of(town: Town) -> tuple[object, ...]:
    """Everything an import could have touched."""
    with town.database.reading(town.municipality_id) as session:
        dissolved = session.execute(select(Body.slug, Body.dissolved_on).order_by(Body.slug)).all()
        cases = session.execute(select(Case.id, Case.state, Case.due_on, Case.meeting_on).order_by(Case.id)).all()
        meetings = session.scalar(select(func.count()).select_from(Meeting))
        return dissolved, cases, meetings, len(list(entries(session))), load_organisation(session)


def test_a_body_that_ceases_changes_nothing_without_a_yes_and_is_named_with_its_open_cases(
    town: Town, tmp_path: Path
) -> None:
    before = state_of(town)
    report = bring(town, tmp_path, confirm=False, **WITHOUT_SOC)
    assert report.must_be_confirmed
    [ceased] = report.effect.bodies_ceased
    assert (ceased.body, ceased.ceases_on) == ("Socialnämnden", date(2027, 1, 10))
    assert report.effect.meetings_lost == ()
    assert state_of(town) == before


def test_the_cases_told_to_go_to_the_coordinator_or_to_end_are_those_that_do(town: Town, tmp_path: Path) -> None:
    with town.database.reading(town.municipality_id) as session:
        mine = select(Case).join(Body, Body.id == Case.body_id).where(Body.slug == "soc", Case.state == State.OPEN)
        waiting = {case.id: case.policy_id for case in session.scalars(mine)}
    report = bring(town, tmp_path, confirm=True, **WITHOUT_SOC)
    asked, by_law = sum(map(bool, waiting.values())), sum(policy is None for policy in waiting.values())
    assert asked
    assert by_law
    assert report.effect.bodies_ceased == (
        CeasedBody(body="Socialnämnden", ceases_on=date(2027, 1, 10), cases_to_coordinator=asked, cases_ended=by_law),
    )
    town.live(IMPORTED)
    given = {case.id for case in town.cases() if case.assigned_post_id}
    assert given == {case_id for case_id, policy_id in waiting.items() if policy_id}
    assert {case.id for case in town.cases() if case.closed_on == IMPORTED} == waiting.keys() - given


def test_a_body_that_loses_all_its_coming_meetings_changes_nothing_without_a_yes(town: Town, tmp_path: Path) -> None:
    before = state_of(town)
    report = bring(town, tmp_path, meetings="body;meets_on\nks;2027-02-02\n")
    lost = LostMeetings(body="Socialnämnden", meetings=(date(2027, 1, 12), date(2027, 2, 16)))
    assert (report.must_be_confirmed, report.effect.meetings_lost) == (True, (lost,))
    assert state_of(town) == before
    confirmed = bring(town, tmp_path, confirm=True, meetings="body;meets_on\nks;2027-02-02\n")
    assert (confirmed.must_be_confirmed, confirmed.effect.meetings_lost) == (False, (lost,))
    assert confirmed.ended == 2


def test_a_body_that_keeps_one_coming_meeting_goes_through(town: Town, tmp_path: Path) -> None:
    report = bring(town, tmp_path, meetings="body;meets_on\nsoc;2027-02-16\n")
    assert (report.must_be_confirmed, report.ended, report.effect.meetings_lost) == (False, 1, ())


def test_a_case_whose_meeting_moved_is_named_with_its_days_before_and_after(town: Town, tmp_path: Path) -> None:
    before = {case.id: case for case in town.cases()}
    report = bring(town, tmp_path, meetings="body;meets_on\nsoc;2027-01-12\nsoc;2027-02-23\n")
    after = {case.id: case for case in town.cases()}
    differing = {
        key
        for key in after
        if (before[key].meeting_on, before[key].due_on) != (after[key].meeting_on, after[key].due_on)
    }
    assert {each.case_id for each in report.effect.cases_moved} == differing != set()
    moved = report.effect.cases_moved[0]
    assert (moved.body, moved.policy) == ("Socialnämnden", "Miljöpolicy")
    assert (moved.meeting_on_before, moved.meeting_on) == (date(2027, 2, 16), date(2027, 2, 23))
    assert (moved.due_on_before, moved.due_on) == (before[moved.case_id].due_on, after[moved.case_id].due_on)


def test_a_handover_that_the_list_answers_is_named_by_its_body(town: Town, tmp_path: Path) -> None:
    report = bring(town, tmp_path, appointments=FILES["appointments"])
    assert (report.must_be_confirmed, report.effect.handovers_confirmed) == (False, ("Socialnämnden",))


def test_a_post_whose_holder_is_no_longer_listed_is_named(town: Town, tmp_path: Path) -> None:
    without = UNTIL_NOW.replace("soc;chair;p2;2027-01-01;\n", "")
    assert bring(town, tmp_path, appointments=without).effect.posts_vacant == (
        VacantPost(body="Socialnämnden", title="Ordförande"),
    )
