"""Taking in a mail: read it in a limited process, find whose it is, keep its bytes, and do the little that follows.

Nothing is ever sent to whoever wrote. Only a return path that we signed ourselves changes how a mail of ours stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session

from styrhjul.db.inbound_model import InboundMail, StrayMail
from styrhjul.db.inbound_query import (
    InboundLine,
    cases_in,
    count_strays,
    count_unclear,
    inbound_by_hash,
    is_sender_address,
    list_inbound,
    list_strays,
    only_municipality,
    stray_by_hash,
    whose_address,
    whose_case,
    whose_mail,
    whose_message,
)
from styrhjul.db.model import new_id
from styrhjul.db.overview_query import load_municipalities
from styrhjul.db.session import Database
from styrhjul.db.trial_query import left_in_trial, trial_address
from styrhjul.domain.inbound import REPORTS, InboundKind
from styrhjul.domain.moment import local_date
from styrhjul.mail.forward import text_without_links
from styrhjul.mail.inbound.classify import BY_A_PERSON
from styrhjul.mail.inbound.limited import read_mail
from styrhjul.mail.inbound.reading import Reading
from styrhjul.mail.verp import Signed, Verdict
from styrhjul.services.delivery.bounce import note_delay, note_failure
from styrhjul.services.delivery.reply import Reply, take_reply
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.mailroom import Mailroom

log = structlog.get_logger()

NOTHING = "Inget ändrades."
#: It left to the address of the trial, so whatever comes back says nothing of whoever it was written for.
OF_TRIAL = "Hör till ett mejl från en provkörning. Inget ändrades."
#: The root of a case's thread, as `outbox` writes it.
_THREAD = re.compile(r"<case-([0-9a-f]{32})@[^>]+>")
_UNSIGNED = {
    None: "Rapporten kom inte till en adress som vi har undertecknat.",
    Verdict.EXPIRED: "Rapporten kom till en adress som har gått ut.",
    Verdict.FORGED: "Rapporten kom till en adress som någon annan har hittat på.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail as it came: its bytes, and the envelope where there was one."""

    raw: bytes
    sender: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a mail. `municipality_id` is None for a stray one; not `is_new`: it was here already."""

    inbound_id: str
    municipality_id: str | None
    kind: InboundKind
    reason: str
    effect: str
    is_new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a mail belongs. `signed` is the best return path it came to."""

    municipality_id: str | None
    mail_id: str | None = None
    case_id: str | None = None
    signed: Signed | None = None

    @property
    def is_believed(self) -> bool:
        """Whether what it reports may change anything."""
        return self.signed is not None and self.signed.verdict is Verdict.VALID


def take_in(
    database: Database,
    mailroom: Mailroom,
    arrived: Arrived,
    now: datetime,
    *,
    read: Callable[[bytes], Reading] = read_mail,
) -> TakenIn:
    """Take in one mail; committed when it returns. The same bytes twice change nothing the second time.

    1. read it, in a process of its own;
    2. find the municipality: by our signature, by the Message-IDs it refers to, by the address it came to;
    3. in one transaction: keep it sealed, change what a believed report or a person's reply changes, journal it.
    """
    reading = read(arrived.raw)
    digest = hashlib.sha256(arrived.raw).hexdigest()
    with database.system(read_only=True) as session:
        reading, place = _place(session, mailroom, arrived, reading, local_date(now))
    if place.municipality_id is None:
        return _keep_stray(database, mailroom, arrived, reading, now)
    # An address that is refused for good is blocked, which is a change of the register.
    opened = database.register if reading.kind is InboundKind.FAILED else database.municipality
    with opened(place.municipality_id) as session:
        known = inbound_by_hash(session, digest)
        if known is not None:
            return _taken(known, is_new=False)
        if is_of_trial := _is_of_trial(session, place):
            place = replace(place, case_id=None)
        row = _row(mailroom, arrived, reading, place, now)
        if is_of_trial:
            row.effect = OF_TRIAL
        else:
            row.effect, row.forwarded_in_id = _follow(session, mailroom, row.id, arrived, reading, place, now)
        session.add(row)
        crashpoint("before_inbound_commit")
    crashpoint("after_inbound_commit")
    log.info("mail_taken_in", inbound=row.id, kind=row.kind, effect=row.effect)
    return _taken(row)


