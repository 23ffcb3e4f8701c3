"""The municipality's own Word template: send one, fetch it, take it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from styrhjul.domain.field_fault import FieldError
from styrhjul.services.foundation.leaving_file import LeavingFile
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.reports.own_template import (
    OwnTemplate,
    SentTemplate,
    keep_template,
    own_template,
    remove_template,
    template_file,
)
from styrhjul.services.reports.word_content import TemplateRefused
from styrhjul.web.download import download
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, saved
from styrhjul.web.permission import posted
from styrhjul.web.upload import WORD_TEMPLATES, FileRefused, TakenFile, take_file

router = APIRouter()

_PAGE = "/{municipality}/settings/word-template"
_SAVED = "Från och med nu skrivs kommunens Word-filer i mallen."
_REMOVED = "Mallen är borttagen. Word-filer har Styrhjuls utseende."


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePage(FormPage):
    """What Word files are dressed in."""

    kept: OwnTemplate | None


@router.get(_PAGE)
def template(request: Request, municipality: str) -> Response:
    """Show which template is kept."""
    return _page(request, municipality)


@router.post(_PAGE)
def send(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Keep a template once it has been tried."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    by = framed(request, line, "settings").actor.name
    try:
        file = _sent(fields)
        sent = SentTemplate(file.name, file.content)
        keep_template(home.database, line.municipality_id, sent, home.clock.now(), by=by)
    except (FileRefused, TemplateRefused) as refused:
        return _page(request, municipality, f"{str(refused).rstrip('.')}.")
    return saved(request, f"/{line.slug}/settings/word-template", _SAVED)


@router.get(f"{_PAGE}/file")
def fetch(request: Request, municipality: str) -> Response:
    """Give the template back as it was sent."""
    home = home_of(request)
    kept = template_file(home.database, municipality_by(home.database, municipality).municipality_id)
    if kept is None:
        raise HTTPException(404)
    ending = kept.name.rpartition(".")[2].lower()
    return download(LeavingFile(f"word-mall.{ending}", WORD_TEMPLATES[ending][0], kept.content))


@router.post(f"{_PAGE}/remove")
def remove(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Let Word files look as Styrhjul's own."""
    del fields
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    by = framed(request, line, "settings").actor.name
    remove_template(home.database, line.municipality_id, home.clock.now(), by=by)
    return saved(
        request, f"/{line.slug}/settings/word-template", "Mallen är borttagen. Word-filer har Styrhjuls utseende."
    )


def _sent(fields: FormData) -> TakenFile:
    file = fields.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise TemplateRefused("Välj en Word-fil (.docx) eller en Word-mall (.dotx).")
    with file.file as opened:
        return take_file(file.filename, opened, WORD_TEMPLATES)


def _page(request: Request, municipality: str, fault: str = "") -> Response:
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    page = TemplatePage(
        frame=framed(request, line, "settings"),
        typed={},
        errors=(FieldError("file", fault),) if fault else (),
        kept=own_template(home.database, line.municipality_id),
    )
    return shown(request, "settings_template.html", page, status=422 if fault else 200)
