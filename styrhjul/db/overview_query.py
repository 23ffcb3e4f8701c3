"""What the pages for officials show of one municipality: cases, policies with their duties, the mail ledger. Frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Answer, Case, Notice, Quarantine
from styrhjul.db.mail_model import AttemptOutcome, Mail, MailAttempt, MailStatus
from styrhjul.db.model import Body, Duty, DutyStatus, Edition, Municipality, Policy, Post
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityLine:
    """A municipality by name."""

    municipality_id: str
    slug: str
    name: str
    chief_executive_title: str
    is_example: bool
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case with what a status needs: its latest answer, and the rungs delivered for its present due day."""

    case_id: str
    policy_id: str
    lifecycle: str
    period: str
    body_id: str
    body_name: str
    holder: Holder
    state: State
    opens_on: date
    due_on: date
    due_source: str
    meeting_on: date | None
    agenda_on: date | None
    unreachable_on: date | None
    answered_at: datetime | None
    decided_on: date | None
    paragraph: str | None
    rungs_delivered: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One duty of an edition."""

    quote: str
    start: int
    end: int
    actor: str | None
    modality: Modality
    action_kind: ActionKind
    recurrence: str | None
    deadline: str | None
    goal_min: int | None
    goal_max: int | None
    confidence: Confidence
    reason: str
    status: DutyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """A policy in its present edition. None = the text does not state it."""

    policy_id: str
    slug: str
    title: str
    document_type: str | None
    adopter_name: str
    has_owner_post: bool
    repealed_on: date | None
    text: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    valid_from: date | None
    valid_until: date | None
    last_revised_on: date | None
    document_owner: str | None
    replaces: str | None
    duties: tuple[DutyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One mail of the outbox, as the ledger shows it."""

    mail_id: str
    subject: str
    office: str
    body_name: str
    status: MailStatus
    attempts: int
    composed_at: datetime
    finished_at: datetime | None
    uncertain: bool
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One row of a case's ledger."""

    rung: str
    office: str
    body_name: str
    status: NoticeStatus
    planned_on: date
    deferred_from: date | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post and the body it belongs to, by name."""

    post_id: str
    role: PostRole
    title: str
    body_name: str


def load_municipalities(session: Session) -> list[MunicipalityLine]:
    """Return every municipality in the order of the Swedish alphabet; for a system session."""
    lines = [
        MunicipalityLine(
            municipality_id=row.id,
            slug=row.slug,
            name=row.name,
            chief_executive_title=row.chief_executive_title,
            is_example=row.is_example,
            released_at=row.released_at,
        )
        for row in session.scalars(select(Municipality))
    ]
    return sorted(lines, key=lambda line: in_swedish_order(line.name))


def in_swedish_order(text: str) -> str:
    """Return a key that sorts å, ä and ö last: not every database knows Swedish."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))


def load_cases(session: Session, case_id: str | None = None) -> list[CaseLine]:
    """Return the municipality's cases, or the one asked for; latest period first, then by body."""
    query = select(Case, Body.name).join(
        Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id)
    )
    if case_id is not None:
        query = query.where(Case.id == case_id)
    rows = session.execute(query).all()
    answers = _latest_answers(session, case_id)
    delivered = _delivered(session, case_id)
    lines = [_case_line(case, name, answers.get(case.id), delivered[case.id, case.due_on]) for case, name in rows]
    return sorted(lines, key=lambda line: (_descending(line.due_on), in_swedish_order(line.body_name)))


def load_policies(session: Session) -> list[PolicyLine]:
    """Return the policies with the duties of their present edition, rejected ones left out."""
    duties: dict[str, list[DutyLine]] = defaultdict(list)
    for duty in session.scalars(select(Duty).where(Duty.status != DutyStatus.REJECTED).order_by(Duty.start, Duty.id)):
        duties[duty.edition_id].append(_duty_line(duty))
    rows = session.execute(
        select(Policy, Edition, Body.name)
        .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
        .join(Body, (Body.municipality_id == Policy.municipality_id) & (Body.id == Policy.adopted_by_id))
        .where(Edition.superseded_on.is_(None))
    )
    lines = [_policy_line(*row, duties=tuple(duties[row[1].id])) for row in rows]
    return sorted(lines, key=lambda line: in_swedish_order(line.title))