def is_ours(database: Database, mailroom: Mailroom, address: str) -> bool:
    """Tell whether mail to an address is taken in here: a return path, or what a municipality sends from."""
    if mailroom.return_paths is not None and mailroom.return_paths.is_ours(address):
        return True
    with database.system(read_only=True) as session:
        return is_sender_address(session, address.lower())


class NoSuchInbound(LookupError):
    """There is no such mail here."""

    def __init__(self, inbound_id: str) -> None:
        super().__init__(f"Det finns inget mejl {inbound_id} som har kommit in.")


def bytes_of(database: Database, mailroom: Mailroom, municipality_id: str, inbound_id: str) -> bytes:
    """Return a mail as it came; it may quote a link that works. Raises NoSuchInbound, SealBroken."""
    with database.reading(municipality_id) as session:
        row = session.get(InboundMail, (municipality_id, inbound_id))
        if row is None:
            raise NoSuchInbound(inbound_id)
        return mailroom.sealer.open(row.sealed_bytes)


def list_taken_in(database: Database, municipality_id: str | None, most: int) -> list[InboundLine]:
    """Return the newest mails that a municipality has got, newest first; of None those that are nobody's."""
    if municipality_id is None:
        with database.system(read_only=True) as session:
            return list_strays(session, limit=most)
    with database.reading(municipality_id) as session:
        return list_inbound(session, limit=most)


def count_to_look_at(database: Database, since: datetime) -> tuple[int, int]:
    """Return how many mails since a moment only a person can make out, in any municipality, and how many are nobody's.

    Each municipality is asked for itself: no session reaches all their mail.
    """
    with database.system(read_only=True) as session:
        strays = count_strays(session, since)
        municipalities = [each.municipality_id for each in load_municipalities(session)]
    unclear = 0
    for municipality_id in municipalities:
        with database.reading(municipality_id) as session:
            unclear += count_unclear(session, since)
    return unclear, strays


def _place(
    session: Session, mailroom: Mailroom, arrived: Arrived, reading: Reading, today: date
) -> tuple[Reading, _Place]:
    """Find whose a mail is; one that says more than we believe becomes unknown, our own come back a loop."""
    came_to = tuple(dict.fromkeys(map(str.lower, (*arrived.recipients, *reading.recipients))))
    signed = _best(mailroom, came_to, today)
    ours = whose_message(session, [*reading.refers_to, reading.message_id])
    if reading.message_id in ours:
        reading = replace(reading, kind=InboundKind.LOOP, reason="Det är vårt eget mejl som har kommit tillbaka.")
    elif reading.by_subject_alone and ours:
        reading = replace(reading, kind=InboundKind.REPLY, reason=BY_A_PERSON)
    if reading.kind in REPORTS:
        return _place_report(session, reading, signed, ours, came_to)
    owner, mail_id = next(
        (ours[each] for each in (*reading.refers_to, reading.message_id) if each in ours), (None, None)
    )
    if owner is None and signed is not None and signed.verdict is not Verdict.FORGED:
        owner = whose_mail(session, signed.mail_id)
        mail_id = signed.mail_id if owner else None
    case_id = None
    if owner is None:
        owner, case_id = _by_thread(session, reading.refers_to)
    owner = owner or whose_address(session, came_to) or only_municipality(session)
    return reading, _Place(municipality_id=owner, mail_id=mail_id, case_id=case_id, signed=signed)


def _place_report(
    session: Session,
    reading: Reading,
    signed: Signed | None,
    ours: dict[str, tuple[str, str]],
    came_to: tuple[str, ...],
) -> tuple[Reading, _Place]:
    owner = whose_mail(session, signed.mail_id) if signed is not None else None
    if owner is not None and signed is not None and signed.verdict is Verdict.VALID:
        return reading, _Place(municipality_id=owner, mail_id=signed.mail_id, signed=signed)
    why = _UNSIGNED.get(signed.verdict if signed else None, "Mejlet som rapporten gäller finns inte.")
    unknown = replace(reading, kind=InboundKind.UNKNOWN, reason=f"{reading.reason} {why}")
    owner = owner or next((found for found, _ in ours.values()), None)
    owner = owner or whose_address(session, came_to) or only_municipality(session)
    return unknown, _Place(municipality_id=owner, signed=signed)


