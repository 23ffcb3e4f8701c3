"""The outbox as the sender sees it: claim, mark, finish. Across municipalities, in a system session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from styrhjul.db.compiled import AnyRow, Compiled
from styrhjul.db.hold_query import held_since
from styrhjul.db.mail_model import AttemptOutcome, Channel, Mail, MailAttempt, MailStatus
from styrhjul.db.model import Base, Utc, new_id
from styrhjul.db.pace import UNLIMITED, Pace, Purse, domain_of
from styrhjul.db.prepared import Reading
from styrhjul.db.session import refuse_foreign
from styrhjul.db.upsert import insert_new

#: Longer than the hardest time limit of a task (780 s), shorter than the broker's visibility (3600 s).
LEASE = timedelta(seconds=900)
#: The channel that is the whole way out. The others are one sender each: see `sender_channel`.
WAY_OUT = "smtp"
_SENDER = "sender:"
#: How many mails a municipality gets away before the next one has its turn.
A_TURN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A mail leased to this sender until `lease_until`, under a fence nobody else knows."""

    municipality_id: str
    mail_id: str
    fence: str
    attempts: int
    composed_at: datetime
    #: An earlier try may have handed it over: it is resent unchanged, or not at all.
    is_uncertain: bool
    #: The sender it leaves under, as a channel's name.
    channel: str
    #: Where it goes.
    domain: str


def sender_channel(return_path: str) -> str:
    """Return the name of the channel that is one sender: all mail from its domain."""
    return _SENDER + return_path.rpartition("@")[2].lower()


def is_anything_waiting(session: Session, now: datetime) -> bool:
    """Whether there is any mail to claim: cheap where there is none."""
    return bool(_ANYTHING.rows(session.connection(), {"at": now}))


def claim(
    session: Session, now: datetime, limit: int, closed: Collection[str] = (), pace: Pace = UNLIMITED
) -> list[Claimed]:
    """Lease up to `limit` mails that may be tried now; raise their attempts before the work.

    Municipalities take turns, twenty mails a turn. A mail whose lease ran out is claimed again, one at a time and no
    more: whoever leased it died, perhaps of it, and those beside it are not to blame. One that has an accepted attempt
    never is. Mail of a sender whose channel is `closed` is left lying, and so is what the pace does not allow, and what
    was composed before a hold. Returned by municipality, oldest first.
    """
    held = held_since(session)
    purse, claimed, fence = Purse.open(session, pace, now), list[Claimed](), new_id()
    while len(claimed) < limit:
        most, before = limit - len(claimed), (purse.empty_domains(), purse.empty_municipalities())
        bars = _Bars(closed, *before, held, without_orphans=bool(claimed))
        found = _found(session, now, most, bars)
        taken = _lease(session, [each for each in found if purse.pay(each[0], each[2])], fence, now)
        claimed += taken
        is_stuck = not taken and before == (purse.empty_domains(), purse.empty_municipalities())
        if len(found) < most or is_stuck:
            break
    purse.close(session)
    return sorted(claimed, key=lambda mail: (mail.municipality_id, mail.composed_at, mail.mail_id))


@dataclass(frozen=True, slots=True)
class _Bars:
    """What is left lying: mail of closed senders, to domains and from municipalities that have had theirs."""

    closed: Collection[str]
    domains: Collection[str]
    municipalities: Collection[str]
    #: What was composed until then waits for a person.
    held_since: datetime | None
    #: One of them has been taken already.
    without_orphans: bool

    @property
    def are_any(self) -> bool:
        """Whether anything is left lying."""
        return bool(self.closed or self.domains or self.municipalities or self.held_since)

    def past(self, mail: type[Mail]) -> list[ColumnElement[bool]]:
        """Return the conditions on a mail that none of it bars."""
        senders = [name.removeprefix(_SENDER) for name in sorted(self.closed) if name.startswith(_SENDER)]
        ends = [(mail.return_path, senders), (mail.goes_to, sorted(self.domains))]
        barred = [func.lower(column).endswith(f"@{end}", autoescape=True) for column, names in ends for end in names]
        elsewhere = [mail.municipality_id.not_in(sorted(self.municipalities))] if self.municipalities else []
        fresh = [mail.composed_at > self.held_since] if self.held_since else []
        return [*(not_(each) for each in barred), *elsewhere, *fresh]

    def unleased(self) -> ColumnElement[bool]:
        """Not leased; or the first whose sender died with it in hand, of those that nothing bars."""
        if self.without_orphans:
            return Mail.lease_until.is_(None)
        orphan = aliased(Mail)
        dead = select(orphan.id).where(orphan.status == MailStatus.SENDING, orphan.next_attempt_at <= _AT)
        dead = dead.where(orphan.lease_until <= _AT, not_(_is_accepted(orphan)), *self.past(orphan))
        first = dead.order_by(orphan.next_attempt_at, orphan.id).limit(1).scalar_subquery()
        return or_(Mail.lease_until.is_(None), Mail.id == first)


