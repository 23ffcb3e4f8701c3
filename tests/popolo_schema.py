"""Popolo's JSON schemas for the four classes we write, as the specification has them, and no names beside.

The names, types and patterns are those of the schemas of the Popolo Project (JSON Schema draft 3); a value that we
never write is left out. An id and a name are demanded here, which the specification only recommends.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "null"]}
_DAY: Schema = {"type": ["string", "null"], "pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}


def _class(properties: dict[str, Schema], *required: str) -> Schema:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


IDENTIFIER = _class({"identifier": {"type": "string"}, "scheme": _TEXT}, "identifier")
ORGANIZATION = _class(
    {
        **dict.fromkeys(("id", "name", "classification", "parent_id"), _TEXT),
        "identifiers": {"type": "array", "items": IDENTIFIER},
        **dict.fromkeys(("founding_date", "dissolution_date"), _DAY),
    },
    *("id", "name"),
)
POST = _class(
    {
        **dict.fromkeys(("id", "label", "role", "organization_id"), _TEXT),
        **dict.fromkeys(("start_date", "end_date"), _DAY),
    },
    *("id", "label", "organization_id"),
)
MEMBERSHIP = _class(
    {
        **dict.fromkeys(("id", "label", "role", "person_id", "organization_id", "post_id"), _TEXT),
        **dict.fromkeys(("start_date", "end_date"), _DAY),
    },
    *("id", "person_id", "organization_id"),
)
PERSON = _class(
    {**dict.fromkeys(("id", "name"), _TEXT), "email": {"type": ["string", "null"], "format": "email"}},
    *("id", "name"),
)
WHOLE = _class(
    {
        name: {"type": "array", "items": schema}
        for name, schema in (
            ("organizations", ORGANIZATION),
            ("posts", POST),
            ("memberships", MEMBERSHIP),
            ("persons", PERSON),
        )
    },
    *("organizations", "posts"),
)
