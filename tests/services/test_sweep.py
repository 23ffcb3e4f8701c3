"""The sweep on both databases: what is due is written once, whatever stalls, doubles or breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, JournalEntry, Quarantine, SubjectKind, Wake
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.journal import entries
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.plan_write import write_actions
from styrhjul.db.session import Database, municipality_of
from styrhjul.db.wake import municipalities_waking
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, fold
from styrhjul.domain.planner import plan, wake_on
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases import sweep
from styrhjul.services.cases.sweep import run_sweep
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

OPENING = date(2027, 1, 7)
ALL_KINDS = (ActionKind.SET_GOALS, ActionKind.FOLLOW_UP, ActionKind.REVISE)


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database)


def test_nothing_opens_before_its_day(town: Town) -> None:
    assert town.sweep(OPENING - timedelta(1)).opened == 0


def test_a_round_opens_one_case_per_committee_and_tells_chair_and_secretary(town: Town) -> None:
    report = town.sweep(OPENING)
    assert (report.opened, report.notices, report.quarantined) == (2, 4, 0)
    assert {notice.rung for notice in town.notices()} == {"opened"}


def test_a_second_sweep_the_same_day_writes_nothing(town: Town) -> None:
    town.sweep(OPENING)
    written = len(town.notices())
    assert town.sweep(OPENING).notices == 0
    assert len(town.notices()) == written


def test_the_ledger_refuses_the_same_notice_twice(town: Town) -> None:
    """Two sweeps may plan from the same facts; the unique key lets only one of them write."""
    town.sweep(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        facts = load_case_facts(session, load_organisation(session), [town.cases()[0].id])[0]
        actions = plan(LIFECYCLES["goal_setting"], facts, date(2027, 3, 30))
        assert len(write_actions(session, actions, nine(date(2027, 3, 30)))[1]) == 2
        assert write_actions(session, actions, nine(date(2027, 3, 30)))[1] == []
    keys = [(n.case_id, n.due_on, n.rung, n.post_id) for n in town.notices()]
    assert len(keys) == len(set(keys))


def test_a_case_that_cannot_be_planned_is_set_aside_and_stops_nobody(town: Town) -> None:
    town.sweep(OPENING)
    with town.database.municipality(town.municipality_id) as session:
        broken = session.scalars(select(Case).order_by(Case.id)).first()
        assert broken is not None
        broken.due_on = date.min  # no working day lies before it
        broken_id = broken.id
    report = town.sweep(date(2027, 3, 30))
    assert (report.quarantined, report.notices) == (1, 2)
    with town.database.reading(town.municipality_id) as session:
        assert [row.subject_id for row in session.scalars(select(Quarantine))] == [broken_id]
    assert town.sweep(date(2027, 3, 30)).woken == 0


def test_after_a_long_stop_only_the_highest_rung_leaves(town: Town) -> None:
    town.sweep(OPENING)
    town.sweep(date(2027, 3, 30))
    by_status = {(n.rung, n.status) for n in town.notices()}
    assert ("warning", NoticeStatus.PLANNED) in by_status
    assert ("reminder", NoticeStatus.SUPERSEDED) in by_status
    assert ("last_reminder", NoticeStatus.SUPERSEDED) in by_status


def test_every_wake_equals_its_recomputation(database: Database) -> None:
    town = build_town(database, kinds=ALL_KINDS)
    town.live_through(date(2026, 10, 15), date(2026, 10, 20))
    for day in (OPENING, date(2027, 2, 10), date(2027, 3, 30), date(2027, 4, 14)):
        town.live(day)
        town.sweep(day)
        with database.reading(town.municipality_id) as session:
            stored = {
                wake.subject_id: wake.wake_on for wake in session.scalars(select(Wake)) if wake.subject_kind == "case"
            }
            cases = {case.id: case for case in session.scalars(select(Case))}
            facts = load_case_facts(session, load_organisation(session), cases)
            recomputed = {f.case_id: wake_on(LIFECYCLES[cases[f.case_id].lifecycle], f, day) for f in facts}
        assert stored == {case_id: wake for case_id, wake in recomputed.items() if wake is not None}


def test_the_journal_of_every_case_folds_to_its_row(database: Database) -> None:
    town = build_town(database, kinds=ALL_KINDS)
    town.live_through(date(2026, 10, 15), date(2026, 10, 16))
    town.live(date(2027, 3, 10))
    with database.reading(town.municipality_id) as session:
        for case in session.scalars(select(Case)):
            standing = fold(LIFECYCLES[case.lifecycle], [entry for entry, _ in entries(session, case.id)])
            assert standing is not None
            assert (standing.state, standing.due_on) == (case.state, case.due_on)


def test_a_dry_run_counts_and_writes_nothing(town: Town) -> None:
    report = run_sweep(town.database, LIFECYCLES["goal_setting"], nine(OPENING), dry_run=True)
    assert report.opened == 2
    assert town.cases() == []
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(JournalEntry).where(JournalEntry.kind == EntryKind.CASE_OPENED)).all() == []


def after(calls: int) -> Callable[[], bool]:
    """Time that is over when it has been asked for so many times."""
    asked = count(1)
    return lambda: next(asked) >= calls


def test_a_sweep_whose_time_is_over_leaves_the_rest_to_the_next_one(database: Database) -> None:
    towns = [build_town(database, slug) for slug in ("norrby", "soderby", "vasterby")]
    goals = LIFECYCLES["goal_setting"]
    first = run_sweep(database, goals, nine(OPENING), is_over=after(1))
    assert (first.opened, first.cut_short) == (2, 1)
    assert sorted(len(town.cases()) for town in towns) == [0, 0, 2]
    rest = run_sweep(database, goals, nine(OPENING))
    assert (rest.opened, rest.cut_short) == (4, 0)
    assert [len(town.cases()) for town in towns] == [2, 2, 2]


def test_one_that_is_stuck_takes_no_other_ones_turn(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the least comes first, at every sweep: it might hold up all others for as long as it is stuck."""
    stuck = min(build_town(database, slug).municipality_id for slug in ("norrby", "soderby"))

    def load_or_fail(session: Session) -> Organisation:
        if municipality_of(session) == stuck:
            raise TimeoutError
        return load_organisation(session)

    monkeypatch.setattr(sweep, "load_organisation", load_or_fail)
    report = run_sweep(database, LIFECYCLES["goal_setting"], nine(OPENING), is_over=lambda: True)
    assert (report.stuck, report.opened, report.cut_short) == (1, 2, 1)


COMMITTEES = ("barnnämnden", "byggnämnden", "socialnämnden")


def test_a_sweep_begins_where_the_least_wakes(database: Database) -> None:
    """Whoever has one duty waits behind nobody's hundred."""
    towns = [build_town(database, slug, committees=COMMITTEES[:many]) for slug, many in (("a", 3), ("b", 1), ("c", 2))]
    for town in towns:
        town.sweep(OPENING)
    with database.system() as session:
        session.execute(update(Wake).where(Wake.subject_kind == SubjectKind.CASE).values(wake_on=OPENING))
    with database.system(read_only=True) as session:
        waking = municipalities_waking(session, "goal_setting", OPENING)
    assert waking == [towns[place].municipality_id for place in (1, 2, 0)]