def _is_accepted(mail: type[Mail]) -> Exists:
    return (
        exists()
        .where(MailAttempt.municipality_id == mail.municipality_id)
        .where(MailAttempt.mail_id == mail.id, MailAttempt.outcome == AttemptOutcome.ACCEPTED)
    )


_AT = bindparam("at", type_=Utc())
_FREE = (
    Mail.status.in_((MailStatus.QUEUED, MailStatus.SENDING)),
    Mail.next_attempt_at <= _AT,
    or_(Mail.lease_until.is_(None), Mail.lease_until <= _AT),
)
_ANYTHING = Compiled(select(Mail.id).where(*_FREE).limit(1))
_PLACE = func.row_number().over(partition_by=Mail.municipality_id, order_by=(Mail.next_attempt_at, Mail.id))
_WAITING_SINCE = func.min(Mail.next_attempt_at).over(partition_by=Mail.municipality_id)


def _found(session: Session, now: datetime, most: int, bars: _Bars) -> Sequence[AnyRow]:
    """Return (municipality, mail, address) of what may be tried: turn by turn, whoever waits longest first in each.

    A turn stands together: what is looked at and finished together is then a whole turn, where mails are of one moment.
    """
    values = {"at": now, "most": most}
    if bars.are_any:
        return session.connection().execute(_free_ones(bars), values).all()
    return _unbarred(without_orphans=bars.without_orphans).rows(session.connection(), values)


@cache
def _unbarred(*, without_orphans: bool) -> Compiled:
    """Most of the time nothing is left lying: the same question every time, built once."""
    return Compiled(_free_ones(_Bars((), (), (), None, without_orphans=without_orphans)))


def _free_ones(bars: _Bars) -> Select[str, str, str]:
    waiting = (
        select(
            *(Mail.municipality_id, Mail.id, Mail.goes_to.label("goes_to")),
            *(_PLACE.label("place"), _WAITING_SINCE.label("since")),
        )
        .where(*_FREE, *bars.past(Mail), bars.unleased())
        .subquery()
    )
    turn = (waiting.c.place - 1) // A_TURN
    return (
        select(waiting.c.municipality_id, waiting.c.id, waiting.c.goes_to)
        .order_by(turn, waiting.c.since, waiting.c.municipality_id, waiting.c.place)
        .limit(bindparam("most", type_=Integer()))
    )


def _lease(session: Session, chosen: Sequence[AnyRow], fence: str, now: datetime) -> list[Claimed]:
    """Lease those of the chosen that are still free, in one statement."""
    if not chosen:
        return []
    lease = {"at": now, "until": now + LEASE, "new_fence": fence, "chosen": [mail_id for _, mail_id, _ in chosen]}
    return [
        Claimed(
            municipality_id=municipality_id,
            mail_id=mail_id,
            fence=fence,
            attempts=attempts,
            composed_at=composed_at,
            is_uncertain=data_started_at is not None,
            channel=sender_channel(return_path),
            domain=domain_of(address),
        )
        for municipality_id, mail_id, attempts, composed_at, data_started_at, return_path, address in _CLAIM.rows(
            session.connection(), lease
        )
    ]


