"""Setting a PDF that can be kept and read aloud: PDF/A-3a and PDF/UA-1, the same bytes for the same content.

Text goes in as JSON, so that nothing anybody wrote is read as markup. Nothing is fetched, and no font of the machine
is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import typst

from styrhjul.reports.printable import FONTS, printable

TEMPLATES = Path(__file__).parents[2] / "templates"
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]


class NotTypeset(RuntimeError):
    """The document could not be set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the PDF. `relationship` is PDF/A-3's: `source` is what the page was made of, `data` its values."""

    name: str
    mime_type: str
    description: str
    relationship: str
    content: bytes


def typeset(
    template: str, content: Mapping[str, object], *, at: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """Return the PDF of a template below `templates/`; its creation date is `at`, aware, whole seconds.

    `content` holds strings, numbers, lists and mappings. Raises NotTypeset.
    """
    files = [_inside(each) for each in attachments]
    try:
        return _compiled(template, _each_text(content, printable), files, at)
    except RuntimeError:
        # Letters that can be set one by one may not go together: a mark of one font over a letter of another.
        plain = _each_text(content, partial(printable, only_latin=True))
    try:
        return _compiled(template, plain, files, at)
    except RuntimeError as error:  # also a template that is not there, which typst has no error of its own for
        raise NotTypeset(f"{template}: {error}") from None


def _inside(attachment: Attachment) -> dict[str, object]:
    """Return a file as the template takes it: its bytes as numbers, since not all of them are text."""
    return {
        "name": f"/{attachment.name}",
        "mime_type": attachment.mime_type,
        "description": attachment.description,
        "relationship": attachment.relationship,
        "content": list(attachment.content),
    }


def _compiled(template: str, content: Any, files: Sequence[Mapping[str, object]], at: datetime) -> bytes:  # noqa: ANN401 - JSON
    data = json.dumps({**content, "attachments": list(files)}, ensure_ascii=False)
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=_STANDARDS,
        timestamp=int(at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON is a tree of anything
    """Return the same tree with every string in it changed; the keys are ours."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(each, change) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_each_text(each, change) for each in value]
    return value
