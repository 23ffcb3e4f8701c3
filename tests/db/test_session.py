"""Who may open which session: one municipality's almost everywhere, all municipalities' in a short list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from styrhjul.db.asked_query import find_link
from styrhjul.db.case_model import Answer, Case
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Municipality
from styrhjul.db.session import Database, NotScoped
from styrhjul.domain.lifecycle import State
from styrhjul.services.answering.answer import LinkGone, Submission, submit
from styrhjul.services.mailing.link import token_hash
from tests.answer_world import NOW, World, ask
from tests.faults.scene import GOALS
from tests.faults.worker import mailroom_to
from tests.house import Module, modules
from tests.servers import past_every_session

#: Modules that look across municipalities, and why.
ACROSS = {
    "styrhjul/services/operations/backup.py",  # a backup is of the installation as a whole
    "styrhjul/services/cases/calendar_feed.py",  # an address does not say whose calendar it is
    "styrhjul/services/cases/decision.py",  # the beginning of an id does not say whose it is
    "styrhjul/services/delivery/compose.py",  # which municipalities have mail to write
    "styrhjul/services/delivery/deliver.py",  # the outbox is one queue
    "styrhjul/services/delivery/waiting.py",  # the outbox is one queue
    "styrhjul/services/operations/doctor.py",  # the installation as a whole
    "styrhjul/services/operations/doctor_mail.py",  # the outbox as a whole
    "styrhjul/services/cases/explain.py",  # a Message-ID does not say whose it is
    "styrhjul/services/operations/figures.py",  # what alarms stand on is the installation as a whole
    "styrhjul/services/operations/hold.py",  # the installation as a whole is held
    "styrhjul/services/delivery/inbound.py",  # a mail that comes in does not say whose it is
    "styrhjul/services/foundation/installation.py",  # lists the municipalities
    "styrhjul/services/records/journal.py",  # lists the municipalities
    "styrhjul/services/municipality/ladder.py",  # the doctor asks about the installation as a whole
    "styrhjul/services/delivery/late.py",  # which municipalities have mail that is late
    "styrhjul/services/municipality/directory.py",  # lists the municipalities
    "styrhjul/services/answering/opened_link.py",  # a token does not say whose it is
    "styrhjul/services/operations/order_making.py",  # what is ordered is one queue
    "styrhjul/services/policies/calendar_feed.py",  # an address does not say whose policy it is
    "styrhjul/services/operations/play.py",  # the next day on which anything wakes
    "styrhjul/services/operations/clock_guard.py",  # the pulse belongs to nobody
    "styrhjul/services/operations/pulse.py",  # which messages of the outbox of webhooks are tests
    "styrhjul/services/operations/pulse_record.py",  # the pulse belongs to nobody
    "styrhjul/services/operations/step_request.py",  # the pulse belongs to nobody
    "styrhjul/services/organisation/reach.py",  # the installation as a whole
    "styrhjul/services/operations/reconcile.py",  # a mail server's log does not say whose its mails are
    "styrhjul/services/records/saving.py",  # a Message-ID does not say whose it is
    "styrhjul/services/foundation/limit.py",  # how often a caller has tried, whichever municipality is meant
    "styrhjul/services/sign_in/oidc.py",  # which municipalities sign in with their own account
    "styrhjul/services/mailing/signing.py",  # doctor: who signs
    "styrhjul/services/overview/standing.py",  # the page that lists the municipalities
    "styrhjul/services/cases/sweep.py",  # which municipalities have anything waking
    "styrhjul/services/operations/tally.py",  # lists the municipalities
    "styrhjul/services/municipality/trial.py",  # doctor: who is on trial
    "styrhjul/services/api/webhook_deliver.py",  # what goes to other systems is one queue
    "styrhjul/services/municipality/wording.py",  # doctor: whose own words are set aside
    "styrhjul/web/health.py",  # the installation as a whole
}
#: What goes past a session's filter. None of it outside the database's own room.
PAST_THE_FILTER = {
    "__table__",
    "bulk_insert_mappings",
    "bulk_save_objects",
    "bulk_update_mappings",
    "connection",
    "exec_driver_sql",
    "get_bind",
}
MAKERS = ("Session", "sessionmaker", "scoped_session", "create_engine", "text", "literal_column")
#: `doctor` asks PostgreSQL and SQLite for their version.
VERSION_ONLY = {("styrhjul/services/operations/doctor.py", "sqlalchemy.text")}


def outside() -> Iterator[Module]:
    """Every module of the program that is not the database's own."""
    return (module for module in modules() if module.is_product and module.path.parts[:2] != ("styrhjul", "db"))


def test_only_the_listed_modules_look_across_municipalities() -> None:
    found = {str(m.path) for m in outside() for _, name in m.calls() if name.endswith((".system", ".marking"))}
    assert found == ACROSS


def test_nothing_outside_the_databases_room_goes_past_the_filter() -> None:
    past = {
        (str(module.path), node.attr)
        for module in outside()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in PAST_THE_FILTER
    }
    made = {
        (str(module.path), name)
        for module in outside()
        for _, name in module.calls()
        if name.startswith("sqlalchemy") and name.endswith(MAKERS)
    }
    assert past == set()
    assert made == VERSION_ONLY


