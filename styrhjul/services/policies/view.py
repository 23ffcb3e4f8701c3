"""What the pages about policies say: the list, and one with its text, duties, rounds and history. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from styrhjul.db.duty_query import bodies_that_answer
from styrhjul.db.model import DutyStatus, Policy
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.overview_query import (
    MunicipalityLine,
    PolicyLine,
    cases_about,
    in_swedish_order,
    load_cases,
    load_policies,
)
from styrhjul.db.policy_page_query import (
    EditionLine,
    ListedPolicy,
    OfficeChoice,
    PageDuty,
    PolicyEntry,
    load_duties,
    load_editions,
    load_entries,
    load_list,
    load_offices,
)
from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import FINAL_STATES
from styrhjul.domain.moment import local_date
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.municipality.procedure import lifecycle_of
from styrhjul.services.overview.case_status import Cell, case_status
from styrhjul.services.overview.pages import PolicyRounds, Suggestion, rounds_of, suggestion_about
from styrhjul.services.policies.duty_context import Context, context_of
from styrhjul.services.policies.duty_decide import is_plain, terms_of
from styrhjul.services.policies.lint import LintLine, lint_text, replacement_of

#: So many lines of the journal stand on a policy's page.
LINES_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyList:
    """The policies of a municipality, in the order of the Swedish alphabet."""

    municipality: MunicipalityLine
    today: date
    policies: tuple[ListedPolicy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """One policy. `duties` stand in the order of the text; `rejected` ones apart. `entries` are newest first."""

    municipality: MunicipalityLine
    today: date
    rounds: PolicyRounds
    suggestion: Suggestion | None
    duties: tuple[PageDuty, ...]
    rejected: tuple[PageDuty, ...]
    editions: tuple[EditionLine, ...]
    owner: str | None
    entries: tuple[PolicyEntry, ...]
    remarks: tuple[LintLine, ...]

    @property
    def policy(self) -> PolicyLine:
        """The policy in its present edition."""
        return self.rounds.policy

    @property
    def proposed(self) -> tuple[tuple[int, PageDuty], ...]:
        """The duties that wait for a person, with the numbers they are shown under."""
        return tuple((duty.number, duty) for duty in self.duties if duty.status is DutyStatus.PROPOSED)

    def open_case_of(self, duty: PageDuty) -> str | None:
        """Return the case that is open about what a duty in force asks for, the one due first; None = none is."""
        if duty.status is not DutyStatus.CONFIRMED:
            return None
        cases = (cell.case for line in self.rounds.rounds for cell in line.cells if cell)
        still = [case for case in cases if case.lifecycle == duty.lifecycle and case.state not in FINAL_STATES]
        return min(still, key=lambda case: (case.due_on, case.case_id)).case_id if still else None

    @property
    def plain(self) -> tuple[tuple[int, PageDuty], ...]:
        """Those of them that ask for no judgement of their own."""
        return tuple((number, duty) for number, duty in self.proposed if is_plain(duty, terms_of(duty, duty.body_ids)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """One duty to decide about, with the bodies that it could bind; `duty` None = one is to be added."""

    municipality: MunicipalityLine
    policy: PolicyLine
    duty: PageDuty | None
    number: int
    bodies: tuple[tuple[str, str], ...]
    context: Context | None
    #: The ids of every duty that waits for a person, in the order of the text, this one among them if it does.
    waiting: tuple[str, ...]
    #: How many duties the edition has, whatever was decided about them.
    total: int

    @property
    def following(self) -> str | None:
        """The id of what waits after this one, from the beginning again after the last; None if nothing else waits."""
        others = [each for each in self.waiting if self.duty is None or each != self.duty.duty_id]
        if self.duty is None or self.duty.duty_id not in self.waiting:
            return others[0] if others else None
        later = self.waiting[self.waiting.index(self.duty.duty_id) + 1 :]
        return (*later, *others)[0] if others else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """Who owns a policy, and who could."""

    municipality: MunicipalityLine
    policy: PolicyLine
    owner_id: str | None
    offices: tuple[OfficeChoice, ...]


def policy_list(database: Database, slug: str, now: datetime) -> PolicyList:
    """Return a municipality's policies. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        policies = tuple(load_list(session, now))
    return PolicyList(municipality=municipality, today=local_date(now), policies=policies)


def policy_view(database: Database, slug: str, policy_slug: str, now: datetime) -> PolicyView:
    """Return one policy, whole. Raises NotHere."""
    municipality, today = municipality_by(database, slug), local_date(now)
    with database.reading(municipality.municipality_id) as session:
        policy = _only(load_policies(session, policy_slug))
        organisation = load_organisation(session)
        cells = [
            Cell(
                case=case, status=case_status(case, lifecycle_of(organisation, case.lifecycle, policy.policy_id), today)
            )
            for case in load_cases(session, cases_about(session, policy.policy_id))
        ]
        duties = load_duties(session, policy.policy_id)
        editions, owner = load_editions(session, policy.policy_id)
        bodies = sorted({cell.case.body_name for cell in cells}, key=in_swedish_order)
        return PolicyView(
            municipality=municipality,
            today=today,
            rounds=rounds_of(policy, cells, bodies),
            suggestion=suggestion_about(policy, today),
            duties=tuple(duty for duty in duties if duty.status is not DutyStatus.REJECTED),
            rejected=tuple(duty for duty in duties if duty.status is DutyStatus.REJECTED),
            editions=tuple(editions),
            owner=owner,
            entries=tuple(load_entries(session, policy.policy_id, LINES_SHOWN)),
            remarks=lint_text(policy.text, today, policy.pages, replaced_by=replacement_of(session, policy)),
        )


def duty_view(database: Database, slug: str, policy_slug: str, duty_id: str | None, now: datetime) -> DutyView:
    """Return a duty of a policy, or what one that is added to it may bind. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        policy = _only(load_policies(session, policy_slug))
        duties = load_duties(session, policy.policy_id)
        duty = _found(duties, duty_id) if duty_id is not None else None
        bound = dict(zip(duty.body_ids, duty.bodies, strict=True)) if duty else {}
        named = {body.id: body.name for body in bodies_that_answer(session, local_date(now))} | bound
    bodies = sorted(named.items(), key=lambda each: in_swedish_order(each[1]))
    return DutyView(
        municipality=municipality,
        policy=policy,
        duty=duty,
        number=duty.number if duty and duty.status is not DutyStatus.REJECTED else 0,
        bodies=tuple(bodies),
        context=context_of(policy, duty) if duty else None,
        total=len(duties),
        waiting=tuple(each.duty_id for each in duties if each.status is DutyStatus.PROPOSED),
    )


def owner_view(database: Database, slug: str, policy_slug: str) -> OwnerView:
    """Return who owns a policy and who could. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        policy = _only(load_policies(session, policy_slug))
        owner_id = session.scalar(select(Policy.owner_post_id).where(Policy.id == policy.policy_id))
        offices = tuple(load_offices(session))
    return OwnerView(municipality=municipality, policy=policy, owner_id=owner_id, offices=offices)


def _only(found: list[PolicyLine]) -> PolicyLine:
    if not found:
        raise NotHere
    return found[0]


def _found(duties: list[PageDuty], duty_id: str) -> PageDuty:
    for duty in duties:
        if duty.duty_id == duty_id:
            return duty
    raise NotHere(duty_id)
