"""Saving a mail or an answer from its page: the same files as the command line writes, with a name for people."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.answer_pdf import answer_pdf
from styrhjul.services.answer_record import AnswerRecord
from styrhjul.services.mail_pdf import mail_pdf
from styrhjul.services.mail_record import MailRecord
from styrhjul.services.overview import NotHere, municipality_by
from styrhjul.services.record import NoSuchRecord, metadata_json
from styrhjul.services.record_export import answer_record_of, mail_record_of
from styrhjul.services.record_file import file_name, shown_name
from styrhjul.web.error import ErrorPage
from styrhjul.web.page import show

if TYPE_CHECKING:
    from datetime import datetime

    from styrhjul.services.installation import Installation

router = APIRouter()


@router.get("/{municipality}/mail/{mail_id}/eml")
def mail_as_eml(request: Request, municipality: str, mail_id: str) -> Response:
    """Give a mail as it left, without links that open; another municipality's is not here at all."""
    record = _mail(request, municipality, mail_id)
    return _file(record.eml, "message/rfc822", _mail_names(record, "eml"))


@router.get("/{municipality}/mail/{mail_id}/pdf")
def mail_as_pdf(request: Request, municipality: str, mail_id: str) -> Response:
    """Give a mail as a PDF with the mail inside."""
    record = _mail(request, municipality, mail_id)
    return _file(mail_pdf(record), "application/pdf", _mail_names(record, "pdf"))


@router.get("/{municipality}/case/{case_id}/answer/pdf")
def answer_as_pdf(request: Request, municipality: str, case_id: str) -> Response:
    """Give the answer to a case as a PDF with the same as JSON inside."""
    record = _answer(request, municipality, case_id)
    return _file(answer_pdf(record), "application/pdf", _answer_names(record, "pdf"))


@router.get("/{municipality}/case/{case_id}/answer/json")
def answer_as_json(request: Request, municipality: str, case_id: str) -> Response:
    """Give the answer to a case as JSON."""
    record = _answer(request, municipality, case_id)
    return _file(metadata_json(record.metadata), "application/json", _answer_names(record, "json"))


def not_a_record(request: Request, error: Exception) -> Response:
    """Answer for a mail that has not left."""
    del request
    return show("error.html", ErrorPage(heading="Mejlet går inte att spara", text=str(error)), status=409)


def _mail(request: Request, slug: str, mail_id: str) -> MailRecord:
    home: Installation = request.app.state.installation
    municipality = municipality_by(home.database, slug)
    try:
        return mail_record_of(home.database, municipality.municipality_id, mail_id)
    except NoSuchRecord:
        raise NotHere(mail_id) from None


def _answer(request: Request, slug: str, case_id: str) -> AnswerRecord:
    home: Installation = request.app.state.installation
    municipality = municipality_by(home.database, slug)
    try:
        return answer_record_of(home.database, municipality.municipality_id, case_id)
    except NoSuchRecord:
        raise NotHere(case_id) from None


def _mail_names(record: MailRecord, ending: str) -> tuple[str, str]:
    told = record.metadata
    return _names(told.dated_at, told.subject, told.mail_id, ending)


def _answer_names(record: AnswerRecord, ending: str) -> tuple[str, str]:
    told = record.metadata
    return _names(told.dated_at, told.subject, told.matter.case_id, ending)


def _names(at: datetime, subject: str, identity: str, ending: str) -> tuple[str, str]:
    """Return the name that any program takes, and the one that people read."""
    on = at.date()
    return f"{file_name(on, subject, identity)}.{ending}", f"{shown_name(on, subject)}.{ending}"


def _file(content: bytes, media_type: str, names: tuple[str, str]) -> Response:
    plain, shown = names
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
