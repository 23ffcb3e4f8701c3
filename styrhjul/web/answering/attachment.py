"""Files with an answer: added to the form and taken away from it, and given out again; never opened in the browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from styrhjul.db.attachment_query import KeptFile
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.answering.answer import Question
from styrhjul.services.answering.attachment import (
    MOST_FILES,
    NoRoom,
    SentFile,
    TooMany,
    attach,
    detach,
    file_of_case,
    file_of_link,
)
from styrhjul.services.answering.draft import NotKept, Typed
from styrhjul.services.foundation.leaving_file import LeavingFile
from styrhjul.web.answering.fault import NO_ROOM, TOO_MANY_FILES
from styrhjul.web.answering.form import AnswerForm, fields_of, posted_form
from styrhjul.web.answering.opened import question_of
from styrhjul.web.answering.page import show_form
from styrhjul.web.download import download
from styrhjul.web.home import home_of
from styrhjul.web.permission import posted
from styrhjul.web.security import FILE_POLICY
from styrhjul.web.upload import NO_FILE, FileRefused, TakenFile, take_file

router = APIRouter()
Posted = Annotated[FormData, Depends(posted)]


@router.post("/answer/{link_id}/attachment")
def add(request: Request, fields: Posted) -> Response:
    """Keep a file with the draft, and come back to the form; what was typed is kept with it."""
    question = question_of(request)
    typed = posted_form(question, fields)
    try:
        file = _sent(fields)
    except FileRefused as refused:
        return _told(request, question, typed, str(refused), status=413 if refused.is_too_large else 422)
    home = home_of(request)
    sent = SentFile(name=file.name, media_type=file.media_type, content=file.content)
    try:
        attach(home.database, home.mailroom.sealer, request.state.token, _stands(typed), sent, now=home.clock.now())
    except TooMany:
        return _told(request, question, typed, TOO_MANY_FILES.format(count=MOST_FILES))
    except NoRoom:
        return _told(request, question, typed, NO_ROOM)
    except (NotKept, SQLAlchemyError):
        return show_form(request, question, typed, not_saved=True)
    return _back(question, typed)


@router.post("/answer/{link_id}/attachment/{attachment_id}/remove")
def remove(request: Request, attachment_id: str, fields: Posted) -> Response:
    """Take a file away from the form; what was handed in before stays with that answer."""
    question = question_of(request)
    typed = posted_form(question, fields)
    home = home_of(request)
    sealer, now = home.mailroom.sealer, home.clock.now()
    try:
        detach(home.database, sealer, request.state.token, _stands(typed), attachment_id, now=now)
    except (NotKept, SQLAlchemyError):
        return show_form(request, question, typed, not_saved=True)
    return _back(question, typed)


@router.get("/answer/{link_id}/attachment/{attachment_id}")
def give(request: Request, attachment_id: str) -> Response:
    """Give a file to whoever holds the link: one that was handed in, or their own office's."""
    question_of(request)
    home = home_of(request)
    return _as_file(file_of_link(home.database, request.state.token, attachment_id, now=home.clock.now()))


@router.get("/{municipality}/case/{case_id}/attachment/{attachment_id}")
def give_official(request: Request, municipality: str, case_id: str, attachment_id: str) -> Response:
    """Give a file of an answer to an official; another municipality's, or a draft's, is not here at all."""
    return _as_file(file_of_case(home_of(request).database, municipality, case_id, attachment_id))


def _sent(fields: FormData) -> TakenFile:
    upload = fields.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise FileRefused(NO_FILE)
    with upload.file as opened:
        return take_file(upload.filename, opened)


def _stands(typed: AnswerForm) -> Typed:
    return Typed(typed.form_id.data or "", fields_of(typed))


def _told(request: Request, question: Question, typed: AnswerForm, words: str, *, status: int = 422) -> Response:
    response = show_form(request, question, typed, [FieldError("file", words)])
    response.status_code = status
    return response


def _back(question: Question, typed: AnswerForm) -> Response:
    return RedirectResponse(f"/answer/{question.link_id}?draft={typed.form_id.data}#h-files", status_code=303)


def _as_file(file: KeptFile) -> Response:
    named = f"bilaga.{file.name.rpartition('.')[2]}"
    leaving = LeavingFile(named, file.media_type, file.content, file.name)
    return download(leaving, {"Content-Security-Policy": FILE_POLICY})
