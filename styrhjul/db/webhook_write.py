"""Writing down what other systems are to be told, in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.model import Body, Municipality, Policy, new_id
from styrhjul.db.prepared import Addition, Reading
from styrhjul.db.session import municipality_of
from styrhjul.db.webhook_model import HookStatus, Webhook, WebhookMessage
from styrhjul.domain.journal import Value
from styrhjul.domain.webhook import HookEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something other systems may be told of a case, and what more there is to say of it than how the case stands."""

    event: HookEvent
    case_id: str
    at: datetime
    more: Mapping[str, Value]


def tell(session: Session, happenings: Iterable[Happening]) -> None:
    """Queue a message for each endpoint of the municipality that asks for such an event; a paused one's wait."""
    happened = list(happenings)
    endpoints = _ENDPOINTS.rows(session) if happened else ()
    wanted = [(each, hook) for each in happened for hook, events in endpoints if each.event in events]
    if not wanted:
        return
    cases = {row.id: row for row in _CASES.rows(session, case_ids=sorted({each.case_id for each, _ in wanted}))}
    rows = [_message(hook, each, _content(cases[each.case_id]._asdict()) | dict(each.more)) for each, hook in wanted]
    _MESSAGES.make(session, [{"municipality_id": municipality_of(session), **row} for row in rows])


_ENDPOINTS = Reading(select(Webhook.id, Webhook.events).order_by(Webhook.id))
_CASES = Reading(
    select(
        Case.id,
        Municipality.slug.label("municipality"),
        Case.policy_id,
        Policy.slug.label("policy"),
        Case.lifecycle,
        Case.period,
        Case.body_id.label("organization_id"),
        Body.slug.label("body"),
        Case.due_on,
    )
    .join(Municipality, Municipality.id == Case.municipality_id)
    .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
    .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
    .where(Case.id.in_(bindparam("case_ids", expanding=True)))
)
_MESSAGES = Addition(insert(WebhookMessage))


def _content(case: Mapping[str, object]) -> dict[str, object]:
    names = ("municipality", "policy_id", "policy", "lifecycle", "period", "organization_id", "body")
    return {"case": case["id"], **{name: case[name] for name in names}, "due_on": str(case["due_on"])}


def _message(webhook_id: str, happening: Happening, content: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": new_id(),
        "webhook_id": webhook_id,
        "event": happening.event,
        "case_id": happening.case_id,
        "happened_at": happening.at,
        "content": content,
        "status": HookStatus.QUEUED,
        "attempts": 0,
        "next_attempt_at": happening.at,
    }
