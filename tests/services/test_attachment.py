"""Files with an answer: kept with the draft, gone if they are taken away, and part of the answer once handed in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.answer_query import load_versions
from styrhjul.db.attachment_model import Attachment
from styrhjul.db.case_model import Case, JournalEntry
from styrhjul.db.case_write import end_cases
from styrhjul.db.competing_query import load_competing
from styrhjul.domain.office import PostRole
from styrhjul.mail.seal import Sealer
from styrhjul.services.answering import attachment as service
from styrhjul.services.answering.answer import AnsweredMeanwhile, NotComplete, Submission, submit
from styrhjul.services.answering.attachment import NoRoom, SentFile, TooMany, attach, detach, file_of_case, file_of_link
from styrhjul.services.answering.draft import NotKept, SavedDraft, Typed, drafts_of
from styrhjul.services.answering.opened_link import find_opened
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.records.saving import answer_record_of
from tests.answer_world import NOW, World, ask
from tests.services.test_answer import GOALS, world

if TYPE_CHECKING:
    from styrhjul.db.session import Database
    from styrhjul.services.foundation.mailroom import Mailroom

__all__ = ["world"]  # a fixture
SEALER = Sealer("k" * 40)
FORM = "a" * 32
FILE = SentFile(name="Tjänsteskrivelse.pdf", media_type="application/pdf", content=b"%PDF-1.7 the text %%EOF")
_PROGRAM = """
import sys
from datetime import UTC, datetime
from styrhjul.db.session import Database
from styrhjul.mail.seal import Sealer
from styrhjul.services.answering.attachment import SentFile, attach
from styrhjul.services.answering.draft import Typed
file = SentFile(name="a.pdf", media_type="application/pdf", content=b"x")
now = datetime(2027, 3, 10, 9, tzinfo=UTC)
attach(Database(sys.argv[1]), Sealer("k" * 40), sys.argv[2], Typed("a" * 32, []), file, now=now)
"""


def drafts_at(database: Database, token: str, sealer: Sealer = SEALER) -> list[SavedDraft]:
    """The drafts behind a link."""
    return drafts_of(database, sealer, find_opened(database, token))


def typed(database: Database, token: str, form_id: str = FORM) -> Typed:
    """What stands in the form after it was last saved."""
    kept = {draft.form_id: draft.fields for draft in drafts_at(database, token)}
    return Typed(form_id, kept.get(form_id, (("form_id", form_id),)))


def sent(database: Database, world: World, file: SentFile = FILE, form_id: str = FORM) -> tuple[str, ...]:
    """Send a file; return the ids that the form carries then."""
    attach(database, SEALER, world.chair, typed(database, world.chair, form_id), file, now=NOW)
    after = typed(database, world.chair, form_id)
    return tuple(value for name, value in after.fields if name.startswith("attachments-"))


def another(number: int) -> SentFile:
    return SentFile(name=f"{number}.txt", media_type="text/plain", content=str(number).encode())


def submission(world: World, files: tuple[str, ...], form_id: str = FORM, seen: int = 0) -> Submission:
    return Submission(token=world.chair, answer=GOALS, form_id=form_id, seen_version=seen, files=files)


def names(database: Database, world: World) -> list[list[str]]:
    """The files of every version of the answer."""
    with database.reading(world.municipality_id) as session:
        return [[file.name for file in each.attachments] for each in load_versions(session, world.case_id)]


def kept(database: Database, world: World) -> int:
    with database.reading(world.municipality_id) as session:
        return len(session.scalars(select(Attachment.id)).all())


def test_a_file_is_kept_with_the_draft_and_the_same_one_once(database: Database, world: World) -> None:
    assert sent(database, world) == sent(database, world)
    assert kept(database, world) == 1
    with pytest.raises(NotHere):
        file_of_case(database, "herrljunga", world.case_id, sent(database, world)[0])


def test_a_file_that_is_taken_away_is_gone(database: Database, world: World) -> None:
    [file] = sent(database, world)
    detach(database, SEALER, world.chair, typed(database, world.chair), file, now=NOW)
    assert kept(database, world) == 0
    assert typed(database, world.chair).fields == (("form_id", FORM),)


def test_a_file_becomes_part_of_the_answer_and_its_journal(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    files = sent(database, world)
    submit(database, mailroom, submission(world, files), now=NOW)
    assert names(database, world) == [["Tjänsteskrivelse.pdf"]]
    assert file_of_case(database, "herrljunga", world.case_id, files[0]).content == FILE.content
    with database.reading(world.municipality_id) as session:
        told = [entry.data.get("attachments") for entry in session.scalars(select(JournalEntry))]
    assert [sha256(FILE.content).hexdigest()] in told


def test_each_version_keeps_its_own_files(database: Database, world: World, mailroom: Mailroom) -> None:
    [first] = sent(database, world)
    submit(database, mailroom, submission(world, (first,)), now=NOW)
    [second] = sent(database, world, another(2), "b" * 32)
    submit(database, mailroom, submission(world, (first, second), "b" * 32, seen=1), now=NOW)
    submit(database, mailroom, submission(world, (second,), "c" * 32, seen=2), now=NOW)
    assert names(database, world) == [["Tjänsteskrivelse.pdf"], ["Tjänsteskrivelse.pdf", "2.txt"], ["2.txt"]]


def test_what_was_handed_in_cannot_be_taken_away(database: Database, world: World, mailroom: Mailroom) -> None:
    [first] = sent(database, world)
    submit(database, mailroom, submission(world, (first,)), now=NOW)
    changed = Typed("b" * 32, (("attachments-0", first),))
    detach(database, SEALER, world.chair, changed, first, now=NOW)
    assert file_of_link(database, world.chair, first, now=NOW).content == FILE.content


def test_a_file_that_is_no_longer_there_stops_the_answer(database: Database, world: World, mailroom: Mailroom) -> None:
    with pytest.raises(NotComplete):
        submit(database, mailroom, submission(world, ("0" * 32,)), now=NOW)
    assert names(database, world) == []


def test_another_offices_draft_file_cannot_be_handed_in_or_read(
    database: Database, world: World, mailroom: Mailroom
) -> None:
    [file] = sent(database, world)
    secretary = world.tokens[PostRole.SECRETARY]
    with pytest.raises(NotHere):
        file_of_link(database, secretary, file, now=NOW)
    theirs = Submission(token=secretary, answer=GOALS, form_id="b" * 32, seen_version=0, files=(file,))
    with pytest.raises(NotComplete):
        submit(database, mailroom, theirs, now=NOW)


def test_the_files_of_an_answer_that_came_second_are_kept(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, submission(world, ()), now=NOW)
    files = sent(database, world, form_id="b" * 32)
    with pytest.raises(AnsweredMeanwhile):
        submit(database, mailroom, submission(world, files, "b" * 32), now=NOW)
    with database.reading(world.municipality_id) as session:
        [second] = load_competing(session, world.case_id)
    assert [file.attachment_id for file in second.attachments] == list(files)
    assert file_of_case(database, "herrljunga", world.case_id, files[0]).content == FILE.content


def test_an_answer_holds_so_many_files_and_a_case_so_many_bytes(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(service.MOST_FILES):
        sent(database, world, another(number))
    with pytest.raises(TooMany):
        sent(database, world, another(99))
    assert kept(database, world) == service.MOST_FILES
    for quota in ("MOST_BYTES_OF_CASE", "MOST_BYTES_OF_MUNICIPALITY"):
        monkeypatch.setattr(service, quota, 10)
        with pytest.raises(NoRoom):
            sent(database, world, another(100), "b" * 32)
        monkeypatch.undo()


def test_whoever_may_not_answer_sends_no_file(database: Database, world: World) -> None:
    chief = world.tokens[PostRole.CHIEF_EXECUTIVE]
    with pytest.raises(NotKept):
        attach(database, SEALER, chief, Typed(FORM, ()), FILE, now=NOW)
    assert kept(database, world) == 0


def test_a_case_that_ends_forgets_what_was_not_handed_in(database: Database, world: World) -> None:
    sent(database, world)
    with database.municipality(world.municipality_id) as session:
        end_cases(session, [session.scalars(select(Case)).one()], "ended", NOW, by="test")
    assert kept(database, world) == 0


def test_the_record_names_each_file_with_its_hash(database: Database, world: World, mailroom: Mailroom) -> None:
    submit(database, mailroom, submission(world, sent(database, world)), now=NOW)
    record = answer_record_of(database, world.municipality_id, world.case_id).metadata
    [file] = record.attachments
    assert (file.name, file.sha256) == ("Tjänsteskrivelse.pdf", sha256(FILE.content).hexdigest())
    assert file.sha256 in str(record.versions[0].content)


@pytest.mark.parametrize(("point", "there"), [("before_attachment_commit", 0), ("after_attachment_commit", 1)])
def test_a_process_killed_while_taking_a_file_leaves_it_with_its_draft_or_neither(
    database: Database, world: World, point: str, there: int
) -> None:
    url = database.url.render_as_string(hide_password=False)
    armed = os.environ | {"STYRHJUL_CRASHPOINT": point}
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, url, world.chair], env=armed, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (kept(database, world), len(drafts_at(database, world.chair))) == (there, there)


def test_another_municipality_reads_nothing_of_it(database: Database, world: World, mailroom: Mailroom) -> None:
    other = ask(database, slug="olofstrom")
    files = sent(database, world)
    submit(database, mailroom, submission(world, files), now=NOW)
    with pytest.raises(NotHere):
        file_of_case(database, "olofstrom", world.case_id, files[0])
    with pytest.raises(NotHere):
        file_of_link(database, other.chair, files[0], now=NOW)
