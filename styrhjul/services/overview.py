"""What the pages for officials say: how every case stands, what needs a person, and the ledger of mails. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.mail_ledger_query import MailLine, load_mails
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.overview_query import (
    CaseLine,
    MunicipalityLine,
    PolicyLine,
    in_swedish_order,
    load_cases,
    load_municipalities,
    load_policies,
)
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_date
from styrhjul.domain.status import TROUBLE, Status
from styrhjul.domain.suggestion import Reviewed, term_to_review_in
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.binding import is_official
from styrhjul.services.case_status import Cell, case_status
from styrhjul.services.concern import Concern, concerns
from styrhjul.services.procedure import lifecycle_of

MAILS_PER_PAGE = 50
_NEWEST_MAILS = 8


class NotHere(LookupError):
    """There is no such municipality, policy or case here."""


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
class Suggestion:
    """A document that nothing obliges anybody to revise, though its adopter's term `term` has begun since."""

    policy_slug: str
    title: str
    adopter_name: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A municipality today. `nearest` are the cases of one round that are due next; empty when nothing is.

    `handovers` are the cases of a new term, which no policy asks for: the latest term first, then by body.
    """

    municipality: MunicipalityLine
    today: date
    bodies: tuple[str, ...]
    policies: tuple[PolicyRounds, ...]
    concerns: tuple[Concern, ...]
    mails: tuple[MailLine, ...]
    counts: Counter[Status]
    nearest: tuple[Cell, ...]
    handovers: tuple[Cell, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def late(self) -> int:
        """How many cases are past their day without an answer."""
        return sum(self.counts[status] for status in TROUBLE)


@dataclass(frozen=True, slots=True, kw_only=True)


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


def _read(database: Database, municipality: MunicipalityLine, now: datetime) -> Overview:
    today = local_date(now)
    is_live = municipality.released_at is not None and municipality.released_at <= now
    with database.reading(municipality.municipality_id) as session:
        organisation = load_organisation(session)
        cells = [_cell(organisation, case, today) for case in load_cases(session)]
        policies = load_policies(session)
        asked = [cell for cell in cells if cell.case.policy_id is not None]
        bodies = sorted({cell.case.body_name for cell in asked}, key=in_swedish_order)
        return Overview(
            municipality=municipality,
            today=today,
            bodies=tuple(bodies),
            policies=tuple(rounds_of(policy, cells, bodies) for policy in policies),
            concerns=tuple(concerns(session, cells, policies, now, is_live=is_live)),
            mails=tuple(load_mails(session, limit=_NEWEST_MAILS)),
            # What a text recommends or allows is never late.
            counts=Counter(cell.status for cell in cells if cell.case.is_binding or cell.status not in TROUBLE),
            nearest=_nearest(cells, today),
            handovers=tuple(cell for cell in cells if cell.case.policy_id is None),
            suggestions=tuple(filter(None, (suggestion_about(policy, today) for policy in policies))),
        )


def _cell(organisation: Organisation, case: CaseLine, today: date) -> Cell:
    lifecycle = lifecycle_of(organisation, case.lifecycle, case.policy_id)
    return Cell(case=case, status=case_status(case, lifecycle, today))


def suggestion_about(policy: PolicyLine, today: date) -> Suggestion | None:
    """Return what may be suggested about a document that nothing obliges anybody to revise."""
    document = Reviewed(
        decided_on=policy.decided_on,
        asks_for_revision=any(duty.action_kind is ActionKind.REVISE for duty in policy.duties),
        by_official=is_official(policy.adopted_by or ""),
        adopter=policy.adopter,
    )
    term = term_to_review_in(document, today) if policy.repealed_on is None else None
    if term is None:
        return None
    return Suggestion(policy_slug=policy.slug, title=policy.title, adopter_name=policy.adopter_name, term=term.label)


def rounds_of(policy: PolicyLine, cells: Iterable[Cell], bodies: Sequence[str]) -> PolicyRounds:
    """Return a policy's rounds from all cells there are, one place for each of the bodies."""
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


def _round_of(cell: Cell) -> tuple[str | None, str, str, date]:
    return (cell.case.policy_id, cell.case.lifecycle, cell.case.period, cell.case.due_on)
