"""A municipality's own Word template, opened behind a locked door: a child that has nothing else within reach."""

from __future__ import annotations

import base64
import json

from styrhjul.confined.program import ChildStopped, command_of, run_confined
from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.services.reports.word_dress_child import DRESSED

#: A letterhead with a coat of arms is a hundredth of it.
MOST_BYTES = 20_000_000
_PATIENCE_SECONDS = 30.0
_MOST_ANSWERED = 64 * 1024 * 1024
_PROGRAM = "styrhjul.services.reports.word_dress_child"


def dressed(template: bytes, ours: bytes, *, patience_seconds: float = _PATIENCE_SECONDS) -> bytes:
    """Return our Word file with the template's styles, page and letterhead. Raises TemplateRefused."""
    if len(template) > MOST_BYTES:
        raise TemplateRefused("Mallen är större än 20 MB. Spara den med mindre bilder.")
    job = {name: base64.b64encode(content).decode() for name, content in (("template", template), ("ours", ours))}
    try:
        told = run_confined(
            command_of(_PROGRAM),
            json.dumps(job).encode(),
            patience_seconds=patience_seconds,
            most_answered=_MOST_ANSWERED,
        )
    except (ChildStopped, OSError):
        raise TemplateRefused from None
    if not told.startswith(DRESSED):
        raise TemplateRefused(told[1:].decode(errors="replace") or None)
    return told[1:]