def _claim() -> ReturningUpdate[str, str, int, datetime, datetime | None, str, str]:
    free = (
        select(Mail.municipality_id, Mail.id)
        .where(
            *_FREE,
            ~_is_accepted(Mail),
            Mail.id.in_(bindparam("chosen", expanding=True)),
        )
        .with_for_update(skip_locked=True)
    )
    return (
        update(Mail)
        .where(tuple_(Mail.municipality_id, Mail.id).in_(free))
        .values(
            status=MailStatus.SENDING,
            lease_until=bindparam("until", type_=Utc()),
            fence=bindparam("new_fence"),
            attempts=Mail.attempts + 1,
        )
        .returning(
            Mail.municipality_id,
            Mail.id,
            Mail.attempts,
            Mail.composed_at,
            Mail.data_started_at,
            Mail.return_path,
            Mail.goes_to,
        )
    )


_CLAIM = Compiled(_claim())


def release(session: Session, mails: Sequence[Claimed], next_attempt_at: datetime) -> None:
    """Give back mails that the server never got, as if they had never been claimed."""
    for mail in mails:
        session.execute(
            update(Mail)
            .where(Mail.municipality_id == mail.municipality_id, Mail.id == mail.mail_id, Mail.fence == mail.fence)
            .values(
                status=MailStatus.QUEUED,
                lease_until=None,
                fence=None,
                attempts=Mail.attempts - 1,
                next_attempt_at=next_attempt_at,
                data_started_at=Mail.data_started_at if mail.is_uncertain else None,
            )
            .execution_options(synchronize_session=False)
        )


def record_attempt(
    session: Session | Connection, mail: Claimed, outcome: AttemptOutcome, reply: str, now: datetime
) -> None:
    """Append how a try ended; an accepted one counts whoever holds the lease by now."""
    if isinstance(session, Session):
        refuse_foreign(session, mail.municipality_id)
        session.flush()
        session = session.connection()
    tried = {
        "municipality_id": mail.municipality_id,
        "mail_id": mail.mail_id,
        "tried_at": now,
        "outcome": outcome,
        "reply": reply[:500],
    }
    _ATTEMPT.run(session, [tried])


_ATTEMPT = Compiled(insert(Base.metadata.tables[MailAttempt.__tablename__]))


def accepted_but_open(session: Session) -> list[tuple[str, str]]:
    """Return (municipality, mail) of mails a server has accepted and that are not finished here yet."""
    return [(municipality_id, mail_id) for municipality_id, mail_id in _ACCEPTED_BUT_OPEN.everywhere(session)]


_ACCEPTED_BUT_OPEN = Reading(
    select(Mail.municipality_id, Mail.id)
    .join(MailAttempt, (MailAttempt.municipality_id == Mail.municipality_id) & (MailAttempt.mail_id == Mail.id))
    .where(
        MailAttempt.outcome == AttemptOutcome.ACCEPTED,
        Mail.status.in_((MailStatus.QUEUED, MailStatus.SENDING)),
    )
    .distinct()
    .order_by(Mail.municipality_id, Mail.id)
)


def failing_channels(session: Session) -> dict[str, datetime | None]:
    """Return the channels that have failed since they last worked, and until when each is closed."""
    return {row[0]: row[1] for row in _FAILING.everywhere(session)}


_FAILING = Reading(select(Channel.name, Channel.closed_until).where(Channel.failures > 0))


def close_channel(session: Session, name: str, reason: str, now: datetime) -> None:
    """Close a channel for a minute, doubling to ten: at most five probes a minute, and no mail is blamed."""
    insert_new(session, Channel, [{"name": name, "failures": 0}], Channel.name)
    channel = session.get_one(Channel, name, with_for_update=True)
    channel.failures += 1
    channel.closed_until = now + timedelta(minutes=min(2 ** (channel.failures - 1), 10))
    channel.reason = reason[:500]


def open_channel(session: Session, name: str) -> None:
    """The server took a mail: forget the channel's earlier failures. Writes only when there are any."""
    session.execute(
        update(Channel)
        .where(Channel.name == name, Channel.failures > 0)
        .values(failures=0, closed_until=None, reason=None)
        .execution_options(synchronize_session=False)
    )
