"""A municipality's organisation in Popolo's shape: whole for officials, without persons for anybody. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from styrhjul.db.api_page import Fact
from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.db.popolo_query import load_bodies, load_held, load_persons, load_posts
from styrhjul.db.session import Database
from styrhjul.reports.popolo import Identifier, Membership, Organization, Person, Popolo, Post
from styrhjul.services.municipality.directory import municipality_by

_SCHEME = "styrhjul"
_MUNICIPALITY = "municipality"


def popolo_of(database: Database, slug: str) -> Popolo:
    """Return bodies, posts, memberships and persons, for whoever may read who holds what. Raises NotHere."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        bare = without_persons(municipality, load_bodies(session), load_posts(session))
        held, persons = load_held(session), load_persons(session)
    return Popolo(
        organizations=bare.organizations,
        posts=bare.posts,
        memberships=tuple(Membership(**row) for row in held),
        persons=tuple(Person(id=row["id"], name=row["name"], email=row["email"]) for row in persons),
    )


def without_persons(
    municipality: MunicipalityLine,
    bodies: Iterable[Fact],
    posts: Iterable[Fact],
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
    return Popolo(
        organizations=(root, *(_organization(row, mask) for row in bodies)),
        posts=tuple(Post(**{**row, "label": mask(row["label"])}) for row in posts),
    )


def _organization(row: Fact, mask: Callable[[str], str]) -> Organization:
    return Organization(
        id=row["id"],
        name=mask(row["name"]),
        classification=row["classification"],
        parent_id=row["parent_id"],
        identifiers=_identified(row["key"]),
        dissolution_date=row["dissolution_date"],
    )


def _identified(slug: str) -> tuple[Identifier, ...]:
    return (Identifier(scheme=_SCHEME, identifier=slug),)
