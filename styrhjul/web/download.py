"""A file on its way to somebody's disk: the one place that says what it is called there."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from styrhjul.services.foundation.leaving_file import LeavingFile


def download(file: LeavingFile, headers: Mapping[str, str] | None = None) -> Response:
    """Return a file to save, under the name that people read where the browser knows how."""
    shown = f"; filename*=UTF-8''{quote(file.shown_name, safe='')}" if file.shown_name else ""
    disposition = {"Content-Disposition": f'attachment; filename="{file.name}"{shown}'}
    return Response(file.content, media_type=file.media_type, headers={**disposition, **(headers or {})})
