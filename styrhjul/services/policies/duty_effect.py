"""What a decision about a duty does to the cases that rested on it, and to when the document is looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Quarantine
from styrhjul.db.duty_query import duties_behind, open_cases_resting_on, rests_on_proposed
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Duty
from styrhjul.db.revision_write import open_cases_of_policy
from styrhjul.db.session import municipality_of
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey, Modality
from styrhjul.services.cases.decision import Decision, move
from styrhjul.services.cases.ending import end_case
from workflows import LIFECYCLES

_BINDING = frozenset({Modality.MUST, Modality.MUST_NOT})


def settle_cases(session: Session, duty: Duty, decision: Decision, now: datetime) -> int:
    """End what nothing asks for any longer, and let the rest bind as what still asks for it; count what ended.

    A case that a new edition left resting on a sentence nobody has judged yet goes on until somebody has.
    """
    ended = 0
    for case in open_cases_resting_on(session, duty.id):
        behind = duties_behind(session, case)
        if behind:
            case.is_binding = is_binding(behind)
        elif rests_on_proposed(session, case):
            continue
        elif (case.state, Event.WAIVE) in LIFECYCLES[case.lifecycle].transitions:
            end_unasked(session, case, decision, now)
            ended += 1
    session.flush()
    return ended


def is_binding(duties: Iterable[Duty]) -> bool:
    """Whether any of the duties goes up when nobody answers."""
    return any(duty.modality in _BINDING for duty in duties)


def end_unasked(session: Session, case: Case, decision: Decision, now: datetime) -> None:
    """End a case that nothing asks for any longer."""
    move(session, case, Event.WAIVE, decision, now)
    end_case(session, case, by=decision.by, reason=decision.reason, now=now)


def look_again(session: Session, policy_id: str, by: str, now: datetime) -> None:
    """Wake the document, and what is open about it, today; what our own fault had set aside is tried anew."""
    today = local_date(now)
    cases = open_cases_of_policy(session, policy_id)
    subjects = [policy_id, *(case.id for case in cases)]
    aside = session.scalars(select(Quarantine).where(Quarantine.subject_id.in_(subjects))).all()
    lines = [
        Line(
            kind=EntryKind.QUARANTINE_RELEASED,
            by=by,
            case_id=None if row.subject_id == policy_id else row.subject_id,
            data={"lifecycle": row.lifecycle, "subject": row.subject_id},
        )
        for row in aside
    ]
    session.execute(delete(Quarantine).where(Quarantine.id.in_([row.id for row in aside])))
    write_down(session, lines, now)
    touch_policies(session, [policy_id], LIFECYCLES, today)
    touch_policies(session, [municipality_of(session)], [LifecycleKey.HANDOVER], today)
    touch_cases(session, [(case.id, case.lifecycle) for case in cases], today)
