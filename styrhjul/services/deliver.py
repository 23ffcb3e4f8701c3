"""Deliver: lease a batch, look once more whether each mail still holds, send it, record what the server said.

The only moment in which a crash can double a mail lies between the server's 250 and our mark; the double is identical,
with the same Message-ID. Everything else is repeated or released.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import AttemptOutcome
from styrhjul.db.outbox_query import (
    WAY_OUT,
    Claimed,
    accepted_but_open,
    claim,
    close_channel,
    failing_channels,
    open_channel,
    record_attempt,
    release,
)
from styrhjul.db.session import Database
from styrhjul.mail.outcome import Accepted, ChannelDown, Connection, Refused, Reply, SenderRefused, TryLater
from styrhjul.services.crashpoint import crashpoint
from styrhjul.services.last_look import begin
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.office_hours import Wait
from styrhjul.services.outcome import finish_accepted, finish_failed, postpone

log = structlog.get_logger()

BATCH = 100
#: No new mail is begun after this; what is left is released for the next pulse.
LONGEST_RUN = timedelta(seconds=100)
#: An accepted mail without its mark is sent twice: the mark is worth more than one try. SQLite waits by itself.
MARK_TRIES = 5


@dataclass(slots=True, kw_only=True)
class DeliverReport:
    """What became of the mails of one run, in counts."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    cancelled: int = 0
    uncertain: int = 0


def deliver(database: Database, mailroom: Mailroom, clock: Callable[[], datetime]) -> DeliverReport:
    """Send what is in the outbox and may leave. Safe to repeat, to overlap, and to kill at any point.

    1. finish mails that a server accepted before we could say so;
    2. lease a batch in one statement, unless the way out is closed;
    3. for each: check in its own transaction that it still holds and that the office is open, send, mark what the
       server answered;
    4. when the server refuses one sender, release that sender's mails unblamed and close its channel; when it refuses
       us altogether, close the way out and release the rest.
    """
    run = _Run(database=database, mailroom=mailroom, clock=clock, stops_at=clock() + LONGEST_RUN)
    run.settle(run.accepted_before())
    while clock() < run.stops_at and (batch := run.claim()):
        run.deliver_batch(batch)
        run.settle(run.take_marked())
        run.open_working()
        if len(batch) < BATCH:  # there was no more
            break
    return run.report


