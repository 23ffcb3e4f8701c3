"""What a preview was made of goes back with its form: signed, for one municipality and one purpose, good for a day.

Nothing is kept here meanwhile. The signature packs what it signs, so a long text is short on its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request

from styrhjul.services.policies.file import ReadFile
from styrhjul.web.session import signer_of

#: A preview stands this long; then the file is read anew.
HOURS = 24


def carry(request: Request, purpose: str, municipality_id: str, content: Mapping[str, Any], now: datetime) -> str:
    """Return what a form of this municipality's takes with it."""
    until = (now + timedelta(hours=HOURS)).isoformat()
    return signer_of(request).sign(purpose, {**content, "municipality": municipality_id, "until": until})


def brought_back(
    request: Request, purpose: str, municipality_id: str, carried: str, now: datetime
) -> dict[str, Any] | None:
    """Return what `carry` gave a form of this municipality's; None for any other, and for one too old."""
    content = signer_of(request).unsign(purpose, carried)
    if content is None or content.get("municipality") != municipality_id:
        return None
    return content if datetime.fromisoformat(str(content["until"])) > now else None


def told(file: ReadFile) -> dict[str, Any]:
    """Return a file that was read, as it is carried."""
    return {"name": file.name, "text": file.text, "pages": file.pages, "warnings": file.warnings}


def file_of(content: Mapping[str, Any]) -> ReadFile:
    """Return the file that was carried."""
    return ReadFile(
        name=content["name"],
        text=content["text"],
        pages=tuple(content["pages"]),
        warnings=tuple(content["warnings"]),
    )
