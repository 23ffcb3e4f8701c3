"""The register: the municipality, its organizations, posts, persons, who holds what, and meetings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from styrhjul.db import api_register_query as query
from styrhjul.db.api_register_query import InRegister
from styrhjul.web.api.paging import USUAL, Cursor, Day, Limit, by_id, listed
from styrhjul.web.api.shape import Id, Key, Listed, Meeting, Membership, Municipality, Organization, Person, Post
from styrhjul.web.home import home_of
from styrhjul.web.program import program_of

router = APIRouter(prefix="/api/v1", tags=["register"])

OfOrganization = Annotated[Id | None, Query(description="Only this organization's.")]
OfKey = Annotated[Key | None, Query(description="Only the one with this key.")]
ThisId = Annotated[Id, Path()]


@router.get("/municipality", operation_id="get_municipality", summary="The municipality of the key")
def municipality(request: Request) -> Municipality:
    """Tell whose the key is, and whether its mails leave."""
    with home_of(request).database.reading(program_of(request).municipality_id) as session:
        return Municipality.model_validate(query.the_municipality(session))


@router.get("/organizations", operation_id="list_organizations", summary="Organizations")
def organizations(
    request: Request, *, key: OfKey = None, cursor: Cursor = None, limit: Limit = USUAL
) -> Listed[Organization]:
    """List council, boards, committees, administrations and companies, those that are no more too."""
    return listed(request, Organization, query.organizations, InRegister(key=key), cursor=cursor, limit=limit)


@router.get("/organizations/{organization_id}", operation_id="get_organization", summary="One organization")
def organization(request: Request, organization_id: ThisId) -> Organization:
    """Tell one organization."""
    return by_id(request, Organization, query.organizations, InRegister(id=organization_id))


@router.get("/posts", operation_id="list_posts", summary="Posts")
def posts(
    request: Request, *, organization_id: OfOrganization = None, cursor: Cursor = None, limit: Limit = USUAL
) -> Listed[Post]:
    """List posts, those that have ended too."""
    asked = InRegister(organization_id=organization_id)
    return listed(request, Post, query.posts, asked, cursor=cursor, limit=limit)


@router.get("/posts/{post_id}", operation_id="get_post", summary="One post")
def post(request: Request, post_id: ThisId) -> Post:
    """Tell one post."""
    return by_id(request, Post, query.posts, InRegister(id=post_id))


@router.get("/persons", operation_id="list_persons", summary="Persons")
def persons(request: Request, *, key: OfKey = None, cursor: Cursor = None, limit: Limit = USUAL) -> Listed[Person]:
    """List those who hold, or have held, posts."""
    return listed(request, Person, query.persons, InRegister(key=key), cursor=cursor, limit=limit)


@router.get("/persons/{person_id}", operation_id="get_person", summary="One person")
def person(request: Request, person_id: ThisId) -> Person:
    """Tell one person."""
    return by_id(request, Person, query.persons, InRegister(id=person_id))


@router.get("/memberships", operation_id="list_memberships", summary="Who holds which post")
def memberships(
    request: Request,
    *,
    organization_id: OfOrganization = None,
    post_id: Annotated[Id | None, Query(description="Only of this post.")] = None,
    person_id: Annotated[Id | None, Query(description="Only of this person.")] = None,
    on: Annotated[Day | None, Query(description="Only those that hold this day.")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Listed[Membership]:
    """List who holds, has held and will hold posts; `on` = today's date gives those in office."""
    asked = InRegister(organization_id=organization_id, post_id=post_id, person_id=person_id, on=on)
    return listed(request, Membership, query.memberships, asked, cursor=cursor, limit=limit)


@router.get("/meetings", operation_id="list_meetings", summary="Meetings")
def meetings(
    request: Request,
    *,
    organization_id: OfOrganization = None,
    since: Annotated[Day | None, Query(description="From this day.")] = None,
    until: Annotated[Day | None, Query(description="To this day, which is included.")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Listed[Meeting]:
    """List the days on which organizations meet."""
    asked = InRegister(organization_id=organization_id, since=since, until=until)
    return listed(request, Meeting, query.meetings, asked, cursor=cursor, limit=limit)
