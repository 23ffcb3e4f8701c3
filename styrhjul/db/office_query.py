"""What offices are called where more than one body is spoken of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Body, Post
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.prepared import Reading
from styrhjul.domain.office import PostFacts, PostRole

#: Offices that get what has nobody to answer.
LAST_RESORTS = frozenset({PostRole.COORDINATOR, PostRole.CHIEF_EXECUTIVE})
#: Offices of which there is one in the municipality, so that their body need not be named.
_ONE_IN_ALL = frozenset(
    {
        PostRole.CHIEF_EXECUTIVE,
        PostRole.DOCUMENT_OWNER,
        PostRole.COORDINATOR,
        PostRole.REGISTRAR,
        PostRole.FUNCTION_MAILBOX,
    }
)


class BodyName(NamedTuple):
    """A body's short name in addresses, and its name."""

    slug: str
    name: str


_NAMES = Reading(select(Body.id, Body.slug, Body.name))


def body_names(session: Session, organisation: Organisation) -> Mapping[str, BodyName]:
    """Return what the bodies are called, by their ids; read once for each state of the register."""
    if _NAMES not in organisation.memory:
        rows = _NAMES.rows(session)
        organisation.memory[_NAMES] = {body_id: BodyName(slug, name) for body_id, slug, name in rows}
    found: Mapping[str, BodyName] = organisation.memory[_NAMES]
    return found


def office_names(session: Session, post_ids: Collection[str]) -> dict[str, str]:
    """Return "Ordförande, Socialnämnden" or "Kommunchef" by the post's id; an unknown one is left out."""
    if not post_ids:
        return {}
    organisation = load_organisation(session)
    names = body_names(session, organisation)
    known = (organisation.post_by_id[post_id] for post_id in post_ids if post_id in organisation.post_by_id)
    return {post.post_id: office_name(post, names[post.body_id].name) for post in known}


def office_name(post: Post | PostFacts, body_name: str) -> str:
    """Return "Ordförande, Socialnämnden" or "Kommunchef"."""
    is_plain = post.role in _ONE_IN_ALL or body_name.casefold() in post.title.casefold()
    return post.title if is_plain else f"{post.title}, {body_name}"
