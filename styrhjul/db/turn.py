"""Whose mail is next: municipalities take turns, and what costs is what is taken, not what waits.

Mails of one municipality to one domain are a stream: they draw on the same buckets, so a stream is open or shut as a
whole. The streams are counted in the index of queued mails, and only those that may run are looked into.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Exists, Integer, bindparam, exists, func, literal, not_, select
from sqlalchemy.orm import Session

from styrhjul.db.compiled import Compiled
from styrhjul.db.mail_model import AttemptOutcome, Mail, MailAttempt, MailStatus
from styrhjul.db.model import Utc
from styrhjul.db.pace import Purse

#: How many mails a municipality gets away before the next one has its turn.
A_TURN = 20
_SENDER = "sender:"


class Next(NamedTuple):
    """A mail that may be tried now."""

    municipality_id: str
    mail_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """What is left lying whatever the pace: mail of closed senders, and what was composed before a hold."""

    channels: tuple[str, ...] = ()
    held_since: datetime | None = None

    @property
    def is_held(self) -> bool:
        """Whether there was a hold."""
        return self.held_since is not None


def sender_channel(return_path: str) -> str:
    """Return the name of the channel that is one sender: all mail from its domain."""
    return _SENDER + return_path.rpartition("@")[2].lower()


def barred(closed: Collection[str], held_since: datetime | None) -> Barred:
    """Return the bars of one claim."""
    return Barred(channels=tuple(sorted(each for each in closed if each.startswith(_SENDER))), held_since=held_since)


def first_orphan(session: Session, now: datetime, purse: Purse, bars: Barred) -> Next | None:
    """Return the mail that has waited longest of those whose sender died with it in hand, and pay for it.

    One at a time: it may be what killed its sender, and no two that may are in hand together.
    """
    for municipality_id, mail_id, domain in _orphan_query(bars.channels, is_held=bars.is_held).rows(
        session.connection(), _values(now, bars)
    ):
        if purse.pay(municipality_id, domain, 1):
            return Next(municipality_id, mail_id)
    return None


def next_in_turn(session: Session, now: datetime, most: int, purse: Purse, bars: Barred) -> list[Next]:
    """Return up to `most` queued mails, and pay for them.

    First all of those who have no more than twenty, then twenty of whoever waits longest, then of the next. A turn
    stands together: what is looked at and finished together is then a whole turn. Who has more than a turn gets
    another when everybody has had one.
    """
    round_ = _Round(session=session, now=now, purse=purse, bars=bars)
    waiting, found = _waiting(session, now), list[Next]()
    while waiting and len(found) < most:
        for municipality_id, domains in list(waiting.items()):
            room = min(A_TURN, most - len(found))
            turn = list(round_.turn(municipality_id, domains, room))
            found += turn
            if len(turn) < room:
                del waiting[municipality_id]
            if len(found) == most:
                break
    return found


@dataclass(slots=True, kw_only=True)
class _Round:
    """One claim's way through the streams."""

    session: Session
    now: datetime
    purse: Purse
    bars: Barred
    #: How many of each stream have been taken: they are leased at the end, all at once.
    taken: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def turn(self, municipality_id: str, domains: Collection[str], room: int) -> Iterator[Next]:
        for domain in domains:
            most = min(room, self.purse.share(municipality_id, domain))
            if most > 0:
                mails = self._of_stream(municipality_id, domain, most)
                self.purse.pay(municipality_id, domain, len(mails))
                self.taken[municipality_id, domain] += len(mails)
                room -= len(mails)
                yield from (Next(municipality_id, mail_id) for mail_id in mails)

    def _of_stream(self, municipality_id: str, domain: str, most: int) -> list[str]:
        stream: dict[str, Any] = {"municipality": municipality_id, "domain": domain, "most": most}
        values = stream | {"taken": self.taken[municipality_id, domain]} | _values(self.now, self.bars)
        asked = _stream_query(self.bars.channels, is_held=self.bars.is_held)
        return [row[0] for row in asked.rows(self.session.connection(), values)]


def _waiting(session: Session, now: datetime) -> dict[str, list[str]]:
    """Return the domains that each municipality has mail to: those with no more than a turn, then the others.

    Among each of them, and within a municipality, whoever waits longest comes first.
    """
    found: dict[str, list[str]] = {}
    mails: Counter[str] = Counter()
    for municipality_id, domain, many in _STREAMS.rows(session.connection(), {"at": now}):
        found.setdefault(municipality_id, []).append(domain)
        mails[municipality_id] += many
    few = {municipality_id: domains for municipality_id, domains in found.items() if mails[municipality_id] <= A_TURN}
    return few | found


_AT = bindparam("at", type_=Utc())
#: Stands in the SQL itself: a database takes the index of queued mails only where it sees that they are.
_QUEUED = Mail.status == literal(MailStatus.QUEUED, Mail.status.type, literal_execute=True)
_SINCE = func.min(Mail.next_attempt_at)
_STREAMS = Compiled(
    select(Mail.municipality_id, Mail.to_domain, func.count())
    .where(_QUEUED, Mail.next_attempt_at <= _AT)
    .group_by(Mail.municipality_id, Mail.to_domain)
    .order_by(_SINCE, Mail.municipality_id, Mail.to_domain)
)


def _values(now: datetime, bars: Barred) -> dict[str, Any]:
    return {"at": now} | ({"held_since": bars.held_since} if bars.is_held else {})


@lru_cache(maxsize=16)
def _stream_query(channels: tuple[str, ...], *, is_held: bool) -> Compiled:
    stream = (Mail.municipality_id == bindparam("municipality"), Mail.to_domain == bindparam("domain"))
    return Compiled(
        select(Mail.id)
        .where(_QUEUED, *stream, Mail.next_attempt_at <= _AT, *_past(Mail, channels, is_held=is_held))
        .order_by(Mail.next_attempt_at, Mail.id)
        .limit(bindparam("most", type_=Integer()))
        .offset(bindparam("taken", type_=Integer()))
    )


@lru_cache(maxsize=16)
def _orphan_query(channels: tuple[str, ...], *, is_held: bool) -> Compiled:
    return Compiled(
        select(Mail.municipality_id, Mail.id, Mail.to_domain)
        .where(Mail.status == MailStatus.SENDING, Mail.next_attempt_at <= _AT, Mail.lease_until <= _AT)
        .where(not_(is_accepted(Mail)), *_past(Mail, channels, is_held=is_held))
        .order_by(Mail.next_attempt_at, Mail.id)
    )


def is_accepted(mail: type[Mail]) -> Exists:
    """Whether a server has taken the mail: nobody sends it again."""
    return (
        exists()
        .where(MailAttempt.municipality_id == mail.municipality_id)
        .where(MailAttempt.mail_id == mail.id, MailAttempt.outcome == AttemptOutcome.ACCEPTED)
    )


def _past(mail: type[Mail], channels: tuple[str, ...], *, is_held: bool) -> list[ColumnElement[bool]]:
    """Return the conditions on a mail that no bar stops."""
    ends = [f"@{name.removeprefix(_SENDER)}" for name in channels]
    open_ = [not_(func.lower(mail.return_path).endswith(end, autoescape=True)) for end in ends]
    fresh = [mail.composed_at > bindparam("held_since", type_=Utc())] if is_held else []
    return [*open_, *fresh]
