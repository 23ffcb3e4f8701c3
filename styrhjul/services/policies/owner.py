"""Who owns a document: the post that a revision goes to, and that says what its sentences ask for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Policy
from styrhjul.db.policy_page_query import load_offices
from styrhjul.db.revision_write import open_cases_of_policy
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.services.policies.duty_decide import NoSuchPolicy
from workflows import LIFECYCLES


class OwnerRefused(ValueError):
    """The post cannot own a document; the message says why in Swedish."""


def choose_owner(  # noqa: PLR0913 - which document, which post, who says so and when
    database: Database, municipality_id: str, policy_slug: str, post_id: str, *, by: str, now: datetime
) -> None:
    """Let a post own a document from now on. Raises OwnerRefused and NoSuchPolicy. Safe to repeat."""
    with database.register(municipality_id) as session:
        policy = session.scalars(select(Policy).where(Policy.slug == policy_slug)).one_or_none()
        if policy is None:
            raise NoSuchPolicy
        chosen = next((office for office in load_offices(session) if office.post_id == post_id), None)
        if chosen is None:
            raise OwnerRefused("Välj vem som är dokumentansvarig.")
        if policy.owner_post_id == post_id:
            return
        policy.owner_post_id = post_id
        session.flush()
        data = {"policy": policy.id, "post": post_id, "office": chosen.name}
        write_down(session, [Line(kind=EntryKind.POLICY_OWNER_CHANGED, by=by, data=data)], now)
        today = local_date(now)
        touch_policies(session, [policy.id], LIFECYCLES, today)
        cases = open_cases_of_policy(session, policy.id)
        touch_cases(session, [(case.id, case.lifecycle) for case in cases], today)
