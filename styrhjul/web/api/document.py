"""The API as OpenAPI 3.1 tells it: made of the routes and their rules, the same for everybody."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse, Response

from styrhjul.web.api import answers, cases, imports, policies, register
from styrhjul.web.api.problem import MEDIA_TYPE, Problem
from styrhjul.web.rules import RULES, SCOPES, Permission, Rule

router = APIRouter()

ROOMS = (register, policies, cases, answers, imports)
_VERSION = "1.0.0"
_ABOUT = (
    "What a municipality has decided, and what becomes of it. Every call carries a key in `Authorization: Bearer`, "
    "which belongs to one municipality. Lists come in pages: send `next` as `cursor`. Errors are RFC 9457."
)
_TAGS = [
    {"name": "register", "description": "Organizations, posts, persons, memberships and meetings, as in Popolo."},
    {"name": "policies", "description": "Governing documents, their editions and the duties in them."},
    {"name": "cases", "description": "What is asked of whom, and what came of it."},
    {"name": "imports", "description": "Lists of officials and meetings, looked at before they are imported."},
    {"name": "journal", "description": "Everything that has happened, sealed."},
]
_SCHEME = "token"
_WORDS = {
    400: "What was sent cannot be understood.",
    401: "No key that holds.",
    403: "The key is not for this.",
    404: "There is no such thing in the key's municipality.",
    409: "Something has changed since it was read; nothing has been stored.",
    413: "Too large.",
    422: "Something is wrong with what was sent; nothing has been stored.",
    429: "Too often; `Retry-After` says how many seconds to wait.",
}
_ALWAYS = (401, 403, 404, 422, 429)
_IF_CHANGING = (400, 409, 413)


@router.get("/api/v1/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """Give the description of the API."""
    return JSONResponse(document())


@cache
def document() -> dict[str, Any]:
    """Return the whole document, as plain values."""
    told = get_openapi(
        title="Styrhjul",
        version=_VERSION,
        openapi_version="3.1.0",
        description=_ABOUT,
        routes=[route for room in ROOMS for route in room.router.routes],
        tags=_TAGS,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    components = told.setdefault("components", {})
    components["securitySchemes"] = {
        _SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made under Inställningar, Andra system, Nycklar.",
        }
    }
    _, problems = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    components["schemas"] |= problems["$defs"]
    for rule in (rule for rule in RULES if rule.permission in SCOPES):
        _declare(told["paths"][rule.path][rule.method.lower()], rule)
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    return told


def _declare(operation: dict[str, Any], rule: Rule) -> None:
    """Say what the operation needs, and how it refuses."""
    operation["security"] = [{_SCHEME: [SCOPES[rule.permission].value]}]
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    statuses = _ALWAYS if rule.permission is Permission.API_READ else (*_ALWAYS, *_IF_CHANGING)
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"description": _WORDS[status], "content": problem}
    wait = {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer", "minimum": 1}}}
    operation["responses"]["429"]["headers"] = wait
