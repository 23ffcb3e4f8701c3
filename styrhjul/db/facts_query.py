"""What the planner needs about cases, loaded in bulk for one municipality as frozen facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import LOST_MAIL, Mail, MailItem, MailStatus
from styrhjul.db.model import Appointment, Municipality, Policy
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus, depends_on_body
from styrhjul.domain.office import Stake

_LEDGER = ("rung", "post_id", "due_on", "planned_on", "status", "delivered_on", "deferred_from")
_OF_NOTICES = select(Notice.case_id, Notice.id, *(getattr(Notice, name) for name in _LEDGER)).order_by(
    Notice.planned_on, Notice.id
)
_NOTICES = Reading(_OF_NOTICES.where(Notice.case_id.in_(bindparam("case_ids", expanding=True))))
_ITS_ITEM = (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id)
_ITS_MAIL = (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id)
_ITS_READER = (Appointment.municipality_id == Mail.municipality_id) & (Appointment.id == Mail.appointment_id)
#: Whom the mails with a notice went to, once it is known what became of them; the latest last. None where there is none
#: yet: an outer join begins with the notices, an inner one on SQLite with every mail the municipality ever wrote.
_OF_MAILS = (
    select(Notice.id, Appointment.person_id)
    .outerjoin(MailItem, _ITS_ITEM)
    .outerjoin(Mail, _ITS_MAIL & Mail.status.in_((MailStatus.ACCEPTED, *LOST_MAIL)))
    .outerjoin(Appointment, _ITS_READER)
    .order_by(Mail.composed_at, Mail.id.desc())
)
_MAILS = Reading(_OF_MAILS.where(Notice.case_id.in_(bindparam("case_ids", expanding=True))))
#: What a case's facts take over from its row as it stands.
_CARRIED = (
    "policy_id",
    "state",
    "opens_on",
    "due_on",
    "agenda_on",
    "lapses_on",
    "is_binding",
    "unreachable_on",
    "opening_deferred_from",
    "assigned_on",
)
_FIRST_OF_STAKE = 2 + len(_CARRIED)
_STAKE = (Case.holder, Case.body_id, Policy.owner_post_id, Case.assigned_post_id)
_RELEASED = Policy.released_at.is_not(None) | (Case.policy_id.is_(None) & Municipality.released_at.is_not(None))
_OF_CASES = (
    select(Case.id, *(getattr(Case, name) for name in _CARRIED), _RELEASED, *_STAKE)
    .join(Municipality, Municipality.id == Case.municipality_id)
    .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
)
_CASES = Reading(_OF_CASES.where(Case.id.in_(bindparam("case_ids", expanding=True))))


def load_case_facts(session: Session, organisation: Organisation, case_ids: Iterable[str]) -> list[CaseFacts]:
    """Return cases with their ledger and the posts each audience stands for; in no particular order."""
    ids = list(case_ids)
    if not ids:
        return []
    ledger = _NOTICES.rows(session, case_ids=ids)
    mails = _MAILS.rows(session, case_ids=ids) if ledger else ()
    went_to = {notice_id: person_id for notice_id, person_id in mails if person_id}
    return _facts(organisation, _CASES.rows(session, case_ids=ids), ledger, went_to)


def _facts(
    organisation: Organisation, cases: Iterable[Any], ledger: Iterable[Any], went_to: Mapping[str, str]
) -> list[CaseFacts]:
    notices: dict[str, list[NoticeFacts]] = defaultdict(list)
    for case_id, notice_id, *own in ledger:
        notices[case_id].append(_notice(organisation, went_to.get(notice_id), *own))
    return [
        CaseFacts(
            case_id=row[0],
            posts=organisation.posts_of(stake),
            is_released=row[_FIRST_OF_STAKE - 1],
            notices=tuple(notices[row[0]]),
            practice=organisation.practice,
            seats=organisation.seats,
            body_ends_on=_body_ends_on(organisation, row[1], stake),
            **dict(zip(_CARRIED, row[1 : _FIRST_OF_STAKE - 1], strict=True)),
        )
        for row in cases
        for stake in [organisation.stake(*row[_FIRST_OF_STAKE:])]
    ]


def _notice(  # noqa: PLR0913, PLR0917 - a row as it is read
    organisation: Organisation,
    went_to: str | None,
    rung: str,
    post_id: str,
    due_on: date,
    planned_on: date,
    status: NoticeStatus,
    delivered_on: date | None,
    deferred_from: date | None,
) -> NoticeFacts:
    on = delivered_on or planned_on
    heard_by = organisation.heard_by(post_id, went_to, on)
    return NoticeFacts(
        rung=rung,
        post_id=post_id,
        due_on=due_on,
        planned_on=planned_on,
        # while a trial lasts; once it ends there are none
        status=NoticeStatus.DELIVERED if status is NoticeStatus.TRIAL else status,
        delivered_on=delivered_on,
        deferred_from=deferred_from,
        heard_by=heard_by,
        by_deputy=heard_by is None and organisation.is_deputy(post_id, went_to, on),
    )


def case_facts(case: Case, organisation: Organisation, owner_post_id: str | None) -> CaseFacts:
    """Return one case without its ledger, as if mails about it could leave."""
    stake = organisation.stake(case.holder, case.body_id, owner_post_id, case.assigned_post_id)
    return CaseFacts(
        case_id=case.id,
        posts=organisation.posts_of(stake),
        practice=organisation.practice,
        seats=organisation.seats,
        body_ends_on=_body_ends_on(organisation, case.policy_id, stake),
        **{name: getattr(case, name) for name in _CARRIED},
    )


def _body_ends_on(organisation: Organisation, policy_id: str | None, stake: Stake) -> date | None:
    """A case that was given to a post by decision no longer needs its body, until that post ends as well."""
    if organisation.is_living(stake.assigned_post_id) or not depends_on_body(stake.holder, policy_id):
        return None
    return organisation.by_id[stake.body_id].dissolved_on