def _best(mailroom: Mailroom, addresses: Iterable[str], today: date) -> Signed | None:
    paths = mailroom.return_paths
    read = [found for address in addresses if paths is not None and (found := paths.read(address, today))]
    order = (Verdict.VALID, Verdict.EXPIRED, Verdict.FORGED)
    return min(read, key=lambda signed: order.index(signed.verdict), default=None)


def _by_thread(session: Session, refers_to: Iterable[str]) -> tuple[str | None, str | None]:
    for reference in refers_to:
        if (found := _THREAD.fullmatch(reference)) and (owner := whose_case(session, found.group(1))):
            return owner, found.group(1)
    return None, None


def _is_of_trial(session: Session, place: _Place) -> bool:
    """Whether a mail answers or reports on one that left in a trial; by its thread alone, while the trial lasts."""
    if place.mail_id is not None:
        return left_in_trial(session, place.mail_id)
    return place.case_id is not None and trial_address(session) is not None


def _follow(  # noqa: PLR0913, PLR0917 - what came, what it is, where it belongs and when
    session: Session,
    mailroom: Mailroom,
    inbound_id: str,
    arrived: Arrived,
    reading: Reading,
    place: _Place,
    now: datetime,
) -> tuple[str, str | None]:
    """Do what follows from a mail; return in Swedish what that was, and the mail in which it went on."""
    if place.is_believed and place.mail_id is not None:
        if reading.kind is InboundKind.FAILED:
            return note_failure(session, mailroom, place.mail_id, reading, now), None
        if reading.kind is InboundKind.DELAYED:
            return note_delay(session, place.mail_id, reading, now), None
    if reading.kind is not InboundKind.REPLY:
        return NOTHING, None
    cases = [place.case_id] if place.case_id else cases_in(session, place.mail_id) if place.mail_id else []
    reply = Reply(
        inbound_id=inbound_id,
        raw=arrived.raw,
        reading=reading,
        envelope_sender=arrived.sender,
        mail_id=place.mail_id,
        case_ids=tuple(cases),
    )
    return take_reply(session, mailroom, reply, now)


def _row(mailroom: Mailroom, arrived: Arrived, reading: Reading, place: _Place, now: datetime) -> InboundMail:
    return InboundMail(
        id=new_id(),
        received_at=now,
        kind=reading.kind,
        reason=reading.reason,
        effect=NOTHING,
        sender=reading.sender,
        recipient=_recipient(arrived, reading),
        subject=text_without_links(reading.subject),
        message_id=reading.message_id,
        text=text_without_links(reading.text),
        mail_id=place.mail_id,
        case_id=place.case_id,
        sealed_bytes=mailroom.sealer.seal(arrived.raw),
        sha256=hashlib.sha256(arrived.raw).hexdigest(),
    )


def _keep_stray(database: Database, mailroom: Mailroom, arrived: Arrived, reading: Reading, now: datetime) -> TakenIn:
    digest = hashlib.sha256(arrived.raw).hexdigest()
    with database.system() as session:
        row = stray_by_hash(session, digest)
        is_new = row is None
        if row is None:
            row = StrayMail(
                id=new_id(),
                received_at=now,
                kind=reading.kind,
                reason=reading.reason,
                sender=reading.sender,
                recipient=_recipient(arrived, reading),
                subject=text_without_links(reading.subject),
                sealed_bytes=mailroom.sealer.seal(arrived.raw),
                sha256=digest,
            )
            session.add(row)
    return TakenIn(
        inbound_id=row.id, municipality_id=None, kind=row.kind, reason=row.reason, effect=NOTHING, is_new=is_new
    )


def _recipient(arrived: Arrived, reading: Reading) -> str:
    return next(iter((*arrived.recipients, *reading.recipients)), "").lower()[:320]


def _taken(row: InboundMail, *, is_new: bool = True) -> TakenIn:
    return TakenIn(
        inbound_id=row.id,
        municipality_id=row.municipality_id,
        kind=row.kind,
        reason=row.reason,
        effect=row.effect,
        is_new=is_new,
    )
