"""Deliver: lease a batch, look once more whether each mail still holds, send it, record what the server said.

The only moment in which a crash can double a mail lies between the server's 250 and our mark; the double is identical,
with the same Message-ID. Everything else is repeated or released.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import structlog
from sqlalchemy import Connection as Line
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import AttemptOutcome
from styrhjul.db.model import new_id
from styrhjul.db.municipality_query import municipality_row
from styrhjul.db.outbox_query import (
    WAY_OUT,
    Claimed,
    accepted_but_open,
    claim,
    close_channel,
    failing_channels,
    is_anything_waiting,
    open_channel,
    record_attempt,
    release,
)
from styrhjul.db.pace import drop_line, rest, take_line
from styrhjul.db.session import Database
from styrhjul.mail.outcome import Accepted, ChannelDown, Connection, Refused, Reply, SenderRefused, TryLater
from styrhjul.services.delivery.last_look import ReadyMail, begin_together
from styrhjul.services.delivery.outcome import finish_accepted, finish_failed, postpone
from styrhjul.services.delivery.watch import Watch
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.foundation.tracing import Place, Span, codes_of, traced_at
from styrhjul.services.mailing.office_hours import Wait

log = structlog.get_logger()

BATCH = 200
#: No new mail is begun after this; what is left is released, and the step asks for itself again. As long as other steps
#: may take (`tasks.patience.LONGEST_STEP`): while mails are sent, others are to be written.
LONGEST_RUN = timedelta(seconds=5)
#: An accepted mail without its mark is sent twice: the mark is worth more than one try. SQLite waits by itself.
MARK_TRIES = 5
#: How long the last look at a mail holds. What has not left by then is looked at again.
LOOK_HOLDS = timedelta(seconds=0.5)


class NotMarked(RuntimeError):
    """The database could not be told that a server has taken a mail: nothing more may leave until it can."""


class Out(NamedTuple):
    """What is open while a batch leaves."""

    server: Connection
    watch: Watch
    #: Where it is marked what the server has taken.
    marks: Line


class Taken(NamedTuple):
    """A mail that a server has taken; the bytes that left, where we sent them ourselves."""

    municipality_id: str
    mail_id: str
    raw: bytes | None = None


@dataclass(slots=True, kw_only=True)
class DeliverReport:
    """What became of the mails of one run, in counts. `cut_short` is 1 where its time was over before it was done."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    cancelled: int = 0
    uncertain: int = 0
    cut_short: int = 0


def deliver(
    database: Database, mailroom: Mailroom, clock: Callable[[], datetime], *, longest: timedelta = LONGEST_RUN
) -> DeliverReport:
    """Send what is in the outbox and may leave. Safe to repeat, to overlap, and to kill at any point.

    1. finish mails that a server accepted before we could say so;
    2. take a line, and lease a batch: municipalities in turn, no faster than the pace, unless the way out is closed;
    3. group by group: check in one transaction that each still holds and that the office is open; send one by one
       while that look is fresh, else look again; mark each as the server answers;
    4. when the server refuses one sender, release that sender's mails unblamed and close its channel; when it refuses
       us altogether, close the way out and release the rest; when a domain is slow, let it rest, and others go first.
    """
    run = _Run(database=database, mailroom=mailroom, clock=clock, stops_at=clock() + longest)
    run.settle(run.accepted_before())
    try:
        while clock() < run.stops_at and (batch := run.claim()):
            run.deliver_batch(batch)
            run.settle(run.take_marked())
            run.open_working()
    finally:
        run.hang_up()
    run.report.cut_short = int(clock() >= run.stops_at)
    return run.report


