"""What some mails tell beside their case: all that a body owes, whom the warnings did not reach, who gave it over."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from styrhjul.db.compose_query import CaseText
from styrhjul.db.decision_query import given_over
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.office_query import office_names
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.owed_query import lost_notices
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.rung import Audience
from styrhjul.mail.item import Item, Unreached
from styrhjul.mail.swedish import inside
from styrhjul.services.decision_words import decider
from styrhjul.services.mailing.owed import Owing
from styrhjul.services.municipality.procedure import lifecycle_of

_VACANT = "Ingen med en fungerande adress har uppdraget."


def with_details(
    session: Session, organisation: Organisation, item: Item, text: CaseText, *, owing: Owing | None = None
) -> Item:
    """Return the item with what its mail lists: owed matters in a welcome, lost warnings to the coordinator.

    To a post that was given the matter it says by whom and why; to those above, which post has it.

    `owing` spares whoever writes several mails from reading the same again.
    """
    given = text.case.assigned_post_id
    if given is not None and item.audience is Audience.HOLDER:
        item = _handed_over(session, item, text)
    if given is not None and item.has_gone_up:
        item = replace(item, held_by=office_names(session, [given])[given])
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
    return replace(
        item,
        handed_over_by=decider(made.by),
        handed_over_because=made.reason,
        awaits_taker=item.body_has_ended and made.by == PLANNER,
    )


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
    nobody = Unreached(office=None, reason=f"Ingen är registrerad som kan svara för {inside(text.body_name)}.")
    return lost or (nobody,)
