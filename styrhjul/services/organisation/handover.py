"""A handover is done when the officials' own list says who sits: nobody has to fill in a form about it as well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice, SubjectKind
from styrhjul.db.facts_query import case_facts, load_case_facts
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import OPEN_NOTICES, cancel_open_notices
from styrhjul.db.officials_query import open_handovers
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.plan_write import write_actions
from styrhjul.db.session import Database
from styrhjul.db.wake import set_wakes
from styrhjul.domain.action import SendNotice
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import holder_of
from styrhjul.domain.planner import plan
from styrhjul.domain.rung import Audience
from styrhjul.services.cases.decision import NoSuchCase
from styrhjul.services.mailing.mailbox import told_anyway
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.municipality.procedure import lifecycle_of
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
            _hand_in(session, organisation, case, now, by)
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
        _hand_in(session, organisation, case, now, by, reason=SEEN)


class StillVacant(ValueError):
    """Ett uppdrag saknar innehavare. Skriv in vem som har det först."""

    def __init__(self) -> None:
        super().__init__(str(StillVacant.__doc__))


def _hand_in(  # noqa: PLR0913 - what, among whom, when, by whom, and why
    session: Session, organisation: Organisation, case: Case, now: datetime, by: str, *, reason: str = CONFIRMED
) -> None:
    welcomes = _welcome_those_who_sit(session, organisation, case, now)
    case.state = step(LIFECYCLES[case.lifecycle], case.state, Event.SUBMIT)
    session.flush()
    data = {"event": Event.SUBMIT.value, "reason": reason}
    write_down(session, [Line(kind=EntryKind.CASE_MOVED, by=by, case_id=case.id, data=data)], now)
    cancel_open_notices(session, [case.id], reason, now, by=by, kept=welcomes)
    set_wakes(session, case.lifecycle, [(SubjectKind.CASE, case.id, case.lapses_on)])


def _welcome_those_who_sit(session: Session, organisation: Organisation, case: Case, now: datetime) -> list[str]:
    """Plan what the sweep would tell whoever sits today, as no sweep looks any more; return what is still to leave.

    What nobody can read is left out: the handover is over, and nobody is waited for.
    """
    today, lifecycle = local_date(now), lifecycle_of(organisation, case.lifecycle, case.policy_id)
    anyway, readers = told_anyway(lifecycle), Readers(organisation, today)
    [facts] = load_case_facts(session, organisation, [case.id])
    owed = (action for action in plan(lifecycle, facts, today) if isinstance(action, SendNotice))
    write_actions(session, [action for action in owed if action.rung in anyway], now)
    query = select(Notice).where(Notice.case_id == case.id, Notice.rung.in_(anyway), Notice.status.in_(OPEN_NOTICES))
    return [notice.id for notice in session.scalars(query) if readers.of(notice.post_id)]
