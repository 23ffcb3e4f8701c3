"""Pages: how many, and from where. A cursor is sealed, and is good for the key and the question it was given to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from styrhjul.db.api_page import Fact, Found, Place
from styrhjul.services.municipality.directory import NotHere
from styrhjul.web.api.problem import Wrong
from styrhjul.web.api.shape import Listed
from styrhjul.web.home import home_of
from styrhjul.web.program import program_of
from styrhjul.web.session import signer_of

MOST = 200
USUAL = 50
_PURPOSE = "api cursor"
Told = TypeVar("Told", bound=BaseModel)
Asked = TypeVar("Asked")


def _digits(given: object) -> object:
    if isinstance(given, str) and not (given.isascii() and given.isdigit() and len(given) < 10):
        raise ValueError("Skriv ett heltal.")
    return given


def _iso(given: object) -> object:
    """Refuse what pydantic would take for a day and the schema does not."""
    if given is not None and not (isinstance(given, str) and len(given) == 10):
        raise ValueError("Skriv en dag som 2027-03-24.")
    return given


def _truth(given: object) -> object:
    if isinstance(given, str) and given not in ("true", "false"):
        raise ValueError("Skriv true eller false.")
    return given


Day = Annotated[date, BeforeValidator(_iso)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Limit = Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_digits), Query(description="How many at most on a page.")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; leave it out for the first.")
]


def listed(
    request: Request,
    model: type[Told],
    find: Callable[[Session, Asked, Place], Found],
    asked: Asked,
    *,
    cursor: str | None,
    limit: int,
) -> Listed[Any]:
    """Return a page of what `find` finds. Raises Wrong 404 for a cursor of another key, another question, or none."""
    question = _question(request)
    place = Place(_after(request, cursor, question) if cursor is not None else None, limit)
    with home_of(request).database.reading(program_of(request).municipality_id) as session:
        found = find(session, asked, place)
    items = [model.model_validate(each) for each in found.items]
    following = None if found.last is None else signer_of(request).seal(_PURPOSE, {**question, "after": found.last})
    return Listed(items=items, next=following)


def by_id(request: Request, model: type[Told], find: Callable[[Session, Asked, Place], Found], asked: Asked) -> Told:
    """Return the one that is asked for. Raises NotHere."""
    with home_of(request).database.reading(program_of(request).municipality_id) as session:
        return model.model_validate(one(find(session, asked, Place(None, 1))))


def one(found: Found) -> Fact:
    """Return the only one of a page. Raises NotHere for none."""
    if not found.items:
        raise NotHere
    return found.items[0]


def _question(request: Request) -> dict[str, str]:
    """What a cursor is bound to: the municipality, the route and its filters."""
    asked = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _OF_THE_PAGE)
    program = program_of(request)
    return {"of": program.municipality_id, "at": request.url.path, "asked": json.dumps(asked)}


_OF_THE_PAGE = frozenset({"cursor", "limit"})


def _after(request: Request, cursor: str, question: Mapping[str, str]) -> str | int:
    content = signer_of(request).unseal(_PURPOSE, cursor)
    if content is None or {name: content.get(name) for name in question} != question:
        raise Wrong(404, "cursor_unknown", "Markören hör inte till den här frågan. Börja om från första sidan.")
    after: str | int = content["after"]
    return after
