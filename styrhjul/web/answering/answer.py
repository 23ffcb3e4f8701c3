"""Answering by the link in a mail: open, write, review, hand in, receipt. Only the last press changes anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.domain.answer import Answer
from styrhjul.domain.field_fault import FieldError
from styrhjul.mail.catalogue import SOURCE, message
from styrhjul.mail.language import LANGUAGES
from styrhjul.services.answering.answer import (
    FILE_GONE,
    FRESH_LINKS_TO_ADDRESS,
    AnsweredMeanwhile,
    Gone,
    LinkGone,
    NotComplete,
    NotTheirs,
    Question,
    Submission,
    TooLateToChange,
    question_for,
    send_fresh_link,
    submit,
)
from styrhjul.services.foundation.limit import TooOften
from styrhjul.web.answering.draft import opened_form
from styrhjul.web.answering.fault import NOT_ADDED, told
from styrhjul.web.answering.form import AnswerForm, fields_of, files_of, posted_form, seen_version
from styrhjul.web.answering.opened import question_of
from styrhjul.web.answering.page import FormPage, files_with, show_form, show_page
from styrhjul.web.answering.reading import read_answer, signed_only, unsigned
from styrhjul.web.error import ErrorPage, error_page, language_of, wait_page
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.permission import posted
from styrhjul.web.session import OpenedLink, set_answer_cookie, signer_of

log = structlog.get_logger()
router = APIRouter()
Posted = Annotated[FormData, Depends(posted)]
_ENOUGH = ErrorPage(
    heading=message("Tre länkar har redan begärts"),
    text=message("Nya länkar går till uppdragets egen adress. Titta i inkorgen där, eller vänta en timme."),
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GonePage:
    """A link that no longer answers; `case` names are shown only for a link that was once ours."""

    gone: LinkGone
    csrf: str
    asked_again: bool = False


@router.get("/a/{token}")
def open_link(request: Request, token: str) -> Response:
    """Take the token out of the address: a cookie holds it from here on. Changes nothing, and can be repeated."""
    if not _TOKEN.fullmatch(token):
        raise LinkGone(Gone.UNKNOWN)
    try:
        found = question_for(home_of(request).database, token, home_of(request).clock.now())
        link_id, language = found.link_id, found.language
    except LinkGone as gone:
        if gone.link_id is None:
            raise
        link_id, language = gone.link_id, gone.language
    return _opened(request, link_id, OpenedLink(token, language))


def _opened(request: Request, link_id: str, opened: OpenedLink) -> Response:
    response = RedirectResponse(f"/answer/{link_id}", status_code=303)
    set_answer_cookie(response, signer_of(request), link_id, opened)
    return response


@router.get("/answer/{link_id}")
def form(request: Request, language: str = "", draft: str = "") -> Response:
    """Show the form, or how the case stands to somebody above, or an answer that can no longer be changed.

    With a language, the link's pages are in that one from here on. The draft that is named is opened, or the last one.
    """
    if language in LANGUAGES:
        return _opened(request, request.path_params["link_id"], OpenedLink(request.state.token, language))
    question = question_of(request)
    page = FormPage(question=question, csrf=request.state.csrf, other_language=_other_language(question))
    if not question.is_theirs:
        return show_page("welcome.html" if question.is_welcome else "standing.html", page)
    if not question.may_answer:
        return show_page("answered.html", page)
    opened, drafts = opened_form(request, question, draft)
    return show_page(
        f"form_{question.asked.value}.html",
        replace(page, form=opened, drafts=drafts, files=files_with(request, opened)),
    )


@router.post("/answer/{link_id}/review")
def review(request: Request, fields: Posted) -> Response:
    """Read everything back. Changes nothing."""
    question = question_of(request)
    typed = posted_form(question, fields)
    answer, errors = read_answer(typed, question)
    if faults := (*unsigned(errors), *_missing(request, typed, fields)):
        return show_form(request, question, typed, faults)
    return show_page("review.html", _review(request, question, typed, answer))


@router.post("/answer/{link_id}/edit")
def edit(request: Request, fields: Posted) -> Response:
    """Go back from the review with everything that was typed. Changes nothing."""
    question = question_of(request)
    return show_form(request, question, _reviewed_form(request, question, fields))


@router.post("/answer/{link_id}")
def hand_in(request: Request, fields: Posted) -> Response:
    """Hand in what was reviewed."""
    question = question_of(request)
    typed = _reviewed_form(request, question, fields)
    signed_by = str(fields.get("signed_by", ""))
    answer, errors = read_answer(typed, question, signed_by)
    if errors:
        return _refused(request, question, typed, errors, signed_by)
    return _take_in(request, question, typed, answer)


@router.get("/answer/{link_id}/receipt")
def receipt(request: Request) -> Response:
    """Show what was handed in."""
    question = question_of(request)
    if question.last is None:
        return RedirectResponse(f"/answer/{question.link_id}", status_code=303)
    return show_page("receipt.html", FormPage(question=question, csrf=request.state.csrf))


@router.post("/answer/{link_id}/fresh-link")
def fresh_link(request: Request) -> Response:
    """Send a new link to the office's own address; the page says the same whether one was sent or not."""
    home = home_of(request)
    gone = LinkGone(Gone.REVOKED)
    try:
        question_of(request)
    except LinkGone as dead:
        gone = dead
        try:
            send_fresh_link(home.database, home.mailroom, home.sign_in_key, request.state.token, now=home.clock.now())
        except TooOften:
            return wait_page(_ENOUGH, FRESH_LINKS_TO_ADDRESS.within, request.state.language)
    page = GonePage(gone=gone, csrf=request.state.csrf, asked_again=True)
    return show("gone.html", page, language=request.state.language)


