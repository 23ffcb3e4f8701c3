"""What the pages for officials say: how every case stands, what needs a person, and the ledger of mails. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from styrhjul.db.mail_ledger_query import MailLine, load_mails
from styrhjul.db.office_query import body_names
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.outline_query import CaseOutline, load_outlines, load_policy_lines
from styrhjul.db.overview_query import (
    CaseLine,
    MunicipalityLine,
    PolicyLine,
    load_cases,
)
from styrhjul.db.session import Database
from styrhjul.domain.adopter import is_official
from styrhjul.domain.lifecycle import AWAITED_STATES
from styrhjul.domain.moment import local_date
from styrhjul.domain.status import TROUBLE, Status
from styrhjul.domain.suggestion import Reviewed, term_to_review_in
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.overview.case_status import Cell, case_status
from styrhjul.services.overview.coming_mail import ComingMails, coming_mails
from styrhjul.services.overview.coming_round import coming_rounds
from styrhjul.services.overview.concern import Concern, concerns
from styrhjul.services.overview.load import YearLoad, load_of
from styrhjul.services.overview.matrix import ComingLine, table_of
from styrhjul.services.overview.wheel import Asked, WheelView, Year, wheel_of

MAILS_PER_PAGE = 50
#: The page shows a handful; so much is asked about to find them.
_MAILS_RECKONED = 24
_MOST_RECKONED = 100


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
    """A policy with its rounds, the latest due first, and those to come, the first to open first."""

    policy: PolicyLine
    rounds: tuple[RoundLine, ...]
    coming: tuple[ComingLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A document that nothing obliges anybody to revise, though its adopter's term `term` has begun since."""

    policy_slug: str
    title: str
    adopter_name: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A municipality today, and one year of it. `nearest` are the cases of one round that are due next.

    `policies` are a page of those that ask for anything that year, `quiet` those that ask for nothing. `handovers` are
    the cases of a new term, which no policy asks for: the latest term first, then by body.
    """

    municipality: MunicipalityLine
    today: date
    year: int
    bodies: tuple[str, ...]
    policies: tuple[PolicyRounds, ...]
    quiet: tuple[PolicyLine, ...]
    page: int
    pages: int
    concerns: tuple[Concern, ...]
    late: int
    nearest: tuple[Cell, ...]
    handovers: tuple[Cell, ...]
    suggestions: tuple[Suggestion, ...]
    wheel: WheelView
    load: YearLoad
    mails: ComingMails

    @property
    def years(self) -> tuple[int, ...]:
        """The years that can be chosen beside the one shown."""
        return tuple(year for year in range(self.today.year - 1, self.today.year + 2) if year != self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingView:
    """The mails that would leave in the next 30 days."""

    municipality: MunicipalityLine
    today: date
    mails: ComingMails


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """A page of the mail ledger; pages count from 1."""

    municipality: MunicipalityLine
    mails: tuple[MailLine, ...]
    page: int
    has_next: bool


def overview_of(database: Database, slug: str, now: datetime, asked: Asked | None = None) -> Overview:
    """Return one municipality's overview, of this year unless another is asked for. Raises NotHere."""
    municipality = municipality_by(database, slug)
    asked = asked or Asked(year=local_date(now).year)
    with database.reading(municipality.municipality_id) as session:
        return _overview(session, municipality, asked, now)


def coming_view(database: Database, slug: str, now: datetime) -> ComingView:
    """Return the mails of the next 30 days, of so many cases and documents as a page has room for. Raises NotHere."""
    municipality, today = municipality_by(database, slug), local_date(now)
    with database.reading(municipality.municipality_id) as session:
        year = year_of(session, municipality, today.year, today)
        return ComingView(
            municipality=municipality, today=today, mails=coming_mails(session, year, most=_MOST_RECKONED)
        )


def year_of(session: Session, municipality: MunicipalityLine, number: int, today: date) -> Year:
    """Return what a calendar year is drawn from: open cases and those due that year, and no round to come yet."""
    organisation = load_organisation(session)
    return Year(
        municipality=municipality,
        today=today,
        organisation=organisation,
        names=body_names(session, organisation),
        policies=load_policy_lines(session, organisation),
        outlines=load_outlines(session, date(number, 1, 1), date(number, 12, 31)),
        coming=(),
    )


def coming_year(session: Session, municipality: MunicipalityLine, number: int, today: date) -> Year:
    """Return what a calendar year is drawn from, the rounds to come included."""
    year = year_of(session, municipality, number, today)
    ids = [line.policy_id for line in year.policies]
    return replace(year, coming=coming_rounds(session, year.organisation, ids, year=number, today=today))


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


def _overview(session: Session, municipality: MunicipalityLine, asked: Asked, now: datetime) -> Overview:
    today = local_date(now)
    year = coming_year(session, municipality, asked.year, today)
    table = table_of(year, asked)
    lines = load_cases(session, table.case_ids | _watched(year))
    cells = [_cell(year.organisation, line, today) for line in lines]
    is_live = municipality.released_at is not None and municipality.released_at <= now
    in_table = [cell for cell in cells if cell.case.case_id in table.case_ids]
    return Overview(
        municipality=municipality,
        today=today,
        year=asked.year,
        bodies=table.bodies,
        policies=tuple(
            replace(rounds_of(policy, in_table, list(table.bodies)), coming=table.coming.get(policy.policy_id, ()))
            for policy in table.policies
        ),
        quiet=table.quiet,
        page=table.page,
        pages=table.pages,
        concerns=tuple(concerns(session, cells, year, now, is_live=is_live)),
        # What a text recommends or allows is never late.
        late=sum(cell.case.is_binding and cell.status in TROUBLE for cell in cells),
        nearest=_nearest(cells, today),
        handovers=tuple(cell for cell in cells if cell.case.policy_id is None),
        suggestions=tuple(filter(None, (suggestion_about(policy, today) for policy in year.policies))),
        wheel=wheel_of(year, asked),
        load=load_of(year, asked.year),
        mails=coming_mails(session, year, most=_MAILS_RECKONED),
    )


def _watched(year: Year) -> set[str]:
    """Return the cases that the page speaks of by themselves: what is stuck, what is due next, and the handovers."""
    waiting = [each for each in year.outlines if each.state in AWAITED_STATES]
    ended = {body.body_id for body in year.organisation.bodies if body.dissolved_on and body.dissolved_on <= year.today}
    stuck = {each.case_id for each in waiting if _is_stuck(each, year.today) or each.body_id in ended}
    coming = [each for each in waiting if each.due_on >= year.today]
    first = coming[0] if coming else None  # they come by their due day
    due_next = {each.case_id for each in coming if first and _place(each) == _place(first)}
    return stuck | due_next | {each.case_id for each in year.outlines if each.policy_id is None}


def _is_stuck(case: CaseOutline, today: date) -> bool:
    is_short = case.agenda_on is not None and case.agenda_on < today
    return case.due_on < today or is_short or case.unreachable_on is not None


def _place(case: CaseOutline) -> tuple[str | None, str, str, date]:
    return (case.policy_id, case.lifecycle, case.period, case.due_on)


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
