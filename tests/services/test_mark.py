"""While mail leaves the database is locked, full or gone: what it cannot be told of must not leave again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import OperationalError

from styrhjul.db.mail_model import MailStatus
from styrhjul.db.session import Database
from styrhjul.mail.outcome import Accepted
from styrhjul.services.delivery import deliver as deliver_module
from styrhjul.services.delivery.deliver import MARK_TRIES, NotMarked, deliver
from tests.servers import owner_url
from tests.town import Town, nine, town_with_mail

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_mail(database, OPENING)


def at_nine(town: Town) -> int:
    """Deliver in the morning; return how many were sent."""
    return deliver(town.database, town.mailroom, lambda: NINE).sent


class Stubborn(Database):
    """A database that is locked the first times a mark is made."""

    def __init__(self, town: Town, locked: int) -> None:
        super().__init__(town.database.url.render_as_string(hide_password=False))
        self.locked = locked

    @contextmanager
    def marking(self) -> Iterator[Connection]:
        with super().marking() as connection:
            event.listen(connection, "before_cursor_execute", self.refuse)
            yield connection

    def refuse(self, *_: object) -> None:
        if self.locked:
            self.locked -= 1
            raise OperationalError("INSERT", {}, Exception("database is locked"))


@pytest.mark.parametrize("locked", [1, MARK_TRIES - 1])
def test_the_mark_of_an_accepted_mail_is_tried_a_few_times(town: Town, locked: int) -> None:
    stubborn = Stubborn(town, locked)
    assert deliver(stubborn, town.mailroom, lambda: NINE).sent == 4
    stubborn.dispose()
    assert len(town.transport.taken) == 4


def test_nothing_more_leaves_while_no_mark_can_be_made_and_the_rest_is_given_back(town: Town) -> None:
    """What leaves without a mark leaves again: one mail may, and not the whole outbox at every run."""
    stubborn = Stubborn(town, locked=MARK_TRIES)
    with pytest.raises(NotMarked):
        deliver(stubborn, town.mailroom, lambda: NINE)
    stubborn.dispose()
    assert len(town.transport.taken) == 1
    assert sorted((mail.status, mail.attempts) for mail in town.mails()) == [
        *[(MailStatus.QUEUED, 0)] * 3,
        (MailStatus.SENDING, 1),
    ]


def test_a_database_that_gives_no_line_for_marks_leaves_no_mail_leased(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Database) -> AbstractContextManager[Connection]:
        raise OperationalError("SELECT", {}, Exception("too many connections"))

    monkeypatch.setattr(Database, "marking", full)
    with pytest.raises(OperationalError):
        at_nine(town)
    assert town.transport.taken == []
    assert [(mail.status, mail.attempts) for mail in town.mails()] == [(MailStatus.QUEUED, 0)] * 4


class Gone(Exception):
    """What psycopg raises where no server answers: an error without a code."""

    sqlstate = None


def test_a_database_that_is_gone_is_the_fault_of_no_mail(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object) -> None:
        raise OperationalError("SELECT", {}, Gone())

    monkeypatch.setattr(deliver_module, "begin_together", look)
    with pytest.raises(OperationalError):
        at_nine(town)
    assert [(mail.status, mail.attempts) for mail in town.mails()] == [(MailStatus.QUEUED, 0)] * 4


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # a file is not lost
def test_a_mark_whose_line_to_the_database_was_lost_is_made_on_a_new_one(town: Town) -> None:
    thrown_out: list[int] = []

    def taken(_: str) -> Accepted:
        if not thrown_out:
            thrown_out.append(throw_everybody_out(town.database))
        return Accepted("250")

    town.transport.reply = taken
    assert at_nine(town) == 4
    assert thrown_out[0] > 0
    assert len(town.transport.taken) == 4


def throw_everybody_out(database: Database) -> int:
    """Return how many lines there were."""
    engine = create_engine(owner_url(database), isolation_level="AUTOCOMMIT")
    everybody = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    others = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        found = connection.scalar(text(f"{everybody} {others}"))
    engine.dispose()
    return found or 0