def gone_page(request: Request, error: Exception) -> Response:
    """Answer for a dead link: 410 with an offer for one that was ours, the ordinary 404 for any other."""
    if not isinstance(error, LinkGone) or error.link_id is None:
        return error_page(404, language=language_of(request))
    page = GonePage(gone=error, csrf=getattr(request.state, "csrf", ""))
    return show("gone.html", page, status=410, language=language_of(request))


def _other_language(question: Question) -> str:
    """Swedish is offered to whoever reads another language, and that one where they have chosen Swedish."""
    return SOURCE if question.language != SOURCE else question.readers_language.replace(SOURCE, "")


def _missing(request: Request, typed: AnswerForm, fields: FormData) -> list[FieldError]:
    """Return what the writer believes goes with the answer and does not: a file chosen, or one taken away elsewhere."""
    if fields.get("file"):
        return [FieldError("file", NOT_ADDED)]
    is_short = len(files_with(request, typed)) < len(files_of(typed))
    return [FieldError("file", FILE_GONE)] if is_short else []


def _review(
    request: Request,
    question: Question,
    typed: AnswerForm,
    answer: Answer,
    *,
    errors: Sequence[FieldError] = (),
    signed_by: str = "",
    not_saved: bool = False,
) -> FormPage:
    payload = {"link": question.link_id, "fields": fields_of(typed)}
    return FormPage(
        question=question,
        csrf=request.state.csrf,
        form=typed,
        answer=answer,
        errors=told(errors, question.language),
        payload=signer_of(request).sign("review", payload),
        signed_by=signed_by,
        not_saved=not_saved,
        files=files_with(request, typed),
    )


def _reviewed_form(request: Request, question: Question, fields: FormData) -> AnswerForm:
    """Return the form the review signed; an empty one when it is not ours or belongs to another link."""
    payload = signer_of(request).unsign("review", str(fields.get("payload", "")))
    if payload is None or payload.get("link") != question.link_id:
        return posted_form(question, [])
    return posted_form(question, [(str(name), str(value)) for name, value in payload["fields"]])


def _take_in(request: Request, question: Question, typed: AnswerForm, answer: Answer) -> Response:
    submission = Submission(
        token=request.state.token,
        answer=answer,
        form_id=typed.form_id.data or "",
        seen_version=seen_version(typed),
        files=tuple(files_of(typed)),
    )
    home = home_of(request)
    try:
        submit(home.database, home.mailroom, submission, now=home.clock.now())
    except NotComplete as refused:
        return _refused(request, question, typed, refused.errors, answer.signed_by)
    except NotTheirs:
        return show_page("standing.html", FormPage(question=question, csrf=request.state.csrf), status=403)
    except AnsweredMeanwhile:
        return _meanwhile(request, typed, answer)
    except TooLateToChange:
        return show_page("answered.html", FormPage(question=question_of(request), csrf=request.state.csrf), status=409)
    except SQLAlchemyError:
        log.exception("answer not saved", request=request.state.request_id)
        page = _review(request, question, typed, answer, signed_by=answer.signed_by, not_saved=True)
        return show_page("review.html", page, status=503)
    return RedirectResponse(f"/answer/{question.link_id}/receipt", status_code=303)


def _refused(
    request: Request, question: Question, typed: AnswerForm, errors: Sequence[FieldError], signed_by: str
) -> Response:
    """Show the page the fault stands on: the form for its fields, the review for the name."""
    if faults := unsigned(errors):
        return show_form(request, question, typed, faults)
    answer, _ = read_answer(typed, question, signed_by)
    page = _review(request, question, typed, answer, errors=signed_only(errors), signed_by=signed_by)
    return show_page("review.html", page, status=422)


def _meanwhile(request: Request, typed: AnswerForm, answer: Answer) -> Response:
    """Show both answers. Going on with one's own starts from the newer one, so that nothing is overwritten unseen."""
    question = question_of(request)
    typed.seen.data = str(question.seen_version)
    return show_page("meanwhile.html", _review(request, question, typed, answer), status=409)
