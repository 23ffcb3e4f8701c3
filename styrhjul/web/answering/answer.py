"""Answering by the link in a mail: open, write, review, hand in, receipt. Only the last press changes anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.domain.answer import Answer, event_of
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.lifecycle import Event, Holder
from styrhjul.mail.catalogue import SOURCE
from styrhjul.mail.language import LANGUAGES
from styrhjul.services.answer import (
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
from styrhjul.services.answer_words import NEXT_WORDS, choices
from styrhjul.web.answering.fault import told
from styrhjul.web.answering.form import AnswerForm, fields_of, fresh_form, posted_form, seen_version
from styrhjul.web.answering.reading import read_answer, signed_only, unsigned
from styrhjul.web.error import error_page, language_of
from styrhjul.web.page import show
from styrhjul.web.permission import posted
from styrhjul.web.retelling import in_language
from styrhjul.web.session import OpenedLink, set_answer_cookie, signer_of
from styrhjul.web.words import to_whom

if TYPE_CHECKING:
    from styrhjul.services.installation import Installation

log = structlog.get_logger()
router = APIRouter()
Posted = Annotated[FormData, Depends(posted)]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The form, or its review. `errors` in the order of the form; `payload` is what was typed, signed."""

    question: Question
    csrf: str
    form: AnswerForm | None = None
    answer: Answer | None = None
    errors: Sequence[FieldError] = ()
    payload: str = ""
    signed_by: str = ""
    not_saved: bool = False
    #: The other language that the page can be read in, where nothing has been typed that would be lost.
    other_language: str = ""

    @property
    def messages(self) -> dict[str, str]:
        """The first fault of each field."""
        return {error.field: error.message for error in reversed(self.errors)}

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen, value and words."""
        return choices(self.question.asked)

    @property
    def office(self) -> str:
        """Who the reader answers as: an office of the body, or the one that was given the case."""
        question = self.question
        says_enough = question.case.holder is not Holder.BODY and question.case.assigned_post_id is None
        return question.post_title if says_enough else to_whom(question.post_title, question.post_body)

    @property
    def deciders(self) -> tuple[tuple[str, str], ...]:
        """Who can be said to have decided, key and name."""
        return tuple((decider.key, decider.name) for decider in self.question.demand.deciders)

    @property
    def editions(self) -> tuple[tuple[str, str], ...]:
        """The editions that a new one can replace, each under its own words."""
        return tuple((edition, edition) for edition in self.question.demand.editions)

    @property
    def only_begins(self) -> bool:
        """Whether the reviewed answer notes that work has begun, and the question stands."""
        return self.answer is not None and event_of(self.answer) is Event.BEGIN

    @property
    def is_off_calendar(self) -> bool:
        """Whether the reviewed answer dates the decision on a day on which no meeting is entered."""
        return self.answer is not None and self.question.is_off_calendar(self.answer)

    @property
    def then(self) -> str | None:
        """What the reviewed answer, or the one handed in, leads to."""
        given = self.answer or self.question.last
        return NEXT_WORDS.get(getattr(given, "outcome", None) or "")


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
        found = question_for(_home(request).database, token, _home(request).clock.now())
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
def form(request: Request, language: str = "") -> Response:
    """Show the form, or how the case stands to somebody above, or an answer that can no longer be changed.

    With a language, the link's pages are in that one from here on.
    """
    if language in LANGUAGES:
        return _opened(request, request.path_params["link_id"], OpenedLink(request.state.token, language))
    question = _question(request)
    page = FormPage(question=question, csrf=request.state.csrf, other_language=_other_language(question))
    if not question.is_theirs:
        return _show("welcome.html" if question.is_welcome else "standing.html", page)
    if not question.may_answer:
        return _show("answered.html", page)
    return _show(f"form_{question.asked.value}.html", replace(page, form=fresh_form(question)))


@router.post("/answer/{link_id}/review")
def review(request: Request, fields: Posted) -> Response:
    """Read everything back. Changes nothing."""
    question = _question(request)
    typed = posted_form(question, fields)
    answer, errors = read_answer(typed, question)
    if faults := unsigned(errors):
        return _form_page(request, question, typed, faults)
    return _show("review.html", _review(request, question, typed, answer))


@router.post("/answer/{link_id}/edit")
def edit(request: Request, fields: Posted) -> Response:
    """Go back from the review with everything that was typed. Changes nothing."""
    question = _question(request)
    return _form_page(request, question, _reviewed_form(request, question, fields))


@router.post("/answer/{link_id}")
def hand_in(request: Request, fields: Posted) -> Response:
    """Hand in what was reviewed."""
    question = _question(request)
    typed = _reviewed_form(request, question, fields)
    signed_by = str(fields.get("signed_by", ""))
    answer, errors = read_answer(typed, question, signed_by)
    if errors:
        return _refused(request, question, typed, errors, signed_by)
    return _take_in(request, question, typed, answer)


@router.get("/answer/{link_id}/receipt")
def receipt(request: Request) -> Response:
    """Show what was handed in."""
    question = _question(request)
    if question.last is None:
        return RedirectResponse(f"/answer/{question.link_id}", status_code=303)
    return _show("receipt.html", FormPage(question=question, csrf=request.state.csrf))


@router.post("/answer/{link_id}/fresh-link")
def fresh_link(request: Request) -> Response:
    """Send a new link to the office's own address; the page says the same whether one was sent or not."""
    home = _home(request)
    gone = LinkGone(Gone.REVOKED)
    try:
        _question(request)
    except LinkGone as dead:
        gone = dead
        send_fresh_link(home.database, home.mailroom, request.state.token, now=home.clock.now())
    page = GonePage(gone=gone, csrf=request.state.csrf, asked_again=True)
    return show("gone.html", page, language=request.state.language)


