"""The last line: even if all our own care failed, the database refuses what must not be there twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from styrhjul.db.answer_write import move_case
from styrhjul.db.asked_query import load_asked_case
from styrhjul.db.case_model import Answer, Case, Notice
from styrhjul.db.journal import Line
from styrhjul.db.mail_model import AnswerLink, Mail
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from tests.one_of_each import insert_one_of_each, row_like
from tests.town import Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.model import Row

TWICE: dict[str, tuple[type[Row], tuple[str, ...]]] = {
    "the same notice": (Notice, ("case_id", "due_on", "rung", "post_id")),
    "a second mail of the day to a mailbox": (Mail, ("address", "digest_on")),
    "a mail with another's Message-ID": (Mail, ("message_id",)),
    "a second case for the same round": (Case, ("policy_id", "lifecycle", "body_id", "period")),
    "a second answer by the same form": (Answer, ("form_id",)),
    "two answers with the same version": (Answer, ("case_id", "version")),
    "a token that is somebody else's": (AnswerLink, ("token_sha256",)),
}


@pytest.mark.parametrize(("table", "key"), TWICE.values(), ids=TWICE.keys())
def test_the_database_refuses(database: Database, table: type[Row], key: tuple[str, ...]) -> None:
    rows = insert_one_of_each(database, "vinterby")
    name = table.__tablename__  # type: ignore[attr-defined]
    same = {column: rows[name][column] for column in key}
    otherwise: dict[str, object] = {"version": 2} if name == "answer" and "version" not in key else {}
    otherwise |= {"digest_on": date(2027, 1, 8)} if name == "mail" and "digest_on" not in key else {}
    with pytest.raises(IntegrityError), database.municipality(str(rows["municipality"]["id"])) as session:
        session.execute(insert(table), [row_like(rows, table.__table__, **same, **otherwise)])  # type: ignore[attr-defined]


def answered(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Case).order_by(Case.id)).first().due_source = "en annan"  # type: ignore[union-attr]


def test_who_decides_on_an_older_version_of_a_case_is_refused(postgres_database_url: str) -> None:
    """Compare-and-set: both read the case, one of them writes first."""
    town = build_town(Database(postgres_database_url))
    town.sweep(date(2027, 1, 7))
    with ThreadPoolExecutor(1) as beside, town.database.municipality(town.municipality_id) as session:
        case = session.scalars(select(Case).order_by(Case.id)).first()
        assert case is not None
        beside.submit(answered, town).result(60)
        case.due_source = "en tredje"
        with pytest.raises(StaleDataError):
            session.flush()
        session.rollback()
    assert {case.due_source for case in town.cases()} >= {"en annan"}
    town.database.dispose()


def test_who_answers_on_an_older_version_of_a_case_is_refused(postgres_database_url: str) -> None:
    """The question was read, somebody else moved the case, and only then the answer is written."""
    town = build_town(Database(postgres_database_url))
    town.sweep(date(2027, 1, 7))
    line = Line(kind=EntryKind.CASE_MOVED, by="Nämnden", data={"event": "submit"})
    with ThreadPoolExecutor(1) as beside, town.database.municipality(town.municipality_id) as session:
        asked = load_asked_case(session, session.scalars(select(Case.id).order_by(Case.id)).all()[0])
        beside.submit(answered, town).result(60)
        with pytest.raises(StaleDataError):
            move_case(session, asked, to=State.SUBMITTED, line=line, at=nine(date(2027, 1, 7)))
        session.rollback()
    assert {case.state for case in town.cases()} == {State.OPEN}
    town.database.dispose()
