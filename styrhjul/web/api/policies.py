"""Policies with their editions, and the duties that their sentences bind somebody to."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from styrhjul.db import api_promise_query as query
from styrhjul.db.api_page import Place
from styrhjul.db.api_promise_query import Promised
from styrhjul.db.model import DutyStatus
from styrhjul.web.api.paging import USUAL, Cursor, Limit, by_id, listed, one
from styrhjul.web.api.register import OfKey, ThisId
from styrhjul.web.api.shape import Duty, Edition, EditionText, Id, Listed, Policy, PolicyWhole
from styrhjul.web.home import home_of
from styrhjul.web.program import program_of

router = APIRouter(prefix="/api/v1", tags=["policies"])

OfPolicy = Annotated[Id | None, Query(description="Only of this policy.")]
#: A policy has a handful; more are listed by themselves.
_MOST_EDITIONS = 200


@router.get("/policies", operation_id="list_policies", summary="Policies")
def policies(request: Request, *, key: OfKey = None, cursor: Cursor = None, limit: Limit = USUAL) -> Listed[Policy]:
    """List governing documents, repealed ones too."""
    return listed(request, Policy, query.policies, Promised(key=key), cursor=cursor, limit=limit)


@router.get("/policies/{policy_id}", operation_id="get_policy", summary="One policy with its editions")
def policy(request: Request, policy_id: ThisId) -> PolicyWhole:
    """Tell one policy and what each of its editions states about itself."""
    with home_of(request).database.reading(program_of(request).municipality_id) as session:
        found = one(query.policies(session, Promised(id=policy_id), Place(None, 1)))
        texts = query.editions(session, Promised(policy_id=policy_id), Place(None, _MOST_EDITIONS)).items
    editions = [Edition.model_validate(each) for each in sorted(texts, key=lambda each: each["imported_at"])]
    return PolicyWhole(**Policy.model_validate(found).model_dump(), editions=editions)


@router.get("/editions", operation_id="list_editions", summary="Editions")
def editions(
    request: Request, *, policy_id: OfPolicy = None, cursor: Cursor = None, limit: Limit = USUAL
) -> Listed[Edition]:
    """List texts of policies without the text itself, those that were superseded too."""
    asked = Promised(policy_id=policy_id)
    return listed(request, Edition, query.editions, asked, cursor=cursor, limit=limit)


@router.get("/editions/{edition_id}", operation_id="get_edition", summary="One edition with its text")
def edition(request: Request, edition_id: ThisId) -> EditionText:
    """Tell one edition, word for word."""
    return by_id(request, EditionText, partial(query.editions, with_text=True), Promised(id=edition_id))


@router.get("/duties", operation_id="list_duties", summary="Duties")
def duties(
    request: Request,
    *,
    policy_id: OfPolicy = None,
    edition_id: Annotated[Id | None, Query(description="Only of this edition.")] = None,
    status: Annotated[DutyStatus | None, Query(description="Only those that stand so.")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Listed[Duty]:
    """List duties of every edition; `status=confirmed` gives those that somebody stands behind."""
    asked = Promised(policy_id=policy_id, edition_id=edition_id, status=status)
    return listed(request, Duty, query.duties, asked, cursor=cursor, limit=limit)


@router.get("/duties/{duty_id}", operation_id="get_duty", summary="One duty")
def duty(request: Request, duty_id: ThisId) -> Duty:
    """Tell one duty."""
    return by_id(request, Duty, query.duties, Promised(id=duty_id))
