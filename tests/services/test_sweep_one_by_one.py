"""A subject that cannot be written about is set aside on both databases, and stops nobody else of its municipality."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from structlog.testing import capture_logs

from styrhjul.db.journal import entries
from styrhjul.db.session import Database
from styrhjul.domain.action import Action
from styrhjul.domain.journal import EntryKind, fold
from styrhjul.domain.lifecycle import State
from styrhjul.services.cases import plan_writing
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.operations.quarantine import list_quarantine, release_quarantine
from styrhjul.services.records.journal import verify_journals
from tests.servers import past_every_session
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

OPENING = date(2027, 1, 7)
WARNING = date(2027, 3, 30)
NEXT_ROUND = date(2028, 1, 10)
COMMITTEES = ("barnnämnden", "byggnämnden", "socialnämnden")
NOTICED = "INSERT ON notice", "case_id"
CLOSED = 'UPDATE ON "case"', "id"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
def town(database: Database) -> Town:
    """Three committees, each with a case that is open and told of."""
    town = build_town(database, committees=COMMITTEES)
    town.sweep(OPENING)
    return town


@contextmanager
def refused(database: Database, where: tuple[str, str], subject_id: str) -> Iterator[None]:
    """The database itself refuses every such row of one subject, for as long as it lasts."""
    (what, column), table = where, where[0].split(" ON ")[1]
    when = f"CREATE TRIGGER refusing BEFORE {what} FOR EACH ROW WHEN (new.{column} = '{subject_id}')"
    if database.is_sqlite:
        made = [f"{when} BEGIN SELECT RAISE(ABORT, 'refused here'); END"]
        undone = ["DROP TRIGGER refusing"]
    else:
        body = "BEGIN RAISE EXCEPTION 'refused here' USING ERRCODE = 'check_violation'; END"
        made = [
            f"CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            f"{when} EXECUTE FUNCTION refusing()",
        ]
        undone = [f"DROP TRIGGER refusing ON {table}", "DROP FUNCTION refusing()"]
    _run(database, made)
    try:
        yield
    finally:
        _run(database, undone)


def _run(database: Database, statements: Iterable[str]) -> None:
    with past_every_session(database) as connection:
        for statement in statements:
            connection.execute(text(statement))


def aside(town: Town) -> list[str]:
    return [row.subject_id for row in list_quarantine(town.database, town.municipality_id)]


def told(town: Town, day: date) -> set[str]:
    return {notice.case_id for notice in town.notices() if notice.planned_on == day}


def every_journal_folds_to_its_row(town: Town) -> bool:
    with town.database.reading(town.municipality_id) as session:
        cases = {case.id: case.state for case in town.cases()}
        folded = {
            each: fold(LIFECYCLES["goal_setting"], [entry for entry, _ in entries(session, each)]) for each in cases
        }
    states = {each: standing.state for each, standing in folded.items() if standing is not None}
    return states == cases and not verify_journals(town.database).broken


def test_a_case_that_cannot_be_written_about_is_set_aside_and_the_others_are_told(town: Town) -> None:
    poisoned, *others = sorted(case.id for case in town.cases())
    with refused(town.database, NOTICED, poisoned):
        report = town.sweep(WARNING)
        assert (report.woken, report.quarantined, report.stuck) == (3, 1, 0)
        assert (told(town, WARNING), aside(town)) == (set(others), [poisoned])
        again = town.sweep(WARNING)
        assert (again.woken, again.quarantined, again.stuck) == (0, 0, 0)
    [row] = list_quarantine(town.database, town.municipality_id)
    assert row.error == "IntegrityError: refused here"
    assert every_journal_folds_to_its_row(town)


def test_each_of_its_notices_stands_in_the_journal_once(town: Town) -> None:
    poisoned = min(case.id for case in town.cases())
    with refused(town.database, NOTICED, poisoned):
        town.sweep(WARNING)
    with town.database.reading(town.municipality_id) as session:
        written = [entry.case_id for entry, _ in entries(session) if entry.data.get("on") == WARNING.isoformat()]
        kinds = [entry.kind for entry, _ in entries(session)]
    assert sorted(map(str, written)) == sorted(n.case_id for n in town.notices() if n.planned_on == WARNING)
    assert kinds.count(EntryKind.QUARANTINED) == 1


def test_a_mended_case_comes_back_and_is_told_what_it_missed(town: Town) -> None:
    poisoned = max(case.id for case in town.cases())
    with refused(town.database, NOTICED, poisoned):
        town.sweep(WARNING)
        release_quarantine(town.database, town.municipality_id, poisoned, by="registrator", now=nine(WARNING))
        assert (town.sweep(WARNING).quarantined, aside(town)) == (1, [poisoned])
    release_quarantine(town.database, town.municipality_id, poisoned, by="registrator", now=nine(WARNING))
    assert (town.sweep(WARNING).quarantined, aside(town)) == (0, [])
    assert told(town, WARNING) == {case.id for case in town.cases()}
    assert every_journal_folds_to_its_row(town)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_the_unit_of_work_cannot_write_takes_no_line_of_another_with_it(town: Town, place: int) -> None:
    """A flush that fails undoes the savepoint it stands in, and nothing that was written down before that."""
    old = sorted(case.id for case in town.cases())
    with refused(town.database, CLOSED, old[place]):
        report = town.sweep(NEXT_ROUND)
        assert (report.quarantined, report.stuck, aside(town)) == (1, 0, [old[place]])
    closed = {case.id for case in town.cases() if case.state != State.OPEN}
    assert closed == set(old) - {old[place]}
    assert every_journal_folds_to_its_row(town)


TROUBLES = (
    OperationalError("x", None, TimeoutError("lock")),
    ProgrammingError("x", None, LookupError("table")),
    StaleDataError("moved meanwhile"),
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
def test_what_is_no_subjects_fault_sets_nothing_aside(
    town: Town, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_not_given(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(plan_writing, "end_documents", lock_not_given)
        report = run_sweep(town.database, LIFECYCLES["goal_setting"], nine(WARNING))
    assert (report.stuck, report.quarantined, aside(town), told(town, WARNING)) == (1, 0, [], set())
    assert town.sweep(WARNING).woken == 3


def test_a_lock_that_is_not_given_while_one_by_one_sets_nothing_aside(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: Session, actions: Iterable[Action], now: object) -> None:
        del session, now
        if len({getattr(action, "case_id", None) for action in actions}) > 1:
            raise ValueError("some of them")
        raise OperationalError("x", None, TimeoutError())

    with monkeypatch.context() as patched:
        patched.setattr(plan_writing, "end_documents", fail)
        report = run_sweep(town.database, LIFECYCLES["goal_setting"], nine(WARNING))
    assert (report.stuck, report.quarantined, aside(town)) == (1, 0, [])


def test_a_batch_where_nothing_is_wrong_costs_one_savepoint(town: Town) -> None:
    heard: list[str] = []

    def hear(_connection: object, _savepoint: object) -> None:
        heard.append("savepoint")

    event.listen(town.database.engine, "savepoint", hear)
    assert run_sweep(town.database, LIFECYCLES["goal_setting"], nine(WARNING)).woken == 3
    event.remove(town.database.engine, "savepoint", hear)
    assert heard == ["savepoint"]
