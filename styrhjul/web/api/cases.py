"""Cases with what has been said in them, and the journal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from styrhjul.db import api_promise_query as query
from styrhjul.db.answer_query import load_versions
from styrhjul.db.api_page import Place
from styrhjul.db.api_promise_query import Promised
from styrhjul.db.decision_query import decisions_of
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.web.api.paging import USUAL, Cursor, Day, Limit, listed, one
from styrhjul.web.api.policies import OfPolicy
from styrhjul.web.api.register import OfOrganization, ThisId
from styrhjul.web.api.shape import Answer, Case, CaseWhole, Decision, Id, JournalEntry, Listed, Notice
from styrhjul.web.home import home_of
from styrhjul.web.program import program_of

router = APIRouter(prefix="/api/v1", tags=["cases"])

#: A ladder has ten rungs, and a due day moves a few times.
_MOST_NOTICES = 1000


@router.get("/cases", operation_id="list_cases", summary="Cases")
def cases(
    request: Request,
    *,
    policy_id: OfPolicy = None,
    organization_id: OfOrganization = None,
    lifecycle: Annotated[LifecycleKey | None, Query(description="Only of this kind.")] = None,
    state: Annotated[State | None, Query(description="Only those that stand so.")] = None,
    due_until: Annotated[Day | None, Query(description="Only those due by this day, which is included.")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Listed[Case]:
    """List cases in any state; `state=open` gives those that wait for an answer."""
    asked = Promised(
        policy_id=policy_id, organization_id=organization_id, lifecycle=lifecycle, state=state, due_until=due_until
    )
    return listed(request, Case, query.cases, asked, cursor=cursor, limit=limit)


@router.get("/cases/{case_id}", operation_id="get_case", summary="One case, whole")
def case(request: Request, case_id: ThisId) -> CaseWhole:
    """Tell one case with its answers and goals, what was sent about it, and what was decided."""
    with home_of(request).database.reading(program_of(request).municipality_id) as session:
        found = one(query.cases(session, Promised(id=case_id), Place(None, 1)))
        ledger = query.notices(session, Promised(case_id=case_id), Place(None, _MOST_NOTICES)).items
        return CaseWhole(
            **Case.model_validate(found).model_dump(),
            duty_ids=query.duties_of_case(session, case_id),
            answers=[Answer.model_validate(each) for each in load_versions(session, case_id)],
            notices=[Notice.model_validate(each) for each in sorted(ledger, key=lambda each: each["not_before_at"])],
            decisions=[Decision.model_validate(each) for each in decisions_of(session, case_id)],
        )


@router.get("/journal", operation_id="list_journal", summary="The journal", tags=["journal"])
def journal(
    request: Request,
    *,
    case_id: Annotated[Id | None, Query(description="Only of this case.")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Listed[JournalEntry]:
    """List what has happened, in the order it was written; each seal covers the one before."""
    return listed(request, JournalEntry, query.journal, Promised(case_id=case_id), cursor=cursor, limit=limit)
