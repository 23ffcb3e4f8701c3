"""When documents were last decided about, as the answers of their cases tell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Answer, Case
from styrhjul.db.prepared import Reading
from styrhjul.domain.lifecycle import ANSWERED_STATES
from styrhjul.domain.vocabulary import LifecycleKey

_DECIDED = Reading(
    select(Case.policy_id, func.max(Answer.decided_on))
    .join(Answer, (Answer.municipality_id == Case.municipality_id) & (Answer.case_id == Case.id))
    .where(
        Case.lifecycle.in_(bindparam("lifecycles", expanding=True)),
        Case.policy_id.in_(bindparam("policy_ids", expanding=True)),
        Case.state.in_(sorted(ANSWERED_STATES)),
        Answer.decided_on.is_not(None),
    )
    .group_by(Case.policy_id)
)


def last_decided(session: Session, policy_ids: Collection[str], *lifecycles: LifecycleKey) -> dict[str, date]:
    """Return the latest day decided about each policy in cases of these lifecycles; one never decided is left out.

    An answer that was sent back decided nothing.
    """
    rows = _DECIDED.rows(session, lifecycles=list(lifecycles), policy_ids=list(policy_ids))
    return {policy_id: day for policy_id, day in rows if policy_id is not None and day is not None}
