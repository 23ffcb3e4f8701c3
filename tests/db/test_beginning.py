"""SQLite knows nothing of how much a table holds: where a question begins is for its words to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from styrhjul.db.carried_query import carried_by, lock_carried
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.journal import entries
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from tests.answer_world import ask

#: Tables that grow for as long as the program runs, and how SQLite says that it reads all a municipality has in them.
LONG = ("mail_item", "journal_entry")
ALL_OF_IT = "(municipality_id=?)"
OTHERS = [f"{number:032}" for number in range(40)]

#: Each is given the id of a case, and asks of mails that are not there.
QUESTIONS: dict[str, Callable[[Session, str], object]] = {
    "facts of a case": lambda session, case_id: load_case_facts(session, load_organisation(session), [case_id]),
    "facts of many": lambda session, case_id: load_case_facts(session, load_organisation(session), [case_id, *OTHERS]),
    "what a mail holds": lambda session, _: carried_by(session, OTHERS[:1]),
    "what many hold": lambda session, _: carried_by(session, OTHERS),
    "what they carry, locked": lambda session, _: lock_carried(session, OTHERS),
    "journal of a case": lambda session, case_id: list(entries(session, case_id)),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_nothing_of_a_case_is_looked_for_among_all_that_was_ever_written(
    sqlite_database_url: str, question: Callable[[Session, str], object]
) -> None:
    database = Database(sqlite_database_url)
    town = ask(database)
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], tuple(given[3]))))
    with database.municipality(town.municipality_id) as session:
        question(session, town.case_id)
    answered = [(sql, values) for sql, values in asked if sql.startswith("SELECT")]
    with database.engine.connect() as connection:
        plans = [
            step.detail
            for sql, values in answered
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    database.dispose()
    of_long = [step for step in plans if step.split()[1] in LONG]
    assert of_long
    assert [step for step in of_long if step.startswith("SCAN") or ALL_OF_IT in step] == []
