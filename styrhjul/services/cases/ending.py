"""How a case ends for good, and what a finished revision does to its document, whoever finished it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.case_write import end_cases
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.referral_query import open_referrals
from styrhjul.db.revision_write import open_cases_of_policy, take_effect
from styrhjul.db.wake import touch_policies
from styrhjul.domain.action import Action, CloseCase
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event, State, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey
from workflows import LIFECYCLES

REPEALED = "Dokumentet är upphävt."
REVISED = "Revideringen som remissen gällde är avgjord."


def end_case(session: Session, case: Case, *, by: str, reason: str, now: datetime) -> None:
    """Put a case that has been moved to its last state to rest; a revision takes its open referrals with it."""
    end_cases(session, [case], reason, now, by=by)
    if case.lifecycle == LifecycleKey.REVISION:
        end_referrals(session, case.id, by=by, now=now)


def end_referrals(session: Session, revision_id: str, *, by: str, now: datetime) -> None:
    """Ask nobody any longer for an opinion about a draft that is decided, or that nobody decides about any more.

    An opinion that has been given stands. Safe to repeat.
    """
    for referral in open_referrals(session, revision_id):
        _waive_if_asked(session, referral, REVISED, by, now)


def end_document(session: Session, case: Case, *, by: str, now: datetime) -> None:
    """Let a revision that is done take effect; of any other case it does nothing. Safe to repeat.

    A decided repeal ends the document, and whatever was still asked about it; after any other decision the next
    interval counts from its day, so the document is looked at anew.
    """
    if case.lifecycle != LifecycleKey.REVISION or case.policy_id is None or case.state is not State.DONE:
        return
    if take_effect(session, case, local_date(now)):
        for other in open_cases_of_policy(session, case.policy_id):
            _waive_if_asked(session, other, REPEALED, by, now)
    session.flush()
    touch_policies(session, [case.policy_id], LIFECYCLES, local_date(now))


def end_documents(session: Session, actions: Iterable[Action], now: datetime) -> None:
    """Do as `end_document` for the revisions that written actions have closed, since their next round began.

    Their referrals end with them, whether anything was decided or not.
    """
    done = [action.case_id for action in actions if isinstance(action, CloseCase)]
    if not done:
        return
    revisions = select(Case).where(Case.id.in_(done), Case.lifecycle == LifecycleKey.REVISION).order_by(Case.id)
    for case in session.scalars(revisions).all():
        end_referrals(session, case.id, by=PLANNER, now=now)
        end_document(session, case, by=PLANNER, now=now)


def _waive_if_asked(session: Session, case: Case, reason: str, by: str, now: datetime) -> None:
    if (case.state, Event.WAIVE) not in LIFECYCLES[case.lifecycle].transitions:
        return
    case.state = step(LIFECYCLES[case.lifecycle], case.state, Event.WAIVE)
    session.flush()
    data = {"event": Event.WAIVE.value, "reason": reason}
    write_down(session, [Line(kind=EntryKind.CASE_MOVED, by=by, case_id=case.id, data=data)], now)
    end_case(session, case, by=by, reason=reason, now=now)