def gone_page(request: Request, error: Exception) -> Response:
    """Answer for a dead link: 410 with an offer for one that was ours, the ordinary 404 for any other."""
    if not isinstance(error, LinkGone) or error.link_id is None:
        return error_page(404, language=language_of(request))
    page = GonePage(gone=error, csrf=getattr(request.state, "csrf", ""))
    return show("gone.html", page, status=410, language=language_of(request))


def _home(request: Request) -> Installation:
    home: Installation = request.app.state.installation
    return home


def _question(request: Request) -> Question:
    """Return the question behind the cookie, if it is the one the address names. Raises LinkGone."""
    home = _home(request)
    question = question_for(home.database, request.state.token, home.clock.now())
    if question.link_id != request.path_params["link_id"]:
        raise LinkGone(Gone.UNKNOWN)
    return in_language(question, request.state.language)


def _other_language(question: Question) -> str:
    """Swedish is offered to whoever reads another language, and that one where they have chosen Swedish."""
    return SOURCE if question.language != SOURCE else question.readers_language.replace(SOURCE, "")


def _show(template: str, page: FormPage, *, status: int = 200) -> Response:
    return show(template, page, status=status, language=page.question.language)


def _form_page(request: Request, question: Question, typed: AnswerForm, errors: Sequence[FieldError] = ()) -> Response:
    told_errors = told(errors, question.language)
    page = FormPage(question=question, csrf=request.state.csrf, form=typed, errors=told_errors)
    return _show(f"form_{question.asked.value}.html", page, status=422 if errors else 200)


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
    )


def _reviewed_form(request: Request, question: Question, fields: FormData) -> AnswerForm:
    """Return the form the review signed; an empty one when it is not ours or belongs to another link."""
    payload = signer_of(request).unsign("review", str(fields.get("payload", "")))
    if payload is None or payload.get("link") != question.link_id:
        return posted_form(question, [])
    return posted_form(question, [(str(name), str(value)) for name, value in payload["fields"]])


def _take_in(request: Request, question: Question, typed: AnswerForm, answer: Answer) -> Response:
    submission = Submission(
        token=request.state.token, answer=answer, form_id=typed.form_id.data or "", seen_version=seen_version(typed)
    )
    home = _home(request)
    try:
        submit(home.database, home.mailroom, submission, now=home.clock.now())
    except NotComplete as refused:
        return _refused(request, question, typed, refused.errors, answer.signed_by)
    except NotTheirs:
        return _show("standing.html", FormPage(question=question, csrf=request.state.csrf), status=403)
    except AnsweredMeanwhile:
        return _meanwhile(request, typed, answer)
    except TooLateToChange:
        return _show("answered.html", FormPage(question=_question(request), csrf=request.state.csrf), status=409)
    except SQLAlchemyError:
        log.exception("answer not saved", request=request.state.request_id)
        page = _review(request, question, typed, answer, signed_by=answer.signed_by, not_saved=True)
        return _show("review.html", page, status=503)
    return RedirectResponse(f"/answer/{question.link_id}/receipt", status_code=303)


def _refused(
    request: Request, question: Question, typed: AnswerForm, errors: Sequence[FieldError], signed_by: str
) -> Response:
    """Show the page the fault stands on: the form for its fields, the review for the name."""
    if faults := unsigned(errors):
        return _form_page(request, question, typed, faults)
    answer, _ = read_answer(typed, question, signed_by)
    page = _review(request, question, typed, answer, errors=signed_only(errors), signed_by=signed_by)
    return _show("review.html", page, status=422)


def _meanwhile(request: Request, typed: AnswerForm, answer: Answer) -> Response:
    """Show both answers. Going on with one's own starts from the newer one, so that nothing is overwritten unseen."""
    question = _question(request)
    typed.seen.data = str(question.seen_version)
    return _show("meanwhile.html", _review(request, question, typed, answer), status=409)
