"""What the planner needs to open cases: policies, their duties and what people have registered, as frozen facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.course_model import ActionPlan, Referral
from styrhjul.db.deadline_query import deadlines_of
from styrhjul.db.decided_query import last_decided
from styrhjul.db.duty_in_force import in_force
from styrhjul.db.model import Duty, DutyBody, DutyStatus, Edition, Municipality, Policy
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.prepared import Reading
from styrhjul.db.session import municipality_of
from styrhjul.domain.facts import BodyFacts, DutyFacts, PolicyFacts, Registered
from styrhjul.domain.lifecycle import Holder, Lifecycle, State
from styrhjul.domain.moment import local_date
from styrhjul.domain.recurrence import Recurrence, parse_recurrence
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey, Modality

#: Run by officials: an election changes nobody there.
_WITHOUT_TERM = frozenset({BodyKind.ADMINISTRATION, BodyKind.UNIT})
_BINDING = frozenset({Modality.MUST, Modality.MUST_NOT})


_IDS: BindParameter[list[str]] = bindparam("policy_ids", expanding=True)
_LIFECYCLE: BindParameter[str] = bindparam("lifecycle")
_TODAY: BindParameter[date] = bindparam("today")
_FOLLOWED = Reading(select(Municipality.starts_on).where(Municipality.id == bindparam("own_municipality_id")))
_POLICIES = Reading(
    select(Policy.id, Policy.starts_on, Policy.adopted_by_id, Policy.repealed_on, Edition.adopted_on)
    .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
    .where(Policy.id.in_(_IDS), Edition.superseded_on.is_(None))
)
_OWING = Reading(
    in_force(
        select(DutyBody.body_id).join(
            Duty, (Duty.municipality_id == DutyBody.municipality_id) & (Duty.id == DutyBody.duty_id)
        ),
        _TODAY,
    )
    .where(Duty.lifecycle.is_not(None), Duty.holder == Holder.BODY)
    .distinct()
)
_BY_LAW = Reading(select(Case.body_id, Case.period).where(Case.lifecycle == _LIFECYCLE, Case.policy_id.is_(None)))
_RECORDED = Reading(
    select(Case.policy_id, Case.body_id, Case.period).where(Case.lifecycle == _LIFECYCLE, Case.policy_id.in_(_IDS))
)
_BOUND = Reading(
    select(DutyBody.duty_id, DutyBody.body_id)
    .join(Duty, (Duty.municipality_id == DutyBody.municipality_id) & (Duty.id == DutyBody.duty_id))
    .where(Duty.policy_id.in_(_IDS), Duty.lifecycle == _LIFECYCLE)
)
_DUTIES = Reading(
    select(
        *(Duty.id, Duty.policy_id, Duty.of_plans, Duty.holder, Duty.recurrence, Duty.deadline, Duty.modality),
        *(Duty.confirmed_at, Duty.confirmed_by, Duty.quote, Duty.edition_id),
    )
    .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
    .where(
        Duty.policy_id.in_(_IDS),
        Duty.lifecycle == _LIFECYCLE,
        Duty.status == DutyStatus.CONFIRMED,
        Edition.superseded_on.is_(None),
    )
    .order_by(Duty.start, Duty.id)
)
_PLANNING = Reading(
    select(ActionPlan.policy_id, ActionPlan.body_id, func.min(ActionPlan.registered_on))
    .where(ActionPlan.policy_id.in_(_IDS), ActionPlan.ended_on.is_(None))
    .group_by(ActionPlan.policy_id, ActionPlan.body_id)
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A policy as the register alone shows it, with every body that was ever there, and as if nobody repealed it."""

    facts: PolicyFacts
    repealed_on: date | None


def load_policy_facts(
    session: Session, organisation: Organisation, lifecycle: Lifecycle, policy_ids: Iterable[str], today: date
) -> dict[str, PolicyFacts]:
    """Return, by id, the policies as one lifecycle sees them; a repealed policy has no duties left.

    The municipality's own id stands for what law asks of its bodies: the handover, which no policy speaks of. What the
    register says is remembered with the organisation; what its cases say is read every time.
    """
    ids = list(policy_ids)
    if not ids:
        return {}
    bodies = tuple(body for body in organisation.bodies if (body.dissolved_on or date.max) > today)
    seen = _seen(session, organisation, lifecycle, ids)
    recorded, decided = _recorded(session, lifecycle, seen), _decided(session, lifecycle, seen)
    registered = _registered(session, lifecycle, seen)
    found = {
        policy_id: _as_it_stands(
            replace(
                each.facts,
                bodies=bodies,
                recorded=frozenset(recorded[policy_id]),
                registered=tuple(registered[policy_id]),
            ),
            decided.get(policy_id),
            is_repealed=each.repealed_on is not None and each.repealed_on <= today,
        )
        for policy_id, each in seen.items()
    }
    if lifecycle.key == LifecycleKey.HANDOVER and municipality_of(session) in ids:
        found[municipality_of(session)] = _by_law(session, organisation, bodies, lifecycle, today)
    return found