@pytest.fixture
def ours(database: Database) -> World:
    return ask(database, slug="herrljunga")


@pytest.fixture
def theirs(database: Database, ours: World) -> World:
    """Another municipality with the same bodies, offices and names."""
    return ask(database, slug="grums")


def test_a_link_of_theirs_cannot_be_found_from_ours(database: Database, ours: World, theirs: World) -> None:
    hashed = token_hash(theirs.chair)
    with database.municipality(ours.municipality_id) as session:
        with pytest.raises(NotScoped):
            find_link(session, hashed)
        assert session.scalar(select(func.count()).select_from(AnswerLink)) == len(ours.tokens)
    with database.system(read_only=True) as session:
        assert find_link(session, hashed) is not None


def test_an_answer_goes_to_the_municipality_whose_link_it_is(database: Database, ours: World, theirs: World) -> None:
    submission = Submission(token=theirs.chair, answer=GOALS, form_id="f" * 32, seen_version=0)
    submit(database, mailroom_to("smtp://127.0.0.1:9"), submission, now=NOW)
    for world, state, answers in ((ours, State.OPEN, 0), (theirs, State.SUBMITTED, 1)):
        with database.reading(world.municipality_id) as session:
            assert session.scalars(select(Case.state)).all() == [state]
            assert session.scalar(select(func.count()).select_from(Answer)) == answers


def test_the_same_form_id_in_two_municipalities_is_two_answers(database: Database, ours: World, theirs: World) -> None:
    for world in (ours, theirs):
        submission = Submission(token=world.chair, answer=GOALS, form_id="f" * 32, seen_version=0)
        submit(database, mailroom_to("smtp://127.0.0.1:9"), submission, now=NOW)
    with past_every_session(database) as connection:
        assert connection.scalar(select(func.count()).select_from(Answer)) == 2


def test_a_token_nobody_has_is_nobodys(database: Database, ours: World) -> None:
    with pytest.raises(LinkGone):
        submit(
            database,
            mailroom_to("smtp://127.0.0.1:9"),
            Submission(token="x" * 43, answer=GOALS, form_id="f" * 32, seen_version=0),
            now=NOW,
        )


def test_what_fails_leaves_nothing(database: Database, ours: World) -> None:
    with database.municipality(ours.municipality_id) as session:
        session.get_one(Municipality, ours.municipality_id).name = "Ny kommun"
        session.flush()
        session.add(AnswerLink(token_sha256=token_hash(ours.chair)))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
    with database.reading(ours.municipality_id) as session:
        assert session.scalars(select(Municipality.name)).all() == ["Herrljunga kommun"]


def test_every_transaction_is_durable_when_it_is_committed(database: Database) -> None:
    """FULL and on; F-28. Only the mark that a mail was accepted may cost less, on SQLite."""
    asked, safe = ("PRAGMA synchronous", 2) if database.is_sqlite else ("SHOW synchronous_commit", "on")
    with database.system() as session:
        assert session.scalar(text(asked)) == safe
    with database.marking() as connection:
        assert connection.scalar(text(asked)) == (1 if database.is_sqlite else "on")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlites_log_grows_to_sixteen_megabytes_whoever_writes(database: Database) -> None:
    """Whoever commits when it is full puts it into the file: the line for marks has the same measure."""
    for opened in (database.engine.connect(), database.marking()):
        with opened as connection:
            pages, each = (
                connection.scalar(text("PRAGMA wal_autocheckpoint")),
                connection.scalar(text("PRAGMA page_size")),
            )
            assert pages * each == 16_384_000


def test_no_plan_is_kept_that_was_made_while_the_outbox_was_empty(database: Database) -> None:
    """A kept plan that reads whole tables took fifteen seconds for a morning's sweep of four hundred notices."""
    if database.is_sqlite:
        assert database.engine.dialect.name == "sqlite"  # plans by its indexes alone
        return
    with database.engine.connect() as connection:
        assert connection.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"


def test_no_statement_keeps_postgresql_for_more_than_a_minute(postgres_database_url: str) -> None:
    database = Database(postgres_database_url)
    for opened in (database.engine.connect(), database.marking()):
        with opened as connection:
            assert connection.scalar(text("SHOW statement_timeout")) == "1min"
    database.dispose()


def test_each_end_of_a_line_to_postgresql_asks_whether_the_other_still_lives(postgres_database_url: str) -> None:
    """Else the locks of a host without power stand for two hours; tests/faults/test_hosts.py takes the power away."""
    database = Database(postgres_database_url)
    for opened in (database.engine.connect(), database.marking()):
        with opened as connection:
            asked: Any = connection.connection.driver_connection
            line = asked.info.get_parameters()
            assert {
                "keepalives_idle": "10",
                "tcp_user_timeout": "25000",
                "connect_timeout": "10",
            }.items() <= line.items()
            assert "tcp_keepalives_idle=10" in line["options"]
    database.dispose()
