"""Letting anybody read the promises: exactly what becomes public stands on the page before it is switched on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.api.publication import PublicationView, publication_view, publish_promises, withdraw_promises
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.web import promise_words
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, saved
from styrhjul.web.permission import posted
from styrhjul.web.promise_words import Section, sections

router = APIRouter()
_PATH = "/{municipality}/settings/promises"
_FIELD = "understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesSettingPage(FormPage):
    """Whether anybody may read them, and all that they would read."""

    view: PublicationView
    sections: tuple[Section, ...]
    address: str
    say: Any = promise_words


@router.get(_PATH)
def public_page(request: Request, municipality: str) -> Response:
    """Show what would be public, or is."""
    return _page(request, municipality_by(home_of(request).database, municipality))


@router.post(_PATH)
def publish(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Let anybody read what was shown."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    if fields.get(_FIELD) != "yes":
        return _page(request, line, FieldError(_FIELD, "Bekräfta att du har läst det som blir offentligt."))
    by = framed(request, line, "settings").actor.name
    try:
        publish_promises(home.database, line, str(fields.get("seen", "")), home.clock.now(), by=by)
    except ChangedMeanwhile:
        error = FieldError(_FIELD, "Något har ändrats sedan du läste. Läs igen: inget har blivit offentligt.")
        return _page(request, line, error, status=409)
    return saved(request, f"/{line.slug}/settings/promises", "Sidan är öppen för alla.")


@router.post(f"{_PATH}/close")
def close(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Let nobody read them any more."""
    del fields
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    by = framed(request, line, "settings").actor.name
    withdraw_promises(home.database, line.municipality_id, home.clock.now(), by=by)
    return saved(request, f"/{line.slug}/settings/promises", "Sidan är stängd. Ingen utanför kommunen kan läsa den.")


def _page(request: Request, line: MunicipalityLine, error: FieldError | None = None, *, status: int = 422) -> Response:
    home = home_of(request)
    view = publication_view(home.database, line, home.clock.now())
    page = PromisesSettingPage(
        frame=framed(request, line, "settings"),
        typed={},
        errors=(error,) if error else (),
        view=view,
        sections=sections(view.publication),
        address=f"{home.settings.base_url}/promises/{line.slug}",
    )
    return shown(request, "settings_promises.html", page, status=status if error else 200)
