"""An answer always beats a mail that is not on its way yet, and never stands in a circle with those who write them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.compose_query import notices_to_send
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.outbox_query import claim
from styrhjul.db.session import Database
from styrhjul.db.wake import waking
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.services.answering.answer import submit
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.delivery.last_look import begin
from styrhjul.services.foundation.mailroom import Mailroom
from tests.faults.scene import Scene, wait_until_it_waits
from tests.faults.worker import carry_out, mailroom_to
from tests.town import SEALER, RememberingTransport, build_town, nine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from styrhjul.mail.outcome import Connection
    from styrhjul.services.answering.answer import Receipt
    from tests.smtp_sink import SmtpSink

WARNING_DAY = date(2027, 3, 30)
NOW = nine(WARNING_DAY)
SOCIAL = {f"{role}.socialnamnden@lillby.example.org" for role in ("chair", "secretary")}


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    """A thread for what happens at the same time."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def asked(scene: Scene) -> Scene:
    """The town when its warnings are about to leave: the answer may come by the link of the first mails."""
    carry_out(scene.order())
    carry_out(scene.order(NOW, "sweep", "compose"))
    return scene


def answer(scene: Scene) -> Receipt:
    """The social committee's chair answers."""
    return submit(scene.town.database, mailroom_to(scene.sink.url), scene.submission(), now=NOW)


# -- between claim and begin (P6, F-46) --------------------------------------------------------------------------------


class Gate:
    """A way out that opens only when told: the sender has claimed its mails and stands before it."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.transport = RememberingTransport()

    @contextmanager
    def open(self) -> Iterator[Connection]:
        self.reached.set()
        assert self.opened.wait(60)
        with self.transport.open() as connection:
            yield connection


def test_an_answer_between_claim_and_begin_stops_the_mail(asked: Scene, beside: ThreadPoolExecutor) -> None:
    gate = Gate()
    mailroom = Mailroom(base_url="https://lillby.example.org", sealer=SEALER, open_transport=lambda: gate)
    sending = beside.submit(deliver, asked.town.database, mailroom, lambda: NOW)
    assert gate.reached.wait(60)
    answer(asked)
    gate.opened.set()
    assert sending.result(60).cancelled == 2
    warnings = {mail.address: mail.status for mail in asked.town.mails() if mail.digest_on == WARNING_DAY}
    stopped = {mail.message_id for mail in asked.town.mails() if mail.status is MailStatus.CANCELLED}
    assert set(warnings.values()) == {MailStatus.ACCEPTED}
    assert SOCIAL & warnings.keys() == set()
    assert len(stopped) == 2
    assert not any(message_id.encode() in raw for message_id in stopped for _, raw in gate.transport.taken)
    assert NoticeStatus.CANCELLED in {notice.status for notice in asked.town.notices() if notice.rung == "warning"}


# -- side by side, where transactions really run so --------------------------------------------------------------------


@pytest.fixture
def on_postgres(postgres_database_url: str, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[Scene]:
    """The town on the day of its warnings, which nobody has written yet."""
    database = Database(postgres_database_url)
    scene = Scene(build_town(database), smtp_sink, tmp_path)
    carry_out(scene.order())
    yield scene
    database.dispose()


def test_an_answer_waits_for_the_last_look_and_leaves_alone_what_has_begun(
    on_postgres: Scene, beside: ThreadPoolExecutor
) -> None:
    town = on_postgres.town
    carry_out(on_postgres.order(NOW, "sweep", "compose"))
    with town.database.system() as session:
        claimed = claim(session, NOW, 10)
    [chair] = [mail.id for mail in town.mails() if mail.digest_on == WARNING_DAY and mail.address.startswith("chair.s")]
    [mail] = [each for each in claimed if each.mail_id == chair]
    with town.database.municipality(town.municipality_id) as session:
        assert begin(session, mailroom_to(on_postgres.sink.url), mail, NOW) is not None
        answering = beside.submit(answer, on_postgres)
        wait_until_it_waits(on_postgres.town.database, answering)
        assert not answering.done()
    answering.result(60)
    by_status = sorted(n.status for n in town.notices() if n.rung == "warning" and n.status != NoticeStatus.MAILED)
    assert by_status == [NoticeStatus.CANCELLED]


def holding_what_a_sweep_holds(session: Session) -> None:
    assert waking(session, "goal_setting", WARNING_DAY, 100)


def holding_what_a_composer_holds(session: Session) -> None:
    assert notices_to_send(session, NOW)


@pytest.mark.parametrize("hold", [holding_what_a_sweep_holds, holding_what_a_composer_holds])
def test_an_answer_never_stands_in_a_circle_with_a_pulse(
    on_postgres: Scene, beside: ThreadPoolExecutor, hold: Callable[[Session], None]
) -> None:
    """Both write the journal, whose head everybody needs: whoever took it first and then waited would be killed."""
    town = on_postgres.town
    if hold is holding_what_a_composer_holds:
        carry_out(on_postgres.order(NOW, "sweep"))
    with town.database.municipality(town.municipality_id) as session:
        hold(session)
        answering = beside.submit(answer, on_postgres)
        wait_until_it_waits(on_postgres.town.database, answering)
        write_down(session, [Line(kind=EntryKind.QUARANTINED, by=PLANNER, data={"subject": "test"})], NOW)
    assert answering.result(60).version == 1
    assert on_postgres.broken_seals() == 0
