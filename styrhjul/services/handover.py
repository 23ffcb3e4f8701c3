"""A handover is done when the officials' own list says who sits: nobody has to fill in a form about it as well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, SubjectKind
from styrhjul.db.facts_query import case_facts
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import cancel_open_notices
from styrhjul.db.officials_query import open_handovers
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.wake import set_wakes
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import holder_of
from styrhjul.domain.rung import Audience
from workflows import LIFECYCLES

CONFIRMED = "Uppdragen står i kommunens lista."


def confirm_handovers(session: Session, organisation: Organisation, now: datetime, *, by: str) -> list[str]:
    """Hand in every open handover whose body's offices all have a holder today; return the bodies' ids.

    Call it when a list of appointments has come in: that list is the answer. Safe to repeat.
    """
    today = local_date(now)
    waiting = open_handovers(session)
    confirmed = []
    for case in waiting:
        offices = case_facts(case, organisation, None).posts[Audience.BODY]
        if offices and all(holder_of(post_id, organisation.appointments, today) for post_id in offices):
            _hand_in(session, case, now, by)
            confirmed.append(case.body_id)
    return confirmed


def _hand_in(session: Session, case: Case, now: datetime, by: str) -> None:
    case.state = step(LIFECYCLES[case.lifecycle], case.state, Event.SUBMIT)
    session.flush()
    data = {"event": Event.SUBMIT.value, "reason": CONFIRMED}
    write_down(session, [Line(kind=EntryKind.CASE_MOVED, by=by, case_id=case.id, data=data)], now)
    cancel_open_notices(session, [case.id], CONFIRMED, now, by=by)
    set_wakes(session, case.lifecycle, [(SubjectKind.CASE, case.id, case.lapses_on)])
