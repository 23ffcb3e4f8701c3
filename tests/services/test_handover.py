"""A new term: the list of officials answers the handover, and everything moves to those who now sit."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.model import Body, Edition, Policy, TermStart
from styrhjul.db.referral_query import committees
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.decision import CaseAt, Decision, DecisionRefused, approve, waive
from styrhjul.services.cases.explain import explain_case
from styrhjul.services.cases.view import case_view
from styrhjul.services.organisation.officials import import_officials
from styrhjul.services.policies.intake import import_policy
from styrhjul.services.policies.release import release_municipality
from styrhjul.web.timeline import timeline
from tests.services.officials_files import FILES, write_officials
from tests.services.test_officials_posts import TEXT
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

NEW_TERM = date(2027, 1, 4)
DECISION = Decision(by="kommunchefen", reason="Kontrollerat per telefon.")
BOTH = FILES["appointments"]
NO_SECRETARY = BOTH.replace("soc;secretary;p3;2023-01-01;\n", "soc;secretary;p3;2023-01-01;2026-12-31\n")


@pytest.fixture
def town(database: Database, municipality_id: str, tmp_path: Path, now: datetime) -> Town:
    """Vinterby, where the secretary's appointment ran out with the old term; the handover is open."""
    source = write_officials(tmp_path / "officials", appointments=NO_SECRETARY)
    import_officials(database, municipality_id, source, now)
    import_policy(database, municipality_id, TEXT, confirm=True, by="Kanslisamordnare", now=now, lifecycles=LIFECYCLES)
    release_municipality(database, municipality_id, now)
    town = Town(database, "vinterby", municipality_id=municipality_id)
    town.live(NEW_TERM)
    return town


def case_of_soc(town: Town, lifecycle: str) -> Case:
    """The followed case of socialnämnden."""
    with town.database.reading(town.municipality_id) as session:
        query = select(Case).join(Body, Body.id == Case.body_id).where(Body.slug == "soc", Case.lifecycle == lifecycle)
        return session.scalars(query.where(Case.state != State.NOT_FOLLOWED)).one()


def handover(town: Town) -> Case:
    return case_of_soc(town, "handover")


def bring_in(town: Town, tmp_path: Path, day: date, **changed: str) -> None:
    source = write_officials(tmp_path / "officials", **changed)
    assert import_officials(town.database, town.municipality_id, source, nine(day)).errors == ()


def test_a_list_that_names_chair_and_secretary_answers_the_handover(town: Town, tmp_path: Path) -> None:
    assert handover(town).state is State.OPEN
    bring_in(town, tmp_path, date(2027, 1, 11), appointments=BOTH)
    case = handover(town)
    assert case.state is State.SUBMITTED
    with town.database.reading(town.municipality_id) as session:
        moved = [e for e, _ in entries(session, case.id) if e.kind is EntryKind.CASE_MOVED]
    assert [(entry.by, entry.data["event"]) for entry in moved] == [("inläsning av listan över uppdrag", "submit")]
    town.live_through(date(2027, 1, 11), date(2027, 2, 28))
    assert {n.rung for n in town.notices() if n.case_id == case.id} <= {"opened", "welcome"}


def test_a_handover_that_a_list_answered_says_so_and_when(town: Town, tmp_path: Path) -> None:
    bring_in(town, tmp_path, date(2027, 1, 11), appointments=BOTH)
    case_id = handover(town).id
    said = explain_case(town.database, town.municipality_id, case_id, date(2027, 1, 12))
    assert said.by_list is not None
    assert (said.decisions, said.by_list.by) == ((), "inläsning av listan över uppdrag")
    made = (said.by_list.at, said.by_list.data["reason"])
    assert made == (nine(date(2027, 1, 11)), "Uppdragen står i kommunens lista.")
    told = timeline(case_view(town.database, "vinterby", case_id, nine(date(2027, 1, 12))))
    [read] = [each for each in told if each.what == "Listan över uppdrag lästes in."]
    assert (read.at, read.why) == made


def test_a_list_without_a_secretary_leaves_it_open(town: Town, tmp_path: Path) -> None:
    bring_in(town, tmp_path, date(2027, 1, 11), appointments=NO_SECRETARY)
    assert handover(town).state is State.OPEN