def promised_facts(
    session: Session, organisation: Organisation, lifecycle: Lifecycle, policy_ids: Iterable[str], today: date
) -> dict[str, PolicyFacts]:
    """Return what `load_policy_facts` does, as the register alone shows it: nothing of what its cases say.

    What was decided in cases since is only asked for where a round counts from it.
    """
    seen = _seen(session, organisation, lifecycle, list(policy_ids))
    bodies = tuple(body for body in organisation.bodies if (body.dissolved_on or date.max) > today)
    asking = {policy_id: each for policy_id, each in seen.items() if each.facts.duties or each.facts.asked_by_default}
    decided = _decided(session, lifecycle, asking) if asking else {}
    return {
        policy_id: _as_it_stands(replace(each.facts, bodies=bodies), decided.get(policy_id), is_repealed=False)
        for policy_id, each in asking.items()
        if each.repealed_on is None or each.repealed_on > today
    }


def _followed_from(session: Session, organisation: Organisation) -> date:
    if _FOLLOWED not in organisation.memory:
        [(organisation.memory[_FOLLOWED],)] = _FOLLOWED.rows(session)
    found: date = organisation.memory[_FOLLOWED]
    return found


def _as_it_stands(facts: PolicyFacts, decided: date | None, *, is_repealed: bool) -> PolicyFacts:
    if is_repealed:
        facts = replace(facts, duties=(), asked_by_default=frozenset(), registered=())
    known = [day for day in (facts.adopted_on, decided) if day]
    return replace(facts, decided_on=max(known, default=None))


def _seen(session: Session, organisation: Organisation, lifecycle: Lifecycle, ids: list[str]) -> dict[str, _Seen]:
    """Return those of the ids that are policies, read once for each state of the register."""
    memory = organisation.memory
    new = [policy_id for policy_id in ids if (_Seen, lifecycle.key, policy_id) not in memory]
    if new:
        read = _read(session, organisation, lifecycle, new)
        memory.update({(_Seen, lifecycle.key, policy_id): read.get(policy_id) for policy_id in new})
    found = {policy_id: memory[_Seen, lifecycle.key, policy_id] for policy_id in ids}
    return {policy_id: each for policy_id, each in found.items() if each is not None}


def _read(session: Session, organisation: Organisation, lifecycle: Lifecycle, ids: list[str]) -> dict[str, _Seen]:
    duties = _duties(session, lifecycle, ids)
    found = {}
    for policy_id, starts_on, adopted_by_id, repealed_on, adopted_on in _POLICIES.rows(session, policy_ids=ids):
        adopter = organisation.by_id[adopted_by_id]
        facts = PolicyFacts(
            policy_id=policy_id,
            adopted_on=adopted_on,
            followed_from=max(starts_on, _followed_from(session, organisation)),
            adopter=adopter,
            bodies=organisation.bodies,
            duties=tuple(duties[policy_id]),
            asked_by_default=_asked_by_practice(organisation, lifecycle, adopter),
            practice=organisation.practice,
        )
        found[policy_id] = _Seen(facts, repealed_on)
    return found


def _asked_by_practice(organisation: Organisation, lifecycle: Lifecycle, adopter: BodyFacts) -> frozenset[str]:
    """Where the municipality reviews every document yearly, the body that would prepare a new one is asked."""
    if lifecycle.key != LifecycleKey.CURRENCY_REVIEW or not organisation.practice.currency_review:
        return frozenset()
    prepares = adopter.body_id if adopter.kind is BodyKind.COMMITTEE else organisation.board_id
    return frozenset({prepares})


