"""What the pages for officials say: how every case stands, what needs a person, and the ledger of mails. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import GivenAnswer, QuotedDuty, load_last_answer, load_quotes
from styrhjul.db.facts_query import load_appointments
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import MailStatus
from styrhjul.db.model import DutyStatus
from styrhjul.db.overview_query import (
    CaseLine,
    MailLine,
    MunicipalityLine,
    NoticeLine,
    PolicyLine,
    in_swedish_order,
    load_cases,
    load_mails,
    load_municipalities,
    load_notices,
    load_policies,
    load_posts,
    load_quarantined,
)
from styrhjul.db.session import Database
from styrhjul.domain.journal import Entry
from styrhjul.domain.lifecycle import Audience
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostRole, holder_of
from styrhjul.domain.status import TROUBLE, Standing, Status, status_of
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.mail.swedish import listed
from workflows import LIFECYCLES

MAILS_PER_PAGE = 50
_NEWEST_MAILS = 8
#: Ended without having been taken over, by no decision of ours.
_LOST = (MailStatus.FAILED, MailStatus.QUARANTINED, MailStatus.NOT_RESENT)
#: Offices whose vacancy stops mails.
_WRITTEN_TO = frozenset(PostRole) - {PostRole.VICE_CHAIR, PostRole.REGISTRAR}
_ROUND_KINDS = frozenset({ActionKind.SET_GOALS, ActionKind.FOLLOW_UP, ActionKind.REPORT})


class NotHere(LookupError):
    """There is no such municipality, policy or case here."""


class ConcernKind(StrEnum):
    """Why something needs a person."""

    WENT_UP = "went_up"
    UNREACHABLE = "unreachable"
    MAIL_FAILED = "mail_failed"
    QUARANTINED = "quarantined"
    VACANT = "vacant"
    PROPOSED = "proposed"
    INTERVAL_UNSTATED = "interval_unstated"
    OWNER_UNSTATED = "owner_unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that needs a person. `subject` is a name, `detail` a quote, an office or an error."""

    kind: ConcernKind
    subject: str
    detail: str = ""
    on: date | None = None
    case: CaseLine | None = None
    policy_slug: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A case in the matrix."""

    case: CaseLine
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """One round of a policy; `cells` follow the overview's bodies, None where a body is not concerned."""

    lifecycle: str
    period: str
    opens_on: date
    due_on: date
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRounds:
    """A policy with its rounds, the latest due first."""

    policy: PolicyLine
    rounds: tuple[RoundLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A municipality today. `nearest` are the cases of one round that are due next; empty when nothing is."""

    municipality: MunicipalityLine
    today: date
    bodies: tuple[str, ...]
    policies: tuple[PolicyRounds, ...]
    concerns: tuple[Concern, ...]
    mails: tuple[MailLine, ...]
    counts: Counter[Status]
    nearest: tuple[Cell, ...]

    @property
    def late(self) -> int:
        """How many cases are past their day without an answer."""
        return sum(self.counts[status] for status in TROUBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case, whole."""

    municipality: MunicipalityLine
    today: date
    case: CaseLine
    status: Status
    policy: PolicyLine
    quotes: tuple[QuotedDuty, ...]
    answer: GivenAnswer | None
    journal: tuple[Entry, ...]
    notices: tuple[NoticeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """One policy with its text."""

    municipality: MunicipalityLine
    today: date
    rounds: PolicyRounds
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """A page of the mail ledger; pages count from 1."""

    municipality: MunicipalityLine
    mails: tuple[MailLine, ...]
    page: int
    has_next: bool


def overviews(database: Database, now: datetime) -> list[Overview]:
    """Return every municipality's overview, in the order of the Swedish alphabet."""
    with database.system(read_only=True) as session:
        municipalities = load_municipalities(session)
    return [_read(database, municipality, now) for municipality in municipalities]


def overview_of(database: Database, slug: str, now: datetime) -> Overview:
    """Return one municipality's overview. Raises NotHere."""
    return _read(database, municipality_by(database, slug), now)


def municipality_by(database: Database, slug: str) -> MunicipalityLine:
    """Return the municipality. Raises NotHere."""
    with database.system(read_only=True) as session:
        found = [each for each in load_municipalities(session) if each.slug == slug]
    if not found:
        raise NotHere(slug)
    return found[0]


def policy_view(database: Database, slug: str, policy_slug: str, now: datetime) -> PolicyView:
    """Return one policy. Raises NotHere."""
    overview = overview_of(database, slug, now)
    for rounds in overview.policies:
        if rounds.policy.slug == policy_slug:
            return PolicyView(
                municipality=overview.municipality, today=overview.today, rounds=rounds, bodies=overview.bodies
            )
    raise NotHere(policy_slug)


def case_view(database: Database, slug: str, case_id: str, now: datetime) -> CaseView:
    """Return one case. Raises NotHere, for another municipality's case as for none at all."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        found = load_cases(session, case_id)
        if not found:
            raise NotHere(case_id)
        case = found[0]
        return CaseView(
            municipality=municipality,
            today=today,
            case=case,
            status=case_status(case, today),
            policy=next(policy for policy in load_policies(session) if policy.policy_id == case.policy_id),
            quotes=load_quotes(session, case_id),
            answer=load_last_answer(session, case_id),
            journal=tuple(entry for entry, _ in entries(session, case_id)),
            notices=tuple(load_notices(session, case_id)),
        )


def ledger_view(database: Database, slug: str, page: int) -> LedgerView:
    """Return a page of the mail ledger, newest first; page 1 for anything lower. Raises NotHere."""
    municipality = municipality_by(database, slug)
    page = max(page, 1)
    with database.reading(municipality.municipality_id) as session:
        mails = load_mails(session, limit=MAILS_PER_PAGE + 1, offset=(page - 1) * MAILS_PER_PAGE)
    return LedgerView(
        municipality=municipality,
        mails=tuple(mails[:MAILS_PER_PAGE]),
        page=page,
        has_next=len(mails) > MAILS_PER_PAGE,
    )


def case_status(case: CaseLine, today: date) -> Status:
    """Return how a case stands on a day."""
    lifecycle = LIFECYCLES[case.lifecycle]
    reached = {rung.to for rung in lifecycle.ladder if rung.key in case.rungs_delivered}
    above = [each for each in (Audience.CHIEF_EXECUTIVE, Audience.HEAD_OF_ADMINISTRATION) if each in reached]
    standing = Standing(
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        unreachable_on=case.unreachable_on,
        went_up_to=above[0] if above else None,
        decided_on=case.decided_on,
        paragraph=case.paragraph,
    )
    return status_of(standing, today)


def _read(database: Database, municipality: MunicipalityLine, now: datetime) -> Overview:
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        cells = [Cell(case=case, status=case_status(case, today)) for case in load_cases(session)]
        policies = load_policies(session)
        bodies = sorted({cell.case.body_name for cell in cells}, key=in_swedish_order)
        return Overview(
            municipality=municipality,
            today=today,
            bodies=tuple(bodies),
            policies=tuple(_rounds(policy, cells, bodies) for policy in policies),
            concerns=tuple(_concerns(session, cells, policies, today)),
            mails=tuple(load_mails(session, limit=_NEWEST_MAILS)),
            counts=Counter(cell.status for cell in cells),
            nearest=_nearest(cells, today),
        )


def _rounds(policy: PolicyLine, cells: Iterable[Cell], bodies: list[str]) -> PolicyRounds:
    by_round: dict[tuple[str, str], dict[str, Cell]] = {}
    for cell in cells:
        if cell.case.policy_id == policy.policy_id:
            by_round.setdefault((cell.case.lifecycle, cell.case.period), {})[cell.case.body_name] = cell
    lines = [
        RoundLine(
            lifecycle=lifecycle,
            period=period,
            opens_on=min(cell.case.opens_on for cell in found.values()),
            due_on=max(cell.case.due_on for cell in found.values()),
            cells=tuple(found.get(body) for body in bodies),
        )
        for (lifecycle, period), found in by_round.items()
    ]
    return PolicyRounds(policy=policy, rounds=tuple(sorted(lines, key=lambda line: line.due_on, reverse=True)))


def _nearest(cells: Iterable[Cell], today: date) -> tuple[Cell, ...]:
    waiting = (Status.OPEN, Status.UNDER_WAY, Status.DUE_SOON, Status.COMING)
    coming = [cell for cell in cells if cell.status in waiting and cell.case.due_on >= today]
    first = min(coming, key=lambda cell: cell.case.due_on, default=None)
    return tuple(cell for cell in coming if first and _round_of(cell) == _round_of(first))


def _round_of(cell: Cell) -> tuple[str, str, str, date]:
    return (cell.case.policy_id, cell.case.lifecycle, cell.case.period, cell.case.due_on)


def _concerns(
    session: Session, cells: Iterable[Cell], policies: Iterable[PolicyLine], today: date
) -> Iterator[Concern]:
    yield from _troubled(cells)
    for mail in load_mails(session, limit=MAILS_PER_PAGE, statuses=_LOST):
        detail = f"{mail.office}, {mail.body_name}"
        on = local_date(mail.finished_at or mail.composed_at)
        yield Concern(kind=ConcernKind.MAIL_FAILED, subject=mail.subject, detail=detail, on=on)
    for lifecycle, error, at in load_quarantined(session):
        yield Concern(kind=ConcernKind.QUARANTINED, subject=lifecycle, detail=error, on=local_date(at))
    yield from _vacancies(session, today)
    for policy in policies:
        yield from _open_questions(policy)


def _troubled(cells: Iterable[Cell]) -> Iterator[Concern]:
    """Yield the cases that went up or reach nobody; those of one round together, for they have one cause."""
    order = {Status.WITH_CHIEF_EXECUTIVE: ConcernKind.WENT_UP, Status.UNREACHABLE: ConcernKind.UNREACHABLE}
    rounds: dict[tuple[ConcernKind, str, str, str], list[CaseLine]] = {}
    for status, kind in order.items():
        for case in (cell.case for cell in cells if cell.status is status):
            rounds.setdefault((kind, case.policy_id, case.lifecycle, case.period), []).append(case)
    for (kind, *_), cases in rounds.items():
        names = listed(case.body_name for case in cases)
        yield Concern(kind=kind, subject=names, on=cases[0].due_on, case=cases[0], count=len(cases))


def _vacancies(session: Session, today: date) -> Iterator[Concern]:
    appointments = load_appointments(session)
    for post in load_posts(session, today):
        holder = holder_of(post.post_id, appointments, today) if post.role in _WRITTEN_TO else None
        if post.role in _WRITTEN_TO and (holder is None or not holder.address):
            yield Concern(kind=ConcernKind.VACANT, subject=post.body_name, detail=post.title)


def _open_questions(policy: PolicyLine) -> Iterator[Concern]:
    proposed = [duty for duty in policy.duties if duty.status is DutyStatus.PROPOSED]
    if proposed:
        yield Concern(
            kind=ConcernKind.PROPOSED,
            subject=policy.title,
            detail=proposed[0].quote,
            policy_slug=policy.slug,
            count=len(proposed),
        )
    chased = [duty for duty in policy.duties if duty.action_kind in _ROUND_KINDS and duty not in proposed]
    if chased and all(duty.recurrence is None for duty in chased):
        yield Concern(kind=ConcernKind.INTERVAL_UNSTATED, subject=policy.title, policy_slug=policy.slug)
    if policy.document_owner is None and not policy.has_owner_post:
        yield Concern(kind=ConcernKind.OWNER_UNSTATED, subject=policy.title, policy_slug=policy.slug)
