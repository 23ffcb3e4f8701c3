"""What offices are called where more than one body is spoken of."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Body, Post
from styrhjul.domain.office import PostRole

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


def office_names(session: Session, post_ids: Collection[str]) -> dict[str, str]:
    """Return "Ordförande, Socialnämnden" or "Kommunchef" by the post's id; an unknown one is left out."""
    if not post_ids:
        return {}
    query = (
        select(Post, Body.name)
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Post.id.in_(post_ids))
    )
    return {post.id: office_name(post, body_name) for post, body_name in session.execute(query)}


def office_name(post: Post, body_name: str) -> str:
    """Return "Ordförande, Socialnämnden" or "Kommunchef"."""
    is_plain = post.role in _ONE_IN_ALL or body_name.casefold() in post.title.casefold()
    return post.title if is_plain else f"{post.title}, {body_name}"
