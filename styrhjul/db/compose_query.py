"""What a mail needs to know, loaded for the notices of one municipality that may leave now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty, Notice, Quarantine, Wake
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.mail_model import OPEN_MAIL, Mail, MailItem
from styrhjul.db.model import Body, Duty, Edition, Municipality, Policy, Utc
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.prepared import Reading
from styrhjul.db.trial_model import Trial
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.period import period_in_words
from styrhjul.domain.vocabulary import DueBasis, Modality

#: What is looked at again each ordinary day: a vacant post may have a holder by then.
WAITING = (NoticeStatus.PLANNED, NoticeStatus.VACANT)
#: What has arrived; on trial, what would have.
_ARRIVED = (NoticeStatus.DELIVERED, NoticeStatus.TRIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The decided document a case rests on. None = the text does not state it."""

    policy_id: str | None
    title: str
    #: The body that adopted it; None where the law asks.
    adopted_by_id: str | None
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    document_owner: str | None
    owner_post_id: str | None


#: What rounds that no policy asks for rest on.
THE_LAW = "Kommunallagen (2017:725)"
_BY_LAW = Source(
    policy_id=None,
    title=THE_LAW,
    adopted_by_id=None,
    adopted_by="Riksdagen",
    adopted_on=None,
    paragraph=None,
    diary_number=None,
    document_owner=None,
    owner_post_id=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyText:
    """A duty as the text has it: where it stands, its words, and what was read out of them."""

    start: int
    end: int
    quote: str
    actor: str
    modality: Modality
    recurrence: str | None
    reason: str
    goal_min: int | None
    goal_max: int | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as its row stands: no object is made of it, since nothing changes it here."""

    id: str
    lifecycle: str
    policy_id: str | None
    body_id: str
    period: str
    holder: Holder
    state: State
    opens_on: date
    opening_deferred_from: date | None
    due_on: date
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    due_source: str
    due_basis: DueBasis
    lapses_on: date
    is_binding: bool
    assigned_post_id: str | None
    assigned_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseText:
    """A case with the decided words it rests on, none where the law asks. `duties` stand in the order of the text."""

    case: CaseRow
    period_words: str
    source: Source
    body_name: str
    duties: tuple[DutyText, ...]
    #: Days on which earlier notices about the present due day reached the same audience, ascending.
    delivered: tuple[tuple[str, date], ...]
    #: The case with its ledger, as the planner sees it.
    facts: CaseFacts


_SAID = tuple(part.name for part in fields(DutyText))
_WORDS = tuple(getattr(Duty, name) for name in _SAID)
#: A source's own fields, in order, as columns of the policy or its edition.
_DECIDED = (
    "adopted_by_id",
    "policy_id",
    "title",
    "adopted_by",
    "adopted_on",
    "paragraph",
    "diary_number",
    "document_owner",
    "owner_post_id",
)
_CASE_IDS: BindParameter[list[str]] = bindparam("case_ids", expanding=True)
_NOW = bindparam("now", type_=Utc())
_WAITS = (
    Notice.status.in_(WAITING),
    Notice.not_before_at <= _NOW,
    Notice.id.not_in(select(Quarantine.subject_id).scalar_subquery()),
)
#: One that is neither released nor on trial would be looked at in vain at every pulse, and before larger ones.
_MUNICIPALITIES = Reading(
    select(Notice.municipality_id)
    .join(Municipality, Municipality.id == Notice.municipality_id)
    .where(*_WAITS)
    .where(or_(Municipality.released_at <= _NOW, Municipality.id.in_(select(Trial.municipality_id))))
    .group_by(Notice.municipality_id)
    .order_by(func.count(), Notice.municipality_id)
)
_WAKING = Reading(select(Wake.subject_id).where(Wake.wake_on <= bindparam("today")).limit(1))
_UNRELEASED = Reading(
    select(Policy.id)
    .where(or_(Policy.released_at.is_(None), Policy.released_at > bindparam("now")))
    .order_by(Policy.id)
)
_WRITTEN_TO = Reading(
    select(Mail.address).where(
        Mail.digest_on == bindparam("today"), Mail.address.in_(bindparam("addresses", expanding=True))
    )
)
_OF_CASES = Reading(
    select(CaseDuty.case_id, *_WORDS)
    .join(Duty, (Duty.municipality_id == CaseDuty.municipality_id) & (Duty.id == CaseDuty.duty_id))
    .where(CaseDuty.case_id.in_(_CASE_IDS))
    .order_by(Duty.start, Duty.id)
)
_BY_ID = Reading(select(Duty.id, *_WORDS).where(Duty.id.in_(bindparam("duty_ids", expanding=True))))
_DOCUMENTS = Reading(
    select(
        Policy.adopted_by_id,
        Policy.id,
        Policy.title,
        Edition.adopted_by,
        Edition.adopted_on,
        Edition.paragraph,
        Edition.diary_number,
        Edition.document_owner,
        Policy.owner_post_id,
    )
    .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
    .where(Edition.superseded_on.is_(None), Policy.id.in_(bindparam("policy_ids", expanding=True)))
)
_TOLD = Reading(
    select(Notice.case_id, Notice.post_id, Notice.due_on, Notice.rung).where(
        Notice.case_id.in_(_CASE_IDS), Notice.status.in_((NoticeStatus.MAILED, *_ARRIVED))
    )
)


def municipalities_with_notices(session: Session, now: datetime) -> list[str]:
    """Return the municipalities with a notice that may leave now, the fewest first; for a system session."""
    return [row[0] for row in _MUNICIPALITIES.everywhere(session, now=now)]


def is_waking(session: Session, today: date) -> bool:
    """Whether any sweep of this municipality still has something to do today."""
    return bool(_WAKING.rows(session, today=today))


def notices_to_send(session: Session, now: datetime, *, on_trial: bool = False) -> list[Notice]:
    """Return all notices that may leave, oldest first, locked; those in quarantine or not yet released left out.

    On trial nothing is released, and all of it may leave.
    """
    held = [] if on_trial else unreleased_policy_ids(session, now)
    query = _TO_SEND.where(Notice.case_id.not_in(_OF_POLICIES)) if held else _TO_SEND
    return list(session.scalars(query, {"now": now, "policy_ids": held} if held else {"now": now}))


_OF_POLICIES = select(Case.id).where(Case.policy_id.in_(bindparam("policy_ids", expanding=True))).scalar_subquery()
_TO_SEND = select(Notice).where(*_WAITS).order_by(Notice.not_before_at, Notice.id).with_for_update(skip_locked=True)


def unreleased_policy_ids(session: Session, now: datetime) -> list[str]:
    """Return the policies whose mails wait until the coordinator has seen the forecast and released them."""
    return [row[0] for row in _UNRELEASED.rows(session, now=now)]


def mailboxes_written_to(session: Session, addresses: Collection[str], today: date) -> set[str]:
    """Return those of the addresses that have had their mail of the day."""
    return {row[0] for row in _WRITTEN_TO.rows(session, today=today, addresses=list(addresses))}


def posts_with_digest(
    session: Session, post_ids: Collection[str], rungs: Collection[str], week: tuple[date, date]
) -> set[str]:
    """Return those of the posts that one of these rungs was written to in a week, or reached, or is on its way to.

    A digest that had to wait counts in the week it arrives too. Both days of the week are included.
    """
    this_week = Mail.digest_on.between(*week) | Notice.delivered_on.between(*week) | Mail.status.in_(OPEN_MAIL)
    query = (
        select(Notice.post_id)
        .join(MailItem, (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id))
        .join(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .where(Notice.post_id.in_(post_ids), Notice.rung.in_(rungs), this_week)
    )
    return set(session.scalars(query))


def delivered_digests(session: Session, post_ids: Collection[str], rungs: Collection[str]) -> list[Notice]:
    """Return what reached these posts on one of these rungs about cases still open, for their present due day.

    Oldest first.
    """
    query = (
        select(Notice)
        .join(Case, (Case.municipality_id == Notice.municipality_id) & (Case.id == Notice.case_id))
        .where(
            Notice.post_id.in_(post_ids),
            Notice.rung.in_(rungs),
            Notice.status.in_(_ARRIVED),
            Notice.due_on == Case.due_on,
            Case.closed_on.is_(None),
        )
        .order_by(Notice.delivered_on, Notice.id)
    )
    return list(session.scalars(query))


_WITH_BODY = Reading(
    select(Body.name, *(getattr(Case, field.name) for field in fields(CaseRow)))
    .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
    .where(Case.id.in_(_CASE_IDS))
)


def load_case_texts(session: Session, case_ids: Iterable[str]) -> dict[str, CaseText]:
    """Return each case with its policy, edition, body and duties."""
    ids = list(case_ids)
    if not ids:
        return {}
    duties: dict[str, list[DutyText]] = defaultdict(list)
    for row in _OF_CASES.rows(session, case_ids=ids):
        duties[row[0]].append(_duty_text(row[1:]))
    rows = [(CaseRow(*own), body_name) for body_name, *own in _WITH_BODY.rows(session, case_ids=ids)]
    organisation = load_organisation(session)
    clocks = organisation.by_id
    facts = {each.case_id: each for each in load_case_facts(session, organisation, ids)}
    sources = load_sources(session, {case.policy_id for case, _ in rows if case.policy_id})
    found = {}
    for case, body_name in rows:
        if case.policy_id is None or case.policy_id in sources:
            source = sources[case.policy_id] if case.policy_id else _BY_LAW
            found[case.id] = CaseText(
                case=case,
                period_words=period_in_words(
                    case.lifecycle,
                    case.period,
                    opens_on=case.opens_on,
                    adopter=clocks[source.adopted_by_id or case.body_id],
                    body=clocks[case.body_id],
                ),
                source=source,
                body_name=body_name,
                duties=tuple(duties[case.id]),
                delivered=_delivered(facts[case.id]),
                facts=facts[case.id],
            )
    return found


def load_sources(session: Session, policy_ids: Collection[str]) -> dict[str, Source]:
    """Return, by id, the documents in their present editions; a policy without one is left out."""
    rows = _DOCUMENTS.rows(session, policy_ids=list(policy_ids)) if policy_ids else ()
    found: dict[str, Source] = {}
    for row in rows:
        own: dict[str, Any] = dict(zip(_DECIDED, row, strict=True))
        found[own["policy_id"]] = Source(**own)
    return found


def load_duty_texts(session: Session, duty_ids: Collection[str]) -> dict[str, DutyText]:
    """Return these duties by their id."""
    return {row[0]: _duty_text(row[1:]) for row in _BY_ID.rows(session, duty_ids=list(duty_ids))}


def _duty_text(row: Sequence[Any]) -> DutyText:
    return DutyText(**dict(zip(_SAID, row, strict=True)))


def _delivered(facts: CaseFacts) -> tuple[tuple[str, date], ...]:
    present = (notice for notice in facts.notices if notice.due_on == facts.due_on)
    days = {(notice.rung, notice.delivered_on) for notice in present if notice.delivered_on}
    return tuple(sorted(days, key=lambda day: (day[1], day[0])))


def rungs_told(session: Session, case_ids: Collection[str]) -> Mapping[tuple[str, str, date], set[str]]:
    """Return, by case, post and due day, the rungs that stand in a mail or have been delivered."""
    told: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    rows = _TOLD.rows(session, case_ids=list(case_ids))
    for case_id, post_id, due_on, rung in rows:
        told[case_id, post_id, due_on].add(rung)
    return told