def load_mails(
    session: Session, *, limit: int, offset: int = 0, statuses: Collection[MailStatus] = tuple(MailStatus)
) -> list[MailLine]:
    """Return a page of the mail ledger, or of its mails that stand as asked for; newest first."""
    uncertain = (
        select(MailAttempt.id)
        .where(MailAttempt.mail_id == Mail.id, MailAttempt.outcome == AttemptOutcome.UNCERTAIN)
        .correlate(Mail)
        .exists()
    )
    query = (
        select(Mail, Post.title, Body.name, uncertain)
        .join(Post, (Post.municipality_id == Mail.municipality_id) & (Post.id == Mail.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Mail.status.in_(statuses))
        .order_by(Mail.composed_at.desc(), Mail.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        MailLine(
            mail_id=mail.id,
            subject=mail.subject,
            office=office,
            body_name=body_name,
            status=mail.status,
            attempts=mail.attempts,
            composed_at=mail.composed_at,
            finished_at=mail.finished_at,
            uncertain=bool(is_uncertain),
            outcome=mail.outcome,
        )
        for mail, office, body_name, is_uncertain in session.execute(query)
    ]


def count_mails(session: Session) -> dict[MailStatus, int]:
    """Return how many mails there are of each status."""
    return dict(session.execute(select(Mail.status, func.count()).group_by(Mail.status)).all())


def load_notices(session: Session, case_id: str) -> list[NoticeLine]:
    """Return a case's ledger in the order it was planned."""
    query = (
        select(Notice, Post.title, Body.name)
        .join(Post, (Post.municipality_id == Notice.municipality_id) & (Post.id == Notice.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Notice.case_id == case_id)
        .order_by(Notice.planned_on, Notice.rung, Post.title)
    )
    return [
        NoticeLine(
            rung=notice.rung,
            office=office,
            body_name=body_name,
            status=notice.status,
            planned_on=notice.planned_on,
            deferred_from=notice.deferred_from,
            reason=notice.reason,
        )
        for notice, office, body_name in session.execute(query)
    ]


def load_posts(session: Session, today: date) -> list[PostLine]:
    """Return the posts that have not ended, of every body that is not dissolved."""
    query = (
        select(Post.id, Post.role, Post.title, Body.name)
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Post.ended_on.is_(None), Body.dissolved_on.is_(None) | (Body.dissolved_on > today))
        .order_by(Body.name, Post.title)
    )
    return [
        PostLine(post_id=post_id, role=role, title=title, body_name=body_name)
        for post_id, role, title, body_name in session.execute(query)
    ]


def load_quarantined(session: Session) -> Sequence[tuple[str, str, datetime]]:
    """Return what was set aside by our own fault: lifecycle, error, when; newest first."""
    query = select(Quarantine.lifecycle, Quarantine.error, Quarantine.quarantined_at)
    return session.execute(query.order_by(Quarantine.quarantined_at.desc())).all()


def _latest_answers(session: Session, case_id: str | None) -> dict[str, Answer]:
    query = select(Answer).order_by(Answer.version)
    if case_id is not None:
        query = query.where(Answer.case_id == case_id)
    return {answer.case_id: answer for answer in session.scalars(query)}


def _delivered(session: Session, case_id: str | None) -> dict[tuple[str, date], set[str]]:
    query = select(Notice.case_id, Notice.due_on, Notice.rung).where(Notice.status == NoticeStatus.DELIVERED)
    if case_id is not None:
        query = query.where(Notice.case_id == case_id)
    rungs: dict[tuple[str, date], set[str]] = defaultdict(set)
    for notice_case_id, due_on, rung in session.execute(query):
        rungs[notice_case_id, due_on].add(rung)
    return rungs


def _case_line(case: Case, body_name: str, answer: Answer | None, rungs: set[str]) -> CaseLine:
    return CaseLine(
        case_id=case.id,
        policy_id=case.policy_id,
        lifecycle=case.lifecycle,
        period=case.period,
        body_id=case.body_id,
        body_name=body_name,
        holder=case.holder,
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        due_source=case.due_source,
        meeting_on=case.meeting_on,
        agenda_on=case.agenda_on,
        unreachable_on=case.unreachable_on,
        answered_at=answer.submitted_at if answer else None,
        decided_on=answer.decided_on if answer else None,
        paragraph=answer.paragraph if answer else None,
        rungs_delivered=frozenset(rungs),
    )


def _duty_line(duty: Duty) -> DutyLine:
    return DutyLine(
        quote=duty.quote,
        start=duty.start,
        end=duty.end,
        actor=duty.actor,
        modality=duty.modality,
        action_kind=duty.action_kind,
        recurrence=duty.recurrence,
        deadline=duty.deadline,
        goal_min=duty.goal_min,
        goal_max=duty.goal_max,
        confidence=duty.confidence,
        reason=duty.reason,
        status=duty.status,
    )


def _policy_line(policy: Policy, edition: Edition, adopter_name: str, *, duties: tuple[DutyLine, ...]) -> PolicyLine:
    return PolicyLine(
        policy_id=policy.id,
        slug=policy.slug,
        title=policy.title,
        document_type=policy.document_type,
        adopter_name=adopter_name,
        has_owner_post=policy.owner_post_id is not None,
        repealed_on=policy.repealed_on,
        text=edition.text,
        adopted_by=edition.adopted_by,
        adopted_on=edition.adopted_on,
        paragraph=edition.paragraph,
        diary_number=edition.diary_number,
        version=edition.version,
        valid_from=edition.valid_from,
        valid_until=edition.valid_until,
        last_revised_on=edition.last_revised_on,
        document_owner=edition.document_owner,
        replaces=edition.replaces,
        duties=duties,
    )


def _descending(day: date) -> int:
    return -day.toordinal()
