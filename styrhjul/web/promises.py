"""What a municipality has let anybody read: its promises and how they go, as a page and as files. No sign-in.

Where it is switched off the answer is that of a municipality that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.reports.popolo import Popolo, popolo_json
from styrhjul.reports.promise import Publication
from styrhjul.reports.promise_file import (
    COLUMNS_FILE,
    DATASET_FILE,
    JSON_FILE,
    POPOLO_FILE,
    TITLE,
    columns_json,
    dataset_jsonld,
    promises_json,
    table_csv,
)
from styrhjul.reports.promise_table import TABLES
from styrhjul.services.api.publication import public_promises
from styrhjul.services.municipality.directory import NotHere
from styrhjul.web import promise_words
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.promise_words import Section, sections

router = APIRouter()
_PATH = "/promises/{municipality}"
_TABLES = {table.name: table for table in TABLES}
_JSON, _LD, _CSV = "application/json", "application/ld+json", "text/csv; charset=utf-8; header=present"
_CSVW = "application/csvm+json"
#: Anybody may keep it a while, and any page may fetch it: nothing in it is meant for one reader.
_CACHE = "public, max-age=300"
_FOR_ANY_PAGE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesPage:
    """All of it; `address` is where it stands."""

    publication: Publication
    sections: tuple[Section, ...]
    address: str
    title: str = TITLE
    files: tuple[str, ...] = (JSON_FILE, DATASET_FILE, COLUMNS_FILE, POPOLO_FILE)
    tables: Mapping[str, str] | None = None
    say: Any = promise_words


@router.get(_PATH)
def promises(request: Request, municipality: str) -> Response:
    """Show what has been promised and how it goes."""
    publication = _publication(request, municipality)
    page = PromisesPage(
        publication=publication,
        sections=sections(publication),
        address=f"/promises/{publication.slug}",
        tables={table.name: table.title for table in TABLES},
    )
    shown = show("promises.html", page)
    return _kept(request, bytes(shown.body), "text/html; charset=utf-8", {})


@router.get(f"{_PATH}/{JSON_FILE}")
def promises_as_json(request: Request, municipality: str) -> Response:
    """Give all of it as one document."""
    return _file(request, promises_json(_publication(request, municipality)), _JSON)


@router.get(f"{_PATH}/{POPOLO_FILE}")
def organisation(request: Request, municipality: str) -> Response:
    """Give the bodies and posts in Popolo's shape; who holds them is not told."""
    publication = _publication(request, municipality)
    bare = Popolo(organizations=publication.organizations, posts=publication.posts)
    return _file(request, popolo_json(bare), _JSON)


@router.get(f"{_PATH}/{DATASET_FILE}")
def dataset(request: Request, municipality: str) -> Response:
    """Tell machines what data there is, whose it is and on what terms."""
    publication = _publication(request, municipality)
    return _file(request, dataset_jsonld(publication, _address(request, publication)), _LD)


@router.get(f"{_PATH}/{COLUMNS_FILE}")
def columns(request: Request, municipality: str) -> Response:
    """Tell machines what the columns of the tables are."""
    publication = _publication(request, municipality)
    return _file(request, columns_json(_address(request, publication)), _CSVW)


@router.get(f"{_PATH}/{{table}}.csv")
def promises_as_csv(request: Request, municipality: str, table: str) -> Response:
    """Give one table."""
    publication = _publication(request, municipality)
    if table not in _TABLES:
        raise NotHere(table)
    described = f'<{_address(request, publication)}/{COLUMNS_FILE}>; rel="describedby"; type="{_CSVW}"'
    return _file(request, table_csv(publication, _TABLES[table]), _CSV, {"Link": described})


def _publication(request: Request, slug: str) -> Publication:
    home = home_of(request)
    return public_promises(home.database, slug, home.clock.now())


def _address(request: Request, publication: Publication) -> str:
    home = home_of(request)
    return f"{home.settings.base_url}/promises/{publication.slug}"


def _file(request: Request, content: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    return _kept(request, content, media_type, {**_FOR_ANY_PAGE, **(headers or {})})


def _kept(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return it with its mark; 304 for whoever has it already."""
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    every = {**headers, "ETag": tag, "Cache-Control": _CACHE}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=every)
    return Response(content, media_type=media_type, headers=every)
