"""What a new edition does to what is open: a case goes on, resting on the new words, or ends since nothing asks for it.

A case goes on for as long as any duty of the new edition asks for it, confirmed or still waiting for a person: one that
has ended cannot be opened again, and no round is lost because somebody has yet to read a sentence. Its days never move,
and an answer that is handed in stands by the text that it was given on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty
from styrhjul.db.duty_query import bodies_of, duties_behind
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Body, Duty, DutyStatus, Edition
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.lifecycle import Event, State
from styrhjul.domain.likeness import words_of
from styrhjul.domain.vocabulary import ActionKind, Modality
from styrhjul.services.cases.decision import Decision
from styrhjul.services.policies.duty_effect import end_unasked, is_binding
from styrhjul.services.policies.edition_carry import Carried, in_words
from styrhjul.services.policies.edition_diff import Fate, Pair
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """What became of one duty. `waits`: a person has to judge it. `why` tells in Swedish what else there is to know."""

    fate: Fate
    was: str | None
    now: str | None
    kind: ActionKind
    modality: Modality
    waits: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """What became of one open case. `CHANGED`: it quotes other words from now on."""

    fate: Fate
    case_id: str
    lifecycle: str
    body: str
    period: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange:
    """What a new edition changes: duties in the order of its text, what is gone last; then the open cases.

    `warnings` are in Swedish: what speaks against its being newer than the one before.
    """

    duties: tuple[DutyChange, ...]
    cases: tuple[CaseChange, ...]
    warnings: tuple[str, ...] = ()

    def of(self, fate: Fate) -> tuple[DutyChange, ...]:
        """Return the duties that this became of."""
        return tuple(duty for duty in self.duties if duty.fate is fate)


def told_of(pair: Pair, carried: Carried | None) -> DutyChange:
    """Return one pair as people are shown it."""
    stored = pair.stored
    if carried is None:
        assert stored is not None  # noqa: S101 - what is gone was there
        kind, modality = stored.action_kind, stored.modality
        return DutyChange(
            fate=pair.fate, was=stored.quote, now=None, kind=kind, modality=modality, waits=False, why=_gone(pair)
        )
    duty = carried.duty
    return DutyChange(
        fate=pair.fate,
        was=stored.quote if stored else None,
        now=duty.quote,
        kind=duty.action_kind,
        modality=duty.modality,
        waits=duty.status is DutyStatus.PROPOSED,
        why=_why(pair, carried),
    )


def _gone(pair: Pair) -> str:
    is_rejected = pair.stored is not None and pair.stored.status is DutyStatus.REJECTED
    return "Den var avvisad." if is_rejected else ""


def _why(pair: Pair, carried: Carried) -> str:
    stored, told = pair.stored, []
    if pair.differs:
        told.append(f"Ändrat: {in_words(pair.differs)}.")
    if stored is None:
        return ""
    if carried.is_settled and stored.status is DutyStatus.REJECTED:
        told.append(f"Avvisad av {stored.confirmed_by}, och är det fortfarande.")
    elif carried.is_settled and carried.by_hand:
        told.append("Det som är rättat för hand står kvar.")
    elif stored.status is DutyStatus.REJECTED:
        told.append("Den förra meningen var avvisad. Den nya ska läsas.")
    elif carried.by_hand:
        told.append("En del är rättat för hand och står kvar. Läs och bekräfta.")
    return " ".join(told)


def carry_cases(session: Session, edition: Edition, decision: Decision, now: datetime) -> tuple[CaseChange, ...]:
    """Let what is open rest on the new edition, or end with the reason; return what became of each, by its id."""
    names = dict(session.execute(select(Body.id, Body.name)).all())
    found = []
    for case in _asked_by_earlier(session, edition):
        fate = _carried(session, case, edition, decision, now)
        if fate is not None:
            found.append(
                CaseChange(
                    fate=fate,
                    case_id=case.id,
                    lifecycle=case.lifecycle,
                    body=names[case.body_id],
                    period=case.period,
                    due_on=case.due_on,
                )
            )
    return tuple(found)


def _asked_by_earlier(session: Session, edition: Edition) -> Sequence[Case]:
    """Return what is open and unanswered, and rests on an earlier text of the document, by id, locked."""
    resting = (
        select(CaseDuty.case_id)
        .join(Duty, (Duty.municipality_id == CaseDuty.municipality_id) & (Duty.id == CaseDuty.duty_id))
        .where(Duty.policy_id == edition.policy_id, Duty.edition_id != edition.id)
    )
    query = select(Case).where(Case.id.in_(resting), Case.closed_on.is_(None), Case.state != State.SUBMITTED)
    return session.scalars(query.order_by(Case.id).with_for_update()).all()


def _carried(session: Session, case: Case, edition: Edition, decision: Decision, now: datetime) -> Fate | None:
    asking = duties_behind(session, case)
    waiting = [] if asking else _waiting(session, case, edition)
    if asking or waiting:
        # What nobody has judged yet never makes a case bind harder.
        case.is_binding = is_binding(asking) if asking else case.is_binding and is_binding(waiting)
        return _rest_on(session, case, asking or waiting, decision, now)
    if (case.state, Event.WAIVE) not in LIFECYCLES[case.lifecycle].transitions:
        return None
    end_unasked(session, case, decision, now)
    return Fate.GONE


def _waiting(session: Session, case: Case, edition: Edition) -> list[Duty]:
    """Return what waits for a person and, as it stands, asks for the case, or for nobody yet."""
    query = select(Duty).where(
        Duty.edition_id == edition.id, Duty.status == DutyStatus.PROPOSED, Duty.lifecycle == case.lifecycle
    )
    duties = session.scalars(query.order_by(Duty.start, Duty.id)).all()
    bound = bodies_of(session, [duty.id for duty in duties])
    return [duty for duty in duties if duty.of_plans or not bound[duty.id] or case.body_id in bound[duty.id]]


def _rest_on(session: Session, case: Case, duties: Sequence[Duty], decision: Decision, now: datetime) -> Fate:
    """Let a case rest on these and nothing else; what it quotes now is journalled where the words are others."""
    before = _resting_on(session, case)
    duties = _narrowed(duties, before)
    session.execute(delete(CaseDuty).where(CaseDuty.case_id == case.id))
    session.add_all(CaseDuty(case_id=case.id, duty_id=duty.id) for duty in duties)
    session.flush()
    was = [duty.quote for duty in before]
    quotes = [duty.quote for duty in sorted(duties, key=lambda duty: (duty.start, duty.id))]
    if {words_of(quote) for quote in was} == {words_of(quote) for quote in quotes}:
        return Fate.KEPT
    data: dict[str, Value] = {"policy": case.policy_id, "before": was, "after": quotes, "reason": decision.reason}
    write_down(session, [Line(kind=EntryKind.CASE_CARRIED, by=decision.by, case_id=case.id, data=data)], now)
    return Fate.CHANGED


def _resting_on(session: Session, case: Case) -> Sequence[Duty]:
    query = (
        select(Duty)
        .join(CaseDuty, (CaseDuty.municipality_id == Duty.municipality_id) & (CaseDuty.duty_id == Duty.id))
        .where(CaseDuty.case_id == case.id)
    )
    return session.scalars(query.order_by(Duty.start, Duty.id)).all()


def _narrowed(duties: Sequence[Duty], before: Sequence[Duty]) -> Sequence[Duty]:
    """Leave out what binds only those with action plans, of a case that did not rest on such a sentence."""
    if any(duty.of_plans for duty in before):
        return duties
    return [duty for duty in duties if not duty.of_plans] or duties
