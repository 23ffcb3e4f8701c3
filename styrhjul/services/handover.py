"""A handover is done when the officials' own list says who sits: nobody has to fill in a form about it as well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, SubjectKind
from styrhjul.db.facts_query import case_facts
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import cancel_open_notices
from styrhjul.db.officials_query import open_handovers
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.db.wake import set_wakes
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import holder_of
from styrhjul.domain.rung import Audience
from styrhjul.services.case import NoSuchCase
from workflows import LIFECYCLES

CONFIRMED = "Uppdragen står i kommunens lista."
SEEN = "Uppdragen är kontrollerade."


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


def confirm_handover(database: Database, municipality_id: str, case_id: str, now: datetime, *, by: str) -> None:
    """Hand in one handover, on the word of a person who has seen who sits.

    Raises NoSuchCase where there is none that is open, and StillVacant while an office that is asked has nobody.
    """
    today = local_date(now)
    with database.register(municipality_id) as session:
        organisation = load_organisation(session)
        case = next((case for case in open_handovers(session) if case.id == case_id), None)
        if case is None:
            raise NoSuchCase(case_id)
        offices = case_facts(case, organisation, None).posts[Audience.BODY]
        if not offices or not all(holder_of(post_id, organisation.appointments, today) for post_id in offices):
            raise StillVacant
        _hand_in(session, case, now, by, reason=SEEN)


class StillVacant(ValueError):
    """Ett uppdrag saknar innehavare. Skriv in vem som har det först."""

    def __init__(self) -> None:
        super().__init__(str(StillVacant.__doc__))


def _hand_in(session: Session, case: Case, now: datetime, by: str, *, reason: str = CONFIRMED) -> None:
    case.state = step(LIFECYCLES[case.lifecycle], case.state, Event.SUBMIT)
    session.flush()
    data = {"event": Event.SUBMIT.value, "reason": reason}
    write_down(session, [Line(kind=EntryKind.CASE_MOVED, by=by, case_id=case.id, data=data)], now)
    cancel_open_notices(session, [case.id], reason, now, by=by)
    set_wakes(session, case.lifecycle, [(SubjectKind.CASE, case.id, case.lapses_on)])
