"""What some mails tell beside their case: all that a body owes, whom the warnings did not reach, who gave it over."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from styrhjul.db.compose_query import CaseText
from styrhjul.db.decision_query import given_over
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.owed_query import lost_notices
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.rung import Audience
from styrhjul.mail.item import Item, Unreached
from styrhjul.mail.swedish import inside
from styrhjul.services.owed import Owing
from styrhjul.services.procedure import lifecycle_of

_VACANT = "Ingen med en fungerande adress har uppdraget."


def with_details(
    session: Session, organisation: Organisation, item: Item, text: CaseText, *, owing: Owing | None = None
) -> Item:
    """Return the item with what its mail lists: owed matters in a welcome, lost warnings to the coordinator.

    To a post that was given the matter it says by whom and why.

    `owing` spares whoever writes several mails from reading the same again.
    """
    if text.case.assigned_post_id is not None and item.audience is Audience.HOLDER:
        item = _handed_over(session, item, text)
    if item.is_welcome:
        owing = owing or Owing(session, organisation, item.today)
        return replace(item, owed=owing.by(text.case.body_id))
    if item.is_unreachable:
        return replace(item, unreached=_unreached(session, organisation, text))
    return item


def _handed_over(session: Session, item: Item, text: CaseText) -> Item:
    made = given_over(session, text.case.id)
    if made is None:
        return item
    by = made.by.capitalize() if made.by == PLANNER else made.by
    return replace(item, handed_over_by=by, handed_over_because=made.reason)


def _unreached(session: Session, organisation: Organisation, text: CaseText) -> tuple[Unreached, ...]:
    lifecycle = lifecycle_of(organisation, text.case.lifecycle, text.case.policy_id)
    titles = organisation.titles
    lost = tuple(
        Unreached(
            office=titles[notice.post_id],
            reason=_VACANT if notice.status is NoticeStatus.VACANT else f"Mejlet gick inte fram. {notice.reason or ''}",
        )
        for notice in lost_notices(session, text.case, lifecycle.warnings)
    )
    nobody = Unreached(office=None, reason=f"Ingen är registrerad som kan svara för {inside(text.body.name)}.")
    return lost or (nobody,)
