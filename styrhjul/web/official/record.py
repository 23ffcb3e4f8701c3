"""Saving a mail or an answer from its page: the same files as the command line writes, with a name for people."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.records.answer_record import AnswerRecord
from styrhjul.services.records.file import answer_file, mail_file
from styrhjul.services.records.mail_record import MailRecord
from styrhjul.services.records.record import NoSuchRecord
from styrhjul.services.records.saving import answer_record_of, mail_record_of
from styrhjul.web.download import download
from styrhjul.web.error import ErrorPage
from styrhjul.web.home import home_of
from styrhjul.web.page import show

router = APIRouter()


@router.get("/{municipality}/mail/{mail_id}/eml")
def mail_as_eml(request: Request, municipality: str, mail_id: str) -> Response:
    """Give a mail as it left, without links that open; another municipality's is not here at all."""
    return download(mail_file(_mail(request, municipality, mail_id), "eml"))


@router.get("/{municipality}/mail/{mail_id}/pdf")
def mail_as_pdf(request: Request, municipality: str, mail_id: str) -> Response:
    """Give a mail as a PDF with the mail inside."""
    return download(mail_file(_mail(request, municipality, mail_id), "pdf"))


@router.get("/{municipality}/case/{case_id}/answer/pdf")
def answer_as_pdf(request: Request, municipality: str, case_id: str) -> Response:
    """Give the answer to a case as a PDF with the same as JSON inside."""
    return download(answer_file(_answer(request, municipality, case_id), "pdf"))


@router.get("/{municipality}/case/{case_id}/answer/json")
def answer_as_json(request: Request, municipality: str, case_id: str) -> Response:
    """Give the answer to a case as JSON."""
    return download(answer_file(_answer(request, municipality, case_id), "json"))


def not_a_record(request: Request, error: Exception) -> Response:
    """Answer for a mail that has not left."""
    del request
    return show("error.html", ErrorPage(heading="Mejlet går inte att spara", text=str(error)), status=409)


def _mail(request: Request, slug: str, mail_id: str) -> MailRecord:
    home = home_of(request)
    municipality = municipality_by(home.database, slug)
    try:
        return mail_record_of(home.database, municipality.municipality_id, mail_id)
    except NoSuchRecord:
        raise NotHere(mail_id) from None


def _answer(request: Request, slug: str, case_id: str) -> AnswerRecord:
    home = home_of(request)
    municipality = municipality_by(home.database, slug)
    try:
        return answer_record_of(home.database, municipality.municipality_id, case_id)
    except NoSuchRecord:
        raise NotHere(case_id) from None
