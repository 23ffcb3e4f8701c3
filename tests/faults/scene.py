"""What the fault tests look at: a town, the server that took its mail, and whether anything was lost or doubled."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from concurrent.futures import wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, select, text

from styrhjul.db.mail_model import FINAL_MAIL, MailItem, MailStatus
from styrhjul.db.outbox_query import LEASE
from styrhjul.domain.answer import GoalsAnswer, GoalText
from styrhjul.domain.facts import NoticeStatus
from styrhjul.services.answering.answer import Submission
from styrhjul.services.operations.quarantine import list_quarantine, release_quarantine
from styrhjul.services.records.journal import verify_journals
from tests.faults import worker
from tests.faults.worker import Order
from tests.town import nine

if TYPE_CHECKING:
    from collections.abc import Collection
    from concurrent.futures import Future
    from pathlib import Path

    from styrhjul.db.session import Database
    from tests.smtp_sink import SmtpSink
    from tests.town import Town

OPENING = date(2027, 1, 7)
#: After a crash nobody may touch what was leased, and what is uncertain waits a quarter of an hour.
AFTER_A_CRASH = LEASE + timedelta(minutes=15)
GOALS = GoalsAnswer(goals=(GoalText(text="Fler ska kunna påverka."),), signed_by="Anna", decided_on=OPENING)


@dataclass
class Scene:
    town: Town
    sink: SmtpSink
    folder: Path

    def order(self, now: datetime | None = None, *steps: str) -> Order:
        """What a process is to do for this town; a whole pulse when no steps are named."""
        return Order(
            database_url=self.town.database.url.render_as_string(hide_password=False),
            smtp_url=self.sink.url,
            now=now or nine(OPENING),
            steps=steps or worker.WHOLE_PULSE,
        )

    def run(self, order: Order) -> int | None:
        """Run a process to its end; -9 = killed."""
        return worker.run(order, self.folder / "worker.log")

    def recover(self, since: datetime | None = None) -> None:
        """Pulse on, as the living would, until nothing is on its way any more."""
        moment = since or nine(OPENING)
        for _ in range(8):
            moment += AFTER_A_CRASH
            worker.carry_out(self.order(moment))
            if all(mail.status in FINAL_MAIL for mail in self.town.mails()) and self.town.mails():
                return
        raise AssertionError([(mail.address, mail.status) for mail in self.town.mails()])

    def set_aside(self) -> set[str]:
        """What a person sees as set aside, by id."""
        return {row.subject_id for row in list_quarantine(self.town.database, self.town.municipality_id)}

    def release(self, subject_ids: set[str], now: datetime) -> None:
        """Let out what was set aside, as that person does."""
        for subject_id in sorted(subject_ids):
            release_quarantine(self.town.database, self.town.municipality_id, subject_id, by="Kansliet", now=now)

    def lost(self, seen: Collection[str] = ()) -> list[str]:
        """What did not arrive: a notice without delivery, an accepted mail that the server has not got whole.

        What stands in a mail that a person has seen is not lost.
        """
        arrived = {received.message_id: received.raw for received in self.sink.messages}
        known = self._notices_in(seen)
        notices = [notice for notice in self.town.notices() if notice.id not in known]
        wrong = [f"{notice.rung} {notice.status}" for notice in notices if not _is_done(notice.status)]
        for mail in self.town.mails():
            if mail.id in seen:
                continue
            raw = arrived.get(mail.message_id, b"")
            if mail.status is MailStatus.ACCEPTED and hashlib.sha256(raw).hexdigest() != mail.sha256:
                wrong.append(f"{mail.address} {len(raw)} bytes")
            elif mail.status is not MailStatus.ACCEPTED and mail.message_id in arrived:
                wrong.append(f"{mail.address} arrived, yet is {mail.status}")
        return wrong

    def _notices_in(self, mail_ids: Collection[str]) -> set[str | None]:
        with self.town.database.reading(self.town.municipality_id) as session:
            return set(session.scalars(select(MailItem.notice_id).where(MailItem.mail_id.in_(mail_ids))))

    def copies(self) -> Counter[str]:
        """How often the server has taken each Message-ID; copies must be the same to the byte."""
        counted = Counter(received.message_id for received in self.sink.messages)
        assert len({(received.message_id, received.raw) for received in self.sink.messages}) == len(counted)
        return counted

    def doubled(self) -> list[str]:
        """The Message-IDs that the server has taken more than once."""
        return [message_id for message_id, times in self.copies().items() if times > 1]

    def mailboxes(self) -> Counter[str]:
        """How many different mails each mailbox has got."""
        return Counter(address for address, _ in {(r.recipients[0], r.message_id) for r in self.sink.messages})

    def broken_seals(self) -> int:
        """Places where the journal does not hold."""
        return len(verify_journals(self.town.database).broken)

    def submission(self, body: str = "socialnamnden", form_id: str = "f" * 32) -> Submission:
        """The chair's answer, by the link in the first mail the server took for them."""
        [raw] = [r.raw for r in self.sink.messages if r.recipients[0].startswith(f"chair.{body}")][:1]
        return Submission(token=token_in(raw), answer=GOALS, form_id=form_id, seen_version=0)


def token_in(raw: bytes) -> str:
    """The first link's token in a mail."""
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    found = re.search(r"/a/([A-Za-z0-9_-]{43})", str(part.get_content()) if part else "")
    assert found
    return found[1]


def _is_done(status: NoticeStatus) -> bool:
    return status in (NoticeStatus.DELIVERED, NoticeStatus.SUPERSEDED)


def wait_until_it_waits(database: Database, running: Future[Any]) -> None:
    """Return once a transaction beside us waits for somebody's lock, or has got through; PostgreSQL only."""
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        while not wait([running], timeout=0.02).done:
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                break
    engine.dispose()