@dataclass(slots=True, kw_only=True)
class _Run:
    """One call of `deliver`: what it works with, and what it has counted so far."""

    database: Database
    mailroom: Mailroom
    clock: Callable[[], datetime]
    stops_at: datetime
    report: DeliverReport = field(default_factory=DeliverReport)
    #: The line to the server, while we have one.
    line: str | None = None
    #: What is leased and has not been tried.
    waiting: dict[str, Claimed] = field(default_factory=dict)
    #: Senders that the server refused during this batch.
    refused: set[str] = field(default_factory=set)
    #: Channels the server has taken mail on since they were last closed.
    working: set[str] = field(default_factory=set)
    #: Channels that had failed before this run, or did during it.
    failing: set[str] = field(default_factory=set)
    #: What each municipality is called in a trace, where anybody takes one.
    slugs: dict[str, str] = field(default_factory=dict)
    #: What was marked as accepted and is not finished yet.
    marked: list[Taken] = field(default_factory=list)

    def claim(self) -> list[Claimed]:
        now, pace = self.clock(), self.mailroom.pace
        with self.database.system() as session:
            failing = failing_channels(session)
            self.failing |= failing.keys()
            closed = {name for name, until in failing.items() if until and until > now}
            if WAY_OUT in closed or not is_anything_waiting(session, now):
                return []
            line = self.line or new_id()
            if not take_line(session, line, pace, now):
                return []
            claimed = claim(session, now, BATCH, closed, pace)
            crashpoint("before_claim_commit")
        self.line = line if pace.lines else None
        crashpoint("after_claim_commit")
        return claimed

    def hang_up(self) -> None:
        if self.line is not None:
            with self.database.system() as session:
                drop_line(session, self.line)

    def deliver_batch(self, batch: Sequence[Claimed]) -> None:
        """Try each mail once, and give back what was not tried."""
        self.waiting, self.refused = {mail.mail_id: mail for mail in batch}, set()
        try:
            with (
                self.mailroom.open_transport().open() as server,
                self.watch() as watch,
                self.database.marking() as marks,
            ):
                for group in _groups(batch, self.mailroom.looked_at_together):
                    if self.must_stop(watch):
                        break
                    self.deliver_group(Out(server, watch, marks), group)
        except ChannelDown as down:
            self.close(WAY_OUT, down)
        finally:
            self.report.deferred += len(self.waiting)
            self.give_back()

    def watch(self) -> Watch:
        return Watch(self.give_back, awake=self.mailroom.keeps_real_time)

    def give_back(self) -> None:
        """Release what has not been tried; the watch does so too, while one mail takes long. Safe to repeat."""
        if waiting := list(self.waiting.values()):
            with self.database.system() as session:
                release(session, waiting, self.clock())

    def close(self, channel: str, down: ChannelDown) -> None:
        log.warning("channel_down", channel=channel, reason=str(down))
        self.working.discard(channel)
        self.failing.add(channel)
        with self.database.system() as session:
            close_channel(session, channel, str(down), self.clock())

    def deliver_group(self, out: Out, group: Sequence[Claimed]) -> None:
        """Send a municipality's mails as far as the last look at them is fresh; then look again at the others."""
        left = list(group)
        while left and not self.must_stop(out.watch):
            looked_at = self.clock()
            ready = self.look(left)
            left = [mail for mail in left if mail.mail_id in ready]
            while left:
                mail = left.pop(0)
                if mail.channel not in self.refused:
                    self.try_one(out, mail, ready[mail.mail_id])
                if self.must_stop(out.watch) or abs(self.clock() - looked_at) > LOOK_HOLDS:
                    break

    def must_stop(self, watch: Watch) -> bool:
        """Whether no further mail of this batch may be begun."""
        return watch.is_over or self.clock() >= self.stops_at

    def look(self, group: Sequence[Claimed]) -> dict[str, ReadyMail]:
        """Look at mails of one municipality together, and count those that must not leave; return the others.

        Where that goes wrong, each is looked at by itself: our own fault with one mail stops no other. That one keeps
        its lease, and after three times it is set aside. A database that is gone is no mail's fault, and is raised.
        """
        try:
            with self.database.municipality(group[0].municipality_id) as session:
                seen = begin_together(session, self.mailroom, group, self.clock())
                if self.mailroom.tracing.is_on:
                    self.slugs[group[0].municipality_id] = municipality_row(session).slug
                crashpoint("before_begin_commit")
        except Exception as failed:
            if _is_gone(failed):
                raise
            if len(group) > 1:
                return {mail_id: each for mail in group for mail_id, each in self.look([mail]).items()}
            log.exception("own_fault", mail=group[0].mail_id)
            self.report.failed += 1
            self.waiting.pop(group[0].mail_id, None)
            return {}
        for mail_id, found in seen.items():
            if not isinstance(found, ReadyMail):
                self.report.deferred += isinstance(found, Wait)
                self.report.cancelled += found is None
                self.waiting.pop(mail_id, None)
        return {mail_id: found for mail_id, found in seen.items() if isinstance(found, ReadyMail)}

    def try_one(self, out: Out, mail: Claimed, ready: ReadyMail) -> None:
        """Send one mail. A sender that is refused closes its channel; anything else of our own stops no other."""
        with out.watch.turn:
            if out.watch.is_over:
                return
            self.waiting.pop(mail.mail_id, None)
        try:
            with self.span(mail, ready) as span:
                self.deliver_one(out, mail, ready, span)
        except SenderRefused as refusal:
            self.waiting[mail.mail_id] = mail
            self.refused.add(mail.channel)
            self.close(mail.channel, refusal)
        except ChannelDown:
            self.waiting[mail.mail_id] = mail
            raise
        except NotMarked:
            raise  # whatever is sent from here on could be sent again
        except Exception:
            log.exception("own_fault", mail=mail.mail_id)
            self.report.failed += 1

    def span(self, mail: Claimed, ready: ReadyMail) -> AbstractContextManager[Span | None]:
        """Note a try in the mail's own trace: below its writing, where it tells of a notice."""
        tracing = self.mailroom.tracing
        if not tracing.is_on:
            return tracing.span("deliver")
        told = [(item.lifecycle, item.notice.rung) for item in ready.items if item.notice is not None]
        written = traced_at(mail.mail_id)
        return tracing.span(
            "deliver",
            parent=written if told else None,
            place=None if told else Place(written.trace_id, secrets.randbits(64)),
            municipality=self.slugs[mail.municipality_id],
            attempt=mail.attempts,
            lifecycle=sorted({lifecycle for lifecycle, _ in told}),
            rung=sorted({rung for _, rung in told}),
        )

    def send(self, server: Connection, ready: ReadyMail, span: Span | None) -> Reply:
        with self.mailroom.tracing.span("smtp") as asked:
            reply = server.send(ready.return_path, ready.address, ready.raw)
            if span and asked:
                asked.say(**codes_of(reply.reply))
                span.say(outcome=type(reply).__name__)
        return reply

    def deliver_one(self, out: Out, mail: Claimed, ready: ReadyMail, span: Span | None) -> None:
        crashpoint("before_data")
        with out.watch.over_one():
            reply = self.send(out.server, ready, span)
        crashpoint("after_reply")
        if isinstance(reply, Accepted):
            self.mark(out.marks, mail, reply)
            crashpoint("after_mark")
            self.marked.append(Taken(mail.municipality_id, mail.mail_id, ready.raw))
            self.working |= {WAY_OUT, mail.channel}
        else:
            # An address that is refused for good is blocked, which is a change of the register.
            opened = self.database.register if isinstance(reply, Refused) else self.database.municipality
            with opened(mail.municipality_id) as session:
                self.record(session, mail, reply)
        if out.watch.is_over:
            log.warning("slow_domain", domain=mail.domain, seconds=round(out.watch.took, 1))
            with self.database.system() as session:
                rest(session, mail.domain, timedelta(seconds=out.watch.took), self.clock())

    def mark(self, connection: Line, mail: Claimed, reply: Accepted) -> None:
        """Note what the server has taken. Two marks of one mail do no harm; the earliest counts."""
        for left in reversed(range(MARK_TRIES)):
            try:
                record_attempt(connection, mail, AttemptOutcome.ACCEPTED, reply.reply, self.clock())
            except OperationalError as lost:
                if not left:
                    raise NotMarked(mail.mail_id) from lost
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

    def accepted_before(self) -> list[Taken]:
        with self.database.system(read_only=True) as session:
            return [Taken(*each) for each in accepted_but_open(session)]

    def take_marked(self) -> list[Taken]:
        marked, self.marked = sorted(self.marked), []
        return marked

    def settle(self, taken: list[Taken]) -> None:
        """Finish what servers have accepted, municipality by municipality; one that cannot be stops no other."""
        for municipality_id, mails in groupby(taken, key=attrgetter("municipality_id")):
            try:
                self.settle_one(municipality_id, {mail.mail_id: mail.raw for mail in mails})
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

    def settle_one(self, municipality_id: str, mails: Mapping[str, bytes | None]) -> None:
        with self.database.municipality(municipality_id) as session:
            finished = finish_accepted(session, self.mailroom, mails, self.clock())
            crashpoint("before_settle_commit")
        crashpoint("after_settle_commit")
        self.report.sent += finished


def _groups(batch: Sequence[Claimed], most: int) -> Iterator[list[Claimed]]:
    """Yield a municipality's mails together, at most so many; one that was tried before by itself.

    It may be what killed us: then those that stood beside it are not set aside with it.
    """
    for _, mails in groupby(batch, key=attrgetter("municipality_id")):
        fresh: list[Claimed] = []
        for mail in mails:
            if mail.attempts > 1:
                yield [mail]
            else:
                fresh.append(mail)
        yield from (fresh[start : start + most] for start in range(0, len(fresh), most))


def _is_gone(failed: Exception) -> bool:
    """Whether no PostgreSQL answered at all: an error that the server itself reports has a code (SQLSTATE)."""
    return isinstance(failed, OperationalError) and getattr(failed.orig, "sqlstate", "") is None
