"""An auditor's pack says what the database says, the same in every file of it, and the same bytes twice."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from config.clock import at_nine
from styrhjul.db.case_model import Answer, Case, Goal, JournalEntry, Notice
from styrhjul.db.mail_model import MailItem
from styrhjul.db.migrate import METADATA
from styrhjul.db.model import Edition, Policy
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind, seal
from styrhjul.reports.audit_document import audit_document
from styrhjul.reports.audit_words import KIND_WORDS, summary
from styrhjul.reports.block import Heading, Table, Text
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.records.export import Wish, export_to, import_from
from styrhjul.services.reports.audit import audit_pack
from styrhjul.services.reports.audit_check import Held, compare
from styrhjul.services.reports.audit_file import audit_file
from styrhjul.services.simulation.simulate import Town, live
from styrhjul.services.simulation.world import Span
from tests.answer_world import NOW, ask
from tests.exported_year import SPAN, lived
from tests.servers import past_every_session

if TYPE_CHECKING:
    from styrhjul.db.model import Base
    from styrhjul.db.session import Database
    from styrhjul.reports.audit import AuditPack
    from tests.filled import Filled

MADE = at_nine(SPAN.last)
POLICY = "integrationspolicy-for-herrljunga-kommun"


@pytest.fixture
def played(database: Database, filled: Filled) -> AuditPack:
    """A year and a half of an example, in a database of either kind."""
    filled(database, live_through)
    return audit_pack(database, "herrljunga", POLICY, MADE)


def live_through(database: Database) -> None:
    with lived() as source, TemporaryDirectory() as folder:
        export_to(source, Path(folder) / "lived.zip", Wish(now=MADE, secret="s"))
        import_from(database, Path(folder) / "lived.zip", secret="s", now=MADE)


def opened(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_numbers_are_the_databases_own(database: Database, played: AuditPack) -> None:
    counts = played.counts
    with past_every_session(database) as connection:
        of_policy = (Case.id == Notice.case_id) & Case.policy_id.is_not(None)
        told = connection.scalar(select(func.count()).where(Notice.status == NoticeStatus.DELIVERED, of_policy))
        came_in = select(Answer.id).where(Answer.case_id == Case.id).exists()
        answered = connection.scalar(select(func.count()).where(came_in, Case.state.in_(["submitted", "done"])))
        asked = connection.scalar(select(func.count()).where(Case.policy_id.is_not(None)))
    assert (counts.delivered, counts.answered, counts.cases) == (told, answered, asked)
    assert counts.answered + counts.unanswered == counts.asked <= counts.cases
    assert counts.went_up >= 1
    assert counts.delivered > 20


def test_every_file_says_the_same_numbers(played: AuditPack) -> None:
    files = opened(audit_file(played).content)
    told = json.loads(files["granskning.json"])
    (table,) = [
        block for block in audit_document(played).blocks if isinstance(block, Table) and len(block.columns) == 2
    ]
    assert told["counts"] == asdict(played.counts)
    assert ("Påminnelser och andra besked som kom fram", str(told["counts"]["delivered"])) in table.rows
    assert table.rows == summary(played)
    assert len(files["journal.jsonl"].splitlines()) == told["counts"]["journal_lines"] == len(told["journal"])


def test_the_text_is_word_for_word_and_every_file_has_its_sum(database: Database, played: AuditPack) -> None:
    files = opened(audit_file(played).content)
    with past_every_session(database) as connection:
        text = connection.scalar(select(Edition.text))
    assert files[played.texts[0].file].decode() == text
    assert hashlib.sha256(files[played.texts[0].file]).hexdigest() == played.texts[0].sha256
    lines = files.pop("SHA256SUMS").decode().splitlines()
    sums = {name: told for told, name in (line.split("  ") for line in lines)}
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_the_same_state_and_moment_give_the_same_bytes(database: Database, played: AuditPack) -> None:
    again = audit_pack(database, "herrljunga", POLICY, MADE)
    assert again == played
    assert audit_file(again) == audit_file(played)
    assert audit_file(audit_pack(database, "herrljunga", POLICY, at_nine(date(2028, 3, 25)))) != audit_file(played)


def test_a_seal_can_be_worked_out_again_from_the_lines(database: Database, played: AuditPack) -> None:
    with database.reading(_municipality(database)) as session:
        before = {row.number: row.seal for row in session.scalars(select(JournalEntry))}
        owner = session.scalars(select(JournalEntry.municipality_id).limit(1)).one()
    for line in played.journal[:50]:
        entry = Entry(
            municipality_id=owner,
            **{name: getattr(line, name) for name in ("number", "at", "by", "case_id", "data")},
            kind=EntryKind(line.kind),
        )
        assert seal(before[line.number - 1], entry) == line.seal == before[line.number]


def test_a_line_that_was_changed_is_told(database: Database, played: AuditPack) -> None:
    assert played.verification.broken == ()
    with past_every_session(database) as connection:
        _open_journal(database, connection)
        connection.execute(update(JournalEntry).where(JournalEntry.number == 7).values(by="någon annan"))
    pack = audit_pack(database, "herrljunga", POLICY, MADE)
    assert pack.verification.broken == ((7, "raden är ändrad"),)
    assert any(
        "Journalen håller inte: 1 fel" in each.text for each in audit_document(pack).blocks if isinstance(each, Text)
    )


def test_what_stands_as_it_was_written_differs_in_nothing(played: AuditPack) -> None:
    check = played.verification
    assert (check.differs, len(check.uncompared)) == ((), 1)
    answers = sum(len(case.answers) for case in played.cases)
    notices = sum(len(case.notices) for case in played.cases)
    assert check.compared == len(played.texts) + len(played.cases) + answers + notices
    assert "ingenting skiljer sig" in "".join(texts(played))


def test_a_life_with_faults_differs_in_nothing() -> None:
    """Mails that failed, were withdrawn or told anew to whoever followed: each notice stands as the journal says."""
    world = live(Town.numbered(4, 81, Span(first=date(2026, 10, 15), last=date(2028, 12, 31)), faults=True))
    pack = audit_pack(world.database, "herrljunga", POLICY, MADE)
    assert len({notice.status for case in pack.cases for notice in case.notices}) > 2
    assert pack.verification.differs == ()


@pytest.mark.parametrize(
    ("table", "changed", "said"),
    [
        (Edition, {"text": "Något annat."}, "Text 1 är inte den som lästes in: journalen har en annan kontrollsumma"),
        (Goal, {"text": "Ett lättare mål"}, "innehållet är ändrat"),
        (Notice, {"status": NoticeStatus.FAILED}, "står som ”Kom inte fram”, men journalen säger ”"),
        (Case, {"due_on": date(2029, 1, 1)}, "har ett annat läge eller en annan frist än journalen säger"),
        (Answer, {"version": Answer.version + 10}, "finns inte: journalen säger att det lämnades in"),
        (Notice, None, "finns inte, men står i journalen"),
    ],
    ids=["text", "goal", "notice", "due day", "answer taken away", "notice taken away"],
)
def test_what_was_changed_behind_the_journals_back_is_told(
    database: Database, played: AuditPack, table: type[Base], changed: dict[str, object] | None, said: str
) -> None:
    assert played.verification.differs == ()
    with past_every_session(database) as connection:
        if changed is None:
            case_id = next(case.case_id for case in played.cases if case.notices)
            one = connection.scalar(select(Notice.id).where(Notice.case_id == case_id).limit(1))
            connection.execute(update(MailItem).where(MailItem.notice_id == one).values(notice_id=None))
            connection.execute(delete(Notice).where(Notice.id == one))
        else:
            connection.execute(update(table).values(changed))
    pack = audit_pack(database, "herrljunga", POLICY, MADE)
    assert any(said in each for each in pack.verification.differs)
    assert pack.verification.broken == ()
    shown = texts(pack)
    assert any("Underlaget stämmer inte" in each for each in shown)
    assert any(said in each for each in shown)


def test_a_text_that_was_taken_away_is_told() -> None:
    read_in = Entry(
        municipality_id="m",
        number=1,
        at=NOW,
        kind=EntryKind.POLICY_IMPORTED,
        by="någon",
        case_id=None,
        data={"sha256": "0" * 64},
    )
    nothing = Held(texts=(), cases=(), shown=(), ledger=(), mails={})
    assert compare(nothing, [read_in]).differs == ("Texter som journalen säger lästes in: 1; texter som finns: 0",)
    assert compare(nothing, []).differs == ()


def test_an_answer_whose_sum_the_journal_lacks_is_said_not_to_be_compared(
    database: Database, played: AuditPack
) -> None:
    """As answers from before the journal sealed what was handed in."""
    case = next(case for case in played.cases if case.answers)
    with past_every_session(database) as connection:
        _open_journal(database, connection)
        mine = (JournalEntry.case_id == case.case_id, JournalEntry.kind == EntryKind.CASE_MOVED)
        data = {"event": "submit", "version": 1, "answer": "x"}
        connection.execute(update(JournalEntry).where(*mine).values(data=data))
    said = audit_pack(database, "herrljunga", POLICY, MADE).verification.uncompared
    assert any(f"går inte att jämföra: ärende {case.number} version 1" in each for each in said)


def texts(pack: AuditPack) -> list[str]:
    return [each.text for each in audit_document(pack).blocks if isinstance(each, Text)]


def _open_journal(database: Database, connection: Connection) -> None:
    if database.is_sqlite:
        connection.exec_driver_sql("DROP TRIGGER journal_entry_no_UPDATE")
    else:
        connection.exec_driver_sql("ALTER TABLE journal_entry DISABLE TRIGGER ALL")


def test_what_did_not_arrive_has_no_day_on_which_it_did(database: Database, played: AuditPack) -> None:
    """A notice of a trial has a day: the mail left, and not to whoever is to answer."""
    with past_every_session(database) as connection:
        connection.execute(update(Notice).values(status=NoticeStatus.TRIAL))
    pack = audit_pack(database, "herrljunga", POLICY, MADE)
    assert {notice.delivered_on for case in pack.cases for notice in case.notices} == {None}
    assert (pack.counts.delivered, pack.counts.went_up) == (0, 0)


def test_a_notice_is_told_by_its_last_mail_and_every_version_of_an_answer_in_its_turn(
    database: Database, played: AuditPack
) -> None:
    with past_every_session(database) as connection:
        notice, answer = METADATA.tables["mail_item"], METADATA.tables["answer"]
        item = connection.execute(select(notice).where(notice.c.notice_id.is_not(None)).limit(1)).one()
        mail = METADATA.tables["mail"]
        last = connection.execute(select(mail).where(mail.c.id == item.mail_id)).one()
        again = {"id": "0" * 32, "message_id": "<earlier@example.org>"}
        earlier = last._asdict() | again | {"digest_on": None, "composed_at": last.composed_at - timedelta(days=1)}
        connection.execute(insert(mail).values(earlier))
        connection.execute(insert(notice).values(item._asdict() | {"id": "f" * 32, "mail_id": "0" * 32}))
        given = connection.execute(select(answer).order_by(answer.c.version.desc()).limit(1)).one()
        second = {"id": "0" * 32, "form_id": "0" * 32, "version": given.version + 1, "paragraph": "99"}
        connection.execute(insert(answer).values(given._asdict() | second))
    pack = audit_pack(database, "herrljunga", POLICY, MADE)
    told = {each.message_id for case in pack.cases for each in case.notices}
    assert "<earlier@example.org>" not in told
    (case,) = (case for case in pack.cases if case.case_id == given.case_id)
    assert [each.version for each in case.answers] == [*range(1, given.version + 2)]
    assert [each.paragraph for each in case.answers[-2:]] == [given.paragraph, "99"]


def test_another_policy_of_the_municipality_is_not_in_it(database: Database, played: AuditPack) -> None:
    with database.municipality(_municipality(database)) as session:
        adopter = session.scalars(select(Policy.adopted_by_id)).one()
        session.add(Policy(slug="annan", title="Annan", adopted_by_id=adopter, starts_on=SPAN.first))
        session.flush()
        other = session.scalars(select(Policy).where(Policy.slug == "annan")).one()
        session.add(Edition(policy_id=other.id, text="Annat", sha256="0" * 64, imported_at=NOW))
    alone = audit_pack(database, "herrljunga", "annan", MADE)
    assert (alone.cases, alone.journal, [text.text for text in alone.texts]) == ((), (), ["Annat"])
    assert audit_pack(database, "herrljunga", POLICY, MADE) == played


def test_every_line_about_a_policy_has_words(played: AuditPack) -> None:
    assert {line.kind for line in played.journal} <= set(KIND_WORDS)


def journal(pack: AuditPack) -> Table:
    *_, table = (each for each in audit_document(pack).blocks if isinstance(each, Table))
    return table


def test_a_line_of_the_journal_is_tied_to_its_case_on_the_pages_themselves(played: AuditPack) -> None:
    headings = {each.text for each in audit_document(played).blocks if isinstance(each, Heading) and each.level == 2}
    numbers = {str(line.number): line.case_id for line in played.journal}
    of_cases = [row for row in journal(played).rows if numbers[row[0]]]
    assert len(of_cases) > 20
    assert {row[2] for row in of_cases} <= headings


def test_an_answer_handed_in_reads_as_that_with_the_states_it_went_between(played: AuditPack) -> None:
    told = [row[3] for row in journal(played).rows]
    assert "Svaret lämnades in, version 1, från öppet till besvarat" in told
    assert not {"Ärendet ändrade läge", "Ärendet öppnade", "En skyldighet bekräftades"} & {*told}
    assert any(each.startswith("Ärendet öppnade: frist 2027-") for each in told)


def test_a_confirmed_duty_is_named_by_its_number_and_its_words(played: AuditPack) -> None:
    (first, *_) = (row for row in journal(played).rows if row[2].startswith("Skyldighet "))
    duty = played.duties[int(first[2].removeprefix("Skyldighet ")) - 1]
    quote = first[3].removeprefix("En skyldighet bekräftades: ”").partition(" …")[0]
    assert len(quote) > 20
    assert " ".join(duty.quote.split()).startswith(quote)


def test_an_answer_that_came_by_a_key_is_not_said_to_be_a_persons_own(database: Database, played: AuditPack) -> None:
    before = next(case for case in played.cases if case.answers)
    with past_every_session(database) as connection:
        _open_journal(database, connection)
        mine = (JournalEntry.case_id == before.case_id, JournalEntry.kind == EntryKind.CASE_MOVED)
        connection.execute(update(JournalEntry).where(*mine).values(by="API-nyckeln Ekonomi, för Ordförande"))
    pack = audit_pack(database, "herrljunga", POLICY, MADE)
    answer = next(case for case in pack.cases if case.answers).answers[0]
    assert answer.program == "API-nyckeln Ekonomi"
    said = [each.text for each in audit_document(pack).blocks if isinstance(each, Text)]
    assert any(f"genom API-nyckeln Ekonomi, för {answer.office}; programmet angav namnet" in each for each in said)


def test_each_receiver_is_named_once_and_the_way_up_too(played: AuditPack) -> None:
    tables = [each for each in audit_document(played).blocks if isinstance(each, Table) and "Till" in each.columns]
    rows = [row for each in tables for row in each.rows]
    assert any("upp" in row[1].casefold() for row in rows)
    assert all(row[1].casefold().count("upp") == 1 for row in rows if "upp" in row[1].casefold())
    assert not any("(" in row[2] for row in rows)


def test_headings_and_tables_are_whole(played: AuditPack) -> None:
    blocks = audit_document(played).blocks
    assert all(len(row) == len(each.columns) for each in blocks if isinstance(each, Table) for row in each.rows)
    assert [each.text for each in blocks if isinstance(each, Heading) and each.level == 1] == [
        *("I korthet", "Beslutade texter", "Skyldigheter", "Ärenden", "Journal"),
        "Text 1, ord för ord",
    ]


@pytest.mark.parametrize(("slug", "policy"), [("nowhere", "integration"), ("herrljunga", "nothing")])
def test_what_is_not_there_is_not_here(database: Database, slug: str, policy: str) -> None:
    ask(database)
    with pytest.raises(NotHere):
        audit_pack(database, slug, policy, NOW)


def _municipality(database: Database) -> str:
    with past_every_session(database) as connection:
        return str(connection.scalar(select(Policy.municipality_id).limit(1)))
