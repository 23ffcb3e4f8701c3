"""What two mails tell beside their case: all that a body owes, and whom the warnings did not reach."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from styrhjul.db.compose_query import CaseText
from styrhjul.db.facts_query import Organisation
from styrhjul.db.owed_query import lost_notices
from styrhjul.domain.facts import NoticeStatus
from styrhjul.mail.item import Item, Unreached
from styrhjul.mail.swedish import inside
from styrhjul.services.owed import Owing
from styrhjul.services.procedure import lifecycle_of

_VACANT = "Ingen med en fungerande adress har uppdraget."


def with_details(
    session: Session, organisation: Organisation, item: Item, text: CaseText, *, owing: Owing | None = None
) -> Item:
    """Return the item with what its mail lists: owed matters in a welcome, lost warnings to the coordinator.

    `owing` spares whoever writes several mails from reading the same again.
    """
    if item.is_welcome:
        owing = owing or Owing(session, organisation, item.today)
        return replace(item, owed=owing.by(text.case.body_id))
    if item.is_unreachable:
        return replace(item, unreached=_unreached(session, organisation, text))
    return item


def _unreached(session: Session, organisation: Organisation, text: CaseText) -> tuple[Unreached, ...]:
    lifecycle = lifecycle_of(organisation, text.case.lifecycle, text.case.policy_id)
    warnings = {rung.after for rung in lifecycle.ladder if rung.after}
    titles = organisation.titles
    lost = tuple(
        Unreached(
            office=titles[notice.post_id],
            reason=_VACANT if notice.status is NoticeStatus.VACANT else f"Mejlet gick inte fram. {notice.reason or ''}",
        )
        for notice in lost_notices(session, text.case, warnings)
    )
    nobody = Unreached(office=None, reason=f"Ingen är registrerad som kan svara för {inside(text.body.name)}.")
    return lost or (nobody,)
