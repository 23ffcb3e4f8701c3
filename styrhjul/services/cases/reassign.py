"""Giving a case to another post: it gets the present rung, the old one hears no more, and nothing goes up unwarned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.case_write import give_case
from styrhjul.db.facts_query import case_facts
from styrhjul.db.ledger_write import cancel_open_notices
from styrhjul.db.officials_query import body_names, owner_post_of, revoke_links_to
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.ladder import escalations
from styrhjul.domain.moment import local_date
from styrhjul.domain.office import PostFacts
from styrhjul.domain.rung import Audience
from styrhjul.services.cases.decision import (
    CaseAt,
    Decision,
    DecisionRefused,
    find_case,
    refuse_unless_chased,
    require_reason,
)
from styrhjul.services.mailing.mailbox import OTHER_POST
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.municipality.procedure import lifecycle_of


def reassign(database: Database, at: CaseAt, to: str, decision: Decision, now: datetime) -> None:
    """Give a chased case to a post: its title, "title, body" where several share it, or its id.

    What was on its way to those who answered before is cancelled, and so is what was on its way up about them; their
    links die. The planner gives the new post the rung that has been reached, and lets nothing go up before that post
    was warned in good time. Raises DecisionRefused or NoSuchCase; the second time it is refused.
    """
    with database.municipality(at.municipality_id) as session:
        reassign_case(session, find_case(session, at), to, decision, now)


def reassign_case(session: Session, case: Case, to: str, decision: Decision, now: datetime) -> None:
    """Do as `reassign` in a transaction of the caller's."""
    refuse_unless_chased(case)
    require_reason(decision)
    organisation = load_organisation(session)
    post = post_named(session, organisation, to)
    before = _holders(session, case, organisation)
    if before == (post.post_id,):
        raise DecisionRefused(f"Ärendet ligger redan hos {post.title}.")
    if Readers(organisation, local_date(now)).of(post.post_id) is None:
        raise DecisionRefused(f"Ingen med en fungerande adress har uppdraget {post.title}.")
    give_case(session, case, post.post_id, decision.reason, now, by=decision.by)
    gone = sorted(set(before) - {post.post_id})
    ladder = lifecycle_of(organisation, case.lifecycle, case.policy_id).ladder
    cancel_open_notices(session, [case.id], OTHER_POST, now, by=decision.by, post_ids=gone, rungs=escalations(ladder))
    revoke_links_to(session, case.id, gone, now)
    touch_cases(session, [(case.id, case.lifecycle)], local_date(now))


def _holders(session: Session, case: Case, organisation: Organisation) -> tuple[str, ...]:
    owner = owner_post_of(session, case.policy_id) if case.policy_id else None
    return case_facts(case, organisation, owner).posts[Audience.HOLDER]


def post_named(session: Session, organisation: Organisation, named: str) -> PostFacts:
    """Return the only living post that is meant: by its title, "title, body" or id.

    Raises DecisionRefused, listing those that could be.
    """
    names = body_names(session)
    living = [post for post in organisation.posts if not post.ended]
    meant = named.strip().casefold()
    fitting = [
        post
        for post in living
        if meant in (post.post_id, post.title.casefold(), f"{post.title}, {names[post.body_id]}".casefold())
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise DecisionRefused(f"Ingen befattning heter ”{named.strip()}”.")
    listed = "; ".join(sorted(f"{post.title}, {names[post.body_id]}" for post in fitting))
    raise DecisionRefused(f"Flera befattningar heter så. Skriv en av dem: {listed}.")
