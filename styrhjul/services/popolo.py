"""A municipality's organisation in Popolo's shape: whole for officials, without persons for anybody. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.db.popolo_query import BodyRow, PersonRow, PostRow, load_bodies, load_held, load_persons, load_posts
from styrhjul.db.session import Database
from styrhjul.reports.popolo import Identifier, Membership, Organization, Person, Popolo, Post
from styrhjul.services.overview import municipality_by

_SCHEME = "styrhjul"
_MUNICIPALITY = "municipality"


def popolo_of(database: Database, slug: str) -> Popolo:
    """Return bodies, posts, memberships and persons, for whoever may read who holds what. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        bare = without_persons(municipality, load_bodies(session), load_posts(session))
        held, persons = load_held(session), load_persons(session)
    memberships = tuple(
        Membership(
            id=row.appointment_id,
            role=row.title,
            person_id=row.person_id,
            organization_id=row.body_id,
            post_id=row.post_id,
            start_date=row.starts_on,
            end_date=row.ends_on,
        )
        for row in held
    )
    return Popolo(
        organizations=bare.organizations,
        posts=bare.posts,
        memberships=memberships,
        persons=tuple(map(_person, persons)),
    )


def without_persons(
    municipality: MunicipalityLine,
    bodies: Iterable[BodyRow],
    posts: Iterable[PostRow],
    mask: Callable[[str], str] = lambda text: text,
) -> Popolo:
    """Return bodies and posts alone; their names go through the mask."""
    own = _identified(municipality.slug)
    root = Organization(
        id=municipality.municipality_id,
        name=municipality.name,
        classification=_MUNICIPALITY,
        parent_id=None,
        identifiers=own,
        dissolution_date=None,
    )
    organizations = (_organization(row, root.id, mask) for row in bodies)
    functions = tuple(
        Post(
            id=row.post_id,
            label=mask(row.title),
            role=row.role.value,
            organization_id=row.body_id,
            end_date=row.ended_on,
        )
        for row in posts
    )
    return Popolo(organizations=(root, *organizations), posts=functions)


def _organization(row: BodyRow, root: str, mask: Callable[[str], str]) -> Organization:
    return Organization(
        id=row.body_id,
        name=mask(row.name),
        classification=row.kind.value,
        parent_id=row.answers_through_id or root,
        identifiers=_identified(row.slug),
        dissolution_date=row.dissolved_on,
    )


def _person(row: PersonRow) -> Person:
    return Person(id=row.person_id, name=row.name, email=row.address)


def _identified(slug: str) -> tuple[Identifier, ...]:
    return (Identifier(scheme=_SCHEME, identifier=slug),)
