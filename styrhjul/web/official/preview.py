"""Mails before anybody gets them: every mail with sample content, and what would leave now about a case. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from styrhjul.domain.moment import local_date
from styrhjul.services.mailing.preview import NothingToPreview, Preview, case_preview, mail_keys, sample_preview
from styrhjul.services.municipality.directory import municipality_by
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.security import FRAMING_POLICY, PREVIEW_POLICY

if TYPE_CHECKING:
    from styrhjul.db.overview_query import MunicipalityLine

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesPage(OfficialPage):
    """Every mail by its key and subject."""

    subjects: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(OfficialPage):
    """One mail. `mail_page` is the address of the mail's own page; `case_id` is None for a sample."""

    preview: Preview
    mail_page: str
    case_id: str | None


@router.get("/{municipality}/mail/samples")
def samples(request: Request, municipality: str) -> Response:
    """List every mail, as the municipality would send it."""
    line = municipality_by(home_of(request).database, municipality)
    subjects = tuple((key, sample_preview(key).rendered.subject) for key in mail_keys())
    page = SamplesPage(frame=framed(request, line, "mail"), subjects=subjects)
    return _shown(request, "samples.html", page)


@router.get("/{municipality}/mail/samples/{key}")
def sample(request: Request, municipality: str, key: str) -> Response:
    """Show one mail with sample content and the municipality's own words."""
    line = municipality_by(home_of(request).database, municipality)
    mail_page = f"/{line.slug}/mail/samples/{key}/html"
    return _page(request, line, _sample(request, line, key), mail_page=mail_page)


@router.get("/{municipality}/mail/samples/{key}/html")
def sample_html(request: Request, municipality: str, key: str) -> Response:
    """Give the sample's own page, for a frame that lets nothing in or out."""
    line = municipality_by(home_of(request).database, municipality)
    return _framed(_sample(request, line, key))


@router.get("/{municipality}/case/{case_id}/mail")
def of_case(request: Request, municipality: str, case_id: str) -> Response:
    """Show what would leave now about a case."""
    line, found = _of_case(request, municipality, case_id)
    return _page(request, line, found, mail_page=f"/{line.slug}/case/{case_id}/mail/html", case_id=case_id)


@router.get("/{municipality}/case/{case_id}/mail/html")
def of_case_html(request: Request, municipality: str, case_id: str) -> Response:
    """Give that mail's own page, for a frame that lets nothing in or out."""
    return _framed(_of_case(request, municipality, case_id)[1])


def _sample(request: Request, line: MunicipalityLine, key: str) -> Preview:
    home = home_of(request)
    try:
        return sample_preview(
            key,
            database=home.database,
            municipality_id=line.municipality_id,
            base_url=home.settings.base_url,
        )
    except NothingToPreview:
        raise HTTPException(404) from None


def _of_case(request: Request, municipality: str, case_id: str) -> tuple[MunicipalityLine, Preview]:
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    today = local_date(home.clock.now())
    try:
        found = case_preview(home.database, line.municipality_id, case_id, today, base_url=home.settings.base_url)
    except NothingToPreview:
        raise HTTPException(404) from None
    return line, found


def _page(
    request: Request, line: MunicipalityLine, preview: Preview, *, mail_page: str, case_id: str | None = None
) -> Response:
    page = PreviewPage(
        frame=framed(request, line, "mail"),
        preview=preview,
        mail_page=mail_page,
        case_id=case_id,
    )
    return _shown(request, "preview.html", page)


def _framed(preview: Preview) -> Response:
    return HTMLResponse(preview.rendered.html, headers={"Content-Security-Policy": PREVIEW_POLICY})


def _shown(request: Request, template: str, page: OfficialPage) -> Response:
    response = shown(request, template, page)
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response
