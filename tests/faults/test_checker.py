"""The checker bites: what is planted is found, and a town where all went well gives no complaint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from styrhjul.db.session import Database
from tests.faults.checker import complaints, promised
from tests.faults.scene import OPENING
from tests.servers import past_every_session
from tests.smtp_sink import Received
from tests.town import Town, build_town

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from tests.faults.checker import Promise


@pytest.fixture
def town(sqlite_database_url: str) -> Iterator[Town]:
    """A town whose four first mails have left. Nobody was told of new offices: its handovers are not followed."""
    database = Database(sqlite_database_url)
    built = build_town(database)
    built.live(OPENING)
    yield built
    database.dispose()


def due(town: Town) -> Counter[Promise]:
    return promised(town, OPENING)


def spool(town: Town) -> list[Received]:
    return [Received("", (address,), raw) for address, raw in town.transport.taken]


def plant(town: Town, statement: str) -> None:
    with past_every_session(town.database) as connection:
        assert connection.execute(text(statement)).rowcount


def test_where_all_went_well_there_is_no_complaint(town: Town) -> None:
    assert complaints(town, spool(town)) == []


def test_what_was_due_and_never_planned_is_lost(town: Town) -> None:
    with_one_more = due(town) + due(town)
    assert any(each.startswith("lost: ") for each in complaints(town, spool(town), due=with_one_more))


def test_a_mail_that_the_server_never_got_is_lost(town: Town) -> None:
    [complaint] = complaints(town, spool(town)[1:])
    assert complaint.startswith("lost: ")


def test_a_copy_is_doubled_unless_it_was_allowed(town: Town) -> None:
    twice = [*spool(town), spool(town)[0]]
    assert complaints(town, twice) == ["doubled: 1 copies, 0 allowed"]
    assert complaints(town, twice, copies_allowed=1) == []


def test_a_copy_with_one_other_byte_is_not_identical(town: Town) -> None:
    first, *others = spool(town)
    altered = replace(first, raw=first.raw[:-3] + b"!\r\n")
    [complaint] = complaints(town, [first, altered, *others], copies_allowed=1)
    assert complaint.startswith("not identical: ")


def test_a_mail_in_another_mailbox_has_gone_astray(town: Town) -> None:
    first, *others = spool(town)
    [complaint] = complaints(town, [replace(first, recipients=("x@example.org",)), *others])
    assert complaint.startswith("gone astray: ")


def test_a_mail_that_nobody_wrote_is_unknown(town: Town) -> None:
    foreign = Received("", ("x@example.org",), b"Message-ID: <x@example.org>\r\n\r\n")
    assert complaints(town, [*spool(town), foreign]) == ["unknown: <x@example.org> was sent, and nobody wrote it"]


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE mail SET status = 'failed' WHERE id IN (SELECT id FROM mail LIMIT 1)", "wrong status: "),
        ("UPDATE mail SET status = 'queued' WHERE id IN (SELECT id FROM mail LIMIT 1)", "lost: "),
        ("DELETE FROM mail_attempt WHERE mail_id IN (SELECT id FROM mail LIMIT 1)", "wrong status: "),
        ("UPDATE notice SET status = 'failed' WHERE id IN (SELECT id FROM notice LIMIT 1)", "wrong status: "),
        ("UPDATE journal_head SET number = number + 1", "journal: "),
        ("UPDATE \"case\" SET due_on = '2027-12-24'", "journal: folds to "),
    ],
)
def test_a_row_that_tells_another_story_is_found(town: Town, statement: str, complaint: str) -> None:
    plant(town, statement)
    assert any(each.startswith(complaint) for each in complaints(town, spool(town)))
