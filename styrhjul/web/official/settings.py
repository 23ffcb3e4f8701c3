"""The first page of settings: what is set, since when and by whom, and what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.municipality.directory import municipality_by
from styrhjul.services.municipality.practice import OwnPractice
from styrhjul.services.municipality.retention import RetentionLine, retention_lines
from styrhjul.services.municipality.settings import STANDARD, SettingsView, settings_view
from styrhjul.services.words import LIFECYCLE_WORDS
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import SettingsPage

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage(SettingsPage):
    """Everything that is set."""

    view: SettingsView
    standard: OwnPractice
    lifecycles: Mapping[str, str]
    kept: tuple[RetentionLine, ...]


@router.get("/{municipality}/settings")
def settings(request: Request, municipality: str) -> Response:
    """Show everything that is set."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    frame = framed(request, line, "settings")
    page = OverviewPage(
        frame=frame,
        view=settings_view(home.database, line.municipality_id),
        standard=STANDARD,
        lifecycles=LIFECYCLE_WORDS,
        kept=retention_lines(home.database, line.municipality_id, frame.today),
    )
    return shown(request, "settings.html", page)