@dataclass(slots=True, kw_only=True)
class _Run:
    """One call of `deliver`: what it works with, and what it has counted so far."""

    database: Database
    mailroom: Mailroom
    clock: Callable[[], datetime]
    stops_at: datetime
    report: DeliverReport = field(default_factory=DeliverReport)
    #: Channels the server has taken mail on since they were last closed.
    working: set[str] = field(default_factory=set)
    #: Channels that had failed before this run, or did during it.
    failing: set[str] = field(default_factory=set)
    #: What was marked as accepted and is not finished yet: municipality and mail.
    marked: list[tuple[str, str]] = field(default_factory=list)

    def claim(self) -> list[Claimed]:
        now = self.clock()
        with self.database.system() as session:
            failing = failing_channels(session)
            self.failing |= failing.keys()
            closed = {name for name, until in failing.items() if until and until > now}
            if WAY_OUT in closed:
                return []
            claimed = claim(session, now, BATCH, closed)
            crashpoint("before_claim_commit")
        crashpoint("after_claim_commit")
        return claimed

    def deliver_batch(self, batch: list[Claimed]) -> None:
        waiting = list(batch)
        refused: set[str] = set()
        try:
            with self.mailroom.open_transport().open() as connection:
                for mail in batch:
                    if self.clock() >= self.stops_at:
                        break
                    if mail.channel in refused:
                        continue
                    try:
                        self.try_one(connection, mail)
                    except SenderRefused as refusal:
                        refused.add(mail.channel)
                        self.close(mail.channel, refusal)
                    else:
                        waiting.remove(mail)
        except ChannelDown as down:
            self.close(WAY_OUT, down)
        if waiting:
            self.report.deferred += len(waiting)
            with self.database.system() as session:
                release(session, waiting, self.clock())

    def close(self, channel: str, down: ChannelDown) -> None:
        log.warning("channel_down", channel=channel, reason=str(down))
        self.working.discard(channel)
        self.failing.add(channel)
        with self.database.system() as session:
            close_channel(session, channel, str(down), self.clock())

    def try_one(self, connection: Connection, mail: Claimed) -> None:
        """Our own fault with one mail stops no other: it keeps its lease, and after three times it is set aside."""
        try:
            self.deliver_one(connection, mail)
        except ChannelDown:
            raise
        except Exception:
            log.exception("own_fault", mail=mail.mail_id)
            self.report.failed += 1

    def deliver_one(self, connection: Connection, mail: Claimed) -> None:
        with self.database.municipality(mail.municipality_id) as session:
            ready = begin(session, self.mailroom, mail, self.clock())
            crashpoint("before_begin_commit")
        if ready is None:
            self.report.cancelled += 1
            return
        if isinstance(ready, Wait):
            self.report.deferred += 1
            return
        crashpoint("before_data")
        reply = connection.send(ready.return_path, ready.address, ready.raw)
        crashpoint("after_reply")
        if isinstance(reply, Accepted):
            self.mark(mail, reply)
            crashpoint("after_mark")
            self.marked.append((mail.municipality_id, mail.mail_id))
            self.working |= {WAY_OUT, mail.channel}
            return
        # An address that is refused for good is blocked, which is a change of the register.
        opened = self.database.register if isinstance(reply, Refused) else self.database.municipality
        with opened(mail.municipality_id) as session:
            self.record(session, mail, reply)

    def mark(self, mail: Claimed, reply: Accepted) -> None:
        """Note what the server has taken. Two marks of one mail do no harm; the earliest counts."""
        for left in reversed(range(MARK_TRIES)):
            try:
                with self.database.marking() as session:
                    record_attempt(session, mail, AttemptOutcome.ACCEPTED, reply.reply, self.clock())
            except OperationalError:
                if not left:
                    raise
                log.warning("mark_repeated", mail=mail.mail_id, left=left)
            else:
                return

    def record(self, session: Session, mail: Claimed, reply: Reply) -> None:
        now = self.clock()
        if isinstance(reply, Refused):
            record_attempt(session, mail, AttemptOutcome.REFUSED, reply.reply, now)
            finish_failed(session, self.mailroom, mail, reply, now)
            self.report.failed += 1
            return
        uncertain = not isinstance(reply, TryLater)
        outcome = AttemptOutcome.UNCERTAIN if uncertain else AttemptOutcome.RETRY
        record_attempt(session, mail, outcome, reply.reply, now)
        if postpone(session, self.mailroom, mail, now, uncertain=uncertain):
            self.report.uncertain += uncertain
            self.report.deferred += not uncertain
        else:
            self.report.failed += 1

    def accepted_before(self) -> list[tuple[str, str]]:
        with self.database.system(read_only=True) as session:
            return accepted_but_open(session)

    def take_marked(self) -> list[tuple[str, str]]:
        marked, self.marked = sorted(self.marked), []
        return marked

    def settle(self, accepted: list[tuple[str, str]]) -> None:
        """Finish what servers have accepted, municipality by municipality; one that cannot be stops no other."""
        for municipality_id, mails in groupby(accepted, key=itemgetter(0)):
            try:
                self.settle_one(municipality_id, [mail_id for _, mail_id in mails])
            except Exception:
                log.exception("municipality_stuck", municipality=municipality_id)

    def open_working(self) -> None:
        """Forget the failures of every channel that works again."""
        working = sorted(self.working & self.failing)
        if working:
            with self.database.system() as session:
                for channel in working:
                    open_channel(session, channel)
            self.failing -= self.working

    def settle_one(self, municipality_id: str, mail_ids: list[str]) -> None:
        with self.database.municipality(municipality_id) as session:
            finished = finish_accepted(session, self.mailroom, mail_ids, self.clock())
            crashpoint("before_settle_commit")
        crashpoint("after_settle_commit")
        self.report.sent += finished