def _by_law(
    session: Session, organisation: Organisation, bodies: tuple[BodyFacts, ...], lifecycle: Lifecycle, today: date
) -> PolicyFacts:
    """A body that owes something hands over what it owes at its new term."""
    owing = {row[0] for row in _OWING.rows(session, today=today)}
    council = next((body for body in bodies if body.kind is BodyKind.COUNCIL), None)
    return PolicyFacts(
        policy_id=None,
        adopted_on=None,
        followed_from=_followed_from(session, organisation),
        adopter=council or BodyFacts(body_id="", kind=BodyKind.COUNCIL),
        bodies=bodies,
        duties=(),
        asked_by_default=frozenset(
            body.body_id for body in bodies if body.body_id in owing and body.kind not in _WITHOUT_TERM
        ),
        practice=organisation.practice,
        recorded=frozenset((body_id, period) for body_id, period in _BY_LAW.rows(session, lifecycle=lifecycle.key)),
    )


def _recorded(session: Session, lifecycle: Lifecycle, ids: Iterable[str]) -> Mapping[str, set[tuple[str, str]]]:
    recorded: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for policy_id, body_id, period in _RECORDED.rows(session, lifecycle=lifecycle.key, policy_ids=list(ids)):
        if policy_id is not None:
            recorded[policy_id].add((body_id, period))
    return recorded


def _decided(session: Session, lifecycle: Lifecycle, ids: Iterable[str]) -> dict[str, date]:
    """Return the latest day on which a revision was decided here, by policy: an interval counts from it."""
    return last_decided(session, list(ids), lifecycle.key) if lifecycle.key == LifecycleKey.REVISION else {}


def _registered(session: Session, lifecycle: Lifecycle, ids: Iterable[str]) -> Mapping[str, list[Registered]]:
    found: dict[str, list[Registered]] = defaultdict(list)
    if lifecycle.key != LifecycleKey.REFERRAL:
        return found
    for referral in _REFERRED.rows(session, policy_ids=list(ids)):
        found[referral.policy_id].append(
            Registered(
                period=referral.sent_on.isoformat(),
                body_id=referral.body_id,
                holder=Holder.BODY,
                opens_on=referral.sent_on,
                due_on=referral.due_on,
                source=f"Svarsdag i remissen av {referral.sent_on.isoformat()}.",
            )
        )
    return found


_REFERRED = Reading(
    select(Referral.policy_id, Referral.body_id, Referral.sent_on, Referral.due_on)
    .join(Case, (Case.municipality_id == Referral.municipality_id) & (Case.id == Referral.case_id))
    .where(
        Referral.policy_id.in_(bindparam("policy_ids", expanding=True)),
        Case.closed_on.is_(None),
        Case.state != State.SUBMITTED,
    )
    .order_by(Referral.sent_on, Referral.body_id)
)


def _duties(session: Session, lifecycle: Lifecycle, policy_ids: Sequence[str]) -> dict[str, list[DutyFacts]]:
    asked = {"policy_ids": list(policy_ids), "lifecycle": lifecycle.key}
    duties = _DUTIES.rows(session, **asked)
    bound: dict[str, set[str]] = defaultdict(set)
    for duty_id, body_id in _BOUND.rows(session, **asked) if duties else ():
        bound[duty_id].add(body_id)
    planning = _planning(session, policy_ids) if any(duty.of_plans for duty in duties) else {}
    deadlines = deadlines_of(session, duties)
    found: dict[str, list[DutyFacts]] = defaultdict(list)
    for duty in duties:
        since = planning.get(duty.policy_id, {}) if duty.of_plans else dict.fromkeys(bound[duty.id], date.min)
        found[duty.policy_id].append(
            DutyFacts(
                duty_id=duty.id,
                body_ids=frozenset(since),
                holder=duty.holder,
                recurrence=_recurrence(duty.recurrence),
                deadline=deadlines.get(duty.id),
                is_binding=duty.modality in _BINDING,
                since=_since(since, duty.confirmed_at),
            )
        )
    return found


def _since(since: Mapping[str, date], confirmed_at: datetime | None) -> Mapping[str, date]:
    """Nobody is asked about the time before somebody stood behind the sentence."""
    confirmed_on = local_date(confirmed_at) if confirmed_at else date.min
    return {body_id: max(day, confirmed_on) for body_id, day in since.items()}


def _planning(session: Session, policy_ids: Sequence[str]) -> Mapping[str, Mapping[str, date]]:
    """Return, by policy, the bodies that have an action plan now, and since when."""
    planning: dict[str, dict[str, date]] = defaultdict(dict)
    for policy_id, body_id, since in _PLANNING.rows(session, policy_ids=list(policy_ids)):
        planning[policy_id][body_id] = since
    return planning


@lru_cache(maxsize=1024)
def _recurrence(words: str | None) -> Recurrence | None:
    return parse_recurrence(words)
