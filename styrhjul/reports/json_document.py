"""JSON for people and programs both: indented, Swedish letters as they are, days as ISO 8601."""

from __future__ import annotations

import json
from datetime import date


def json_document(content: object) -> bytes:
    """Return a document in UTF-8 with a last line feed; the same content gives the same bytes."""
    return f"{json.dumps(content, ensure_ascii=False, indent=2, default=iso_day)}\n".encode()


def iso_day(value: object) -> str:
    """Return a day or a moment as JSON holds it. Raises TypeError for anything else that JSON does not know."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
