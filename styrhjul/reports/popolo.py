"""Bodies, posts, memberships and persons in Popolo's shape (popoloproject.com/specs), for other programs to read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from styrhjul.reports.json_document import json_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """What something is called elsewhere; here its short name in Styrhjul."""

    scheme: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The municipality or one of its bodies; `parent_id` is the municipality, or the body that answers for it."""

    id: str
    name: str
    classification: str
    parent_id: str | None
    identifiers: tuple[Identifier, ...]
    dissolution_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A function in a body, whoever holds it."""

    id: str
    label: str
    role: str
    organization_id: str
    end_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person holds a post, both days included."""

    id: str
    label: str
    role: str
    person_id: str
    organization_id: str
    post_id: str
    start_date: date
    end_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who holds posts, with the address of the work; only for officials."""

    id: str
    name: str
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Popolo:
    """A municipality's organisation. Without `memberships` and `persons` it names nobody."""

    organizations: tuple[Organization, ...]
    posts: tuple[Post, ...]
    memberships: tuple[Membership, ...] = ()
    persons: tuple[Person, ...] = ()


def popolo_json(popolo: Popolo) -> bytes:
    """Return it as one document in UTF-8: a list for each class that there is something of, names as Popolo's."""
    content = {name: every for name, every in asdict(popolo).items() if every}
    return json_document(content)