def test_a_list_of_meetings_alone_answers_nothing(town: Town, tmp_path: Path) -> None:
    alone = tmp_path / "meetings.csv"
    alone.write_text("body;meets_on\nsoc;2027-02-09\n", encoding="utf-8")
    import_officials(town.database, town.municipality_id, alone, nine(date(2027, 1, 11)))
    assert handover(town).state is State.OPEN


def test_a_handover_can_be_closed_and_approved_though_no_policy_stands_behind_it(town: Town, tmp_path: Path) -> None:
    at = CaseAt(town.municipality_id, handover(town).id)
    with pytest.raises(DecisionRefused):
        approve(town.database, at, DECISION, nine(NEW_TERM))
    bring_in(town, tmp_path, date(2027, 1, 11), appointments=BOTH)
    approve(town.database, at, DECISION, nine(date(2027, 1, 12)))
    assert handover(town).state is State.DONE
    with pytest.raises(DecisionRefused, match="redan avslutat"):
        waive(town.database, at, DECISION, nine(date(2027, 1, 13)))


def test_a_term_that_an_extra_election_or_a_new_count_prolongs_moves_the_revision(database: Database) -> None:
    """KL 5:9: should the election be held anew, the old council sits on until the new one is counted."""
    town = build_town(database, kinds=(ActionKind.REVISE,), committees=())
    with database.municipality(town.municipality_id) as session:
        session.add(TermStart(body_id=town.bodies["fullmäktige"], starts_on=date(2027, 2, 15)))
        session.flush()
        touch_policies(session, [town.policy_id], LIFECYCLES, date(2026, 10, 15))
    for day in (date(2026, 10, 15), date(2027, 2, 12), date(2027, 2, 15)):
        town.sweep(day)
    followed = [case for case in town.cases() if case.state is State.OPEN]
    assert [(case.period, case.opens_on) for case in followed] == [("2027-02-15", date(2027, 2, 15))]


def test_meetings_in_an_import_move_the_papers_of_open_cases(town: Town, tmp_path: Path) -> None:
    town.live(date(2027, 1, 7))
    bring_in(town, tmp_path, date(2027, 1, 11), meetings="body;meets_on\nsoc;2027-03-16\n")
    goals = case_of_soc(town, "goal_setting")
    with town.database.reading(town.municipality_id) as session:
        kinds = [entry.kind for entry, _ in entries(session, goals.id)]
    assert (goals.meeting_on, goals.agenda_on) == (date(2027, 3, 16), date(2027, 2, 23))
    assert EntryKind.MEETING_MOVED in kinds


@pytest.mark.parametrize(("repealed_on", "asked"), [(NEW_TERM, 0), (date(2027, 1, 5), 3), (None, 3)])
def test_a_body_whose_only_document_is_repealed_hands_nothing_over(
    database: Database, repealed_on: date | None, asked: int
) -> None:
    town = build_town(database, kinds=(ActionKind.SET_GOALS,), committees=("ena", "andra", "tredje"))
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Policy).values(repealed_on=repealed_on))
        touch_policies(session, [town.municipality_id], LIFECYCLES, NEW_TERM)
    town.sweep(NEW_TERM)
    assert [case.lifecycle for case in town.cases() if case.lifecycle == "handover"] == ["handover"] * asked


def test_a_duty_of_an_older_edition_hands_nothing_over(database: Database) -> None:
    town = build_town(database)
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Edition).values(superseded_on=date(2026, 12, 1)))
        touch_policies(session, [town.policy_id, town.municipality_id], LIFECYCLES, NEW_TERM)
    town.sweep(NEW_TERM)
    assert town.cases() == []


def test_a_draft_is_sent_to_those_that_a_duty_in_force_binds(database: Database) -> None:
    town = build_town(database)

    def bound() -> set[str]:
        with database.reading(town.municipality_id) as session:
            return {each.slug for each in committees(session, town.policy_id, NEW_TERM) if each.is_bound}

    assert bound() == {"socialnämnden", "byggnämnden"}
    with database.municipality(town.municipality_id) as session:
        session.execute(update(Edition).values(superseded_on=date(2026, 12, 1)))
    assert bound() == set()
