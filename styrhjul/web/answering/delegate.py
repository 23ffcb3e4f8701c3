"""A chair lets the secretary answer: whom, a line beside it, one's own name, and a page that says what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.session import Database
from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.written import tidy
from styrhjul.services.answering.answer import Gone, LinkGone, NotComplete, NotTheirs, Question, TooLateToChange
from styrhjul.services.answering.delegate import AskedOften, Asking, NobodyToAsk, Wish, asked_for, asking_for
from styrhjul.services.answering.delegate import delegate as ask_secretary
from styrhjul.web.answering.fault import told
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.permission import posted
from styrhjul.web.retelling import in_language

router = APIRouter()
Posted = Annotated[FormData, Depends(posted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatePage:
    """Whom a chair can ask, and what was typed. `errors` in the order of the form."""

    asking: Asking
    csrf: str
    form_id: str = ""
    note: str = ""
    signed_by: str = ""
    errors: Sequence[FieldError] = ()
    other_language: str = ""

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.asking.question

    @property
    def messages(self) -> Mapping[str, str]:
        """The first fault of each field."""
        return {error.field: error.message for error in reversed(self.errors)}


@router.get("/answer/{link_id}/delegate")
def form(request: Request) -> Response:
    """Show who would get the question. Changes nothing."""
    page = _page(request, asking_for)
    return _shown("delegate.html", replace(page, form_id=uuid4().hex)) if page else _back(request)


@router.post("/answer/{link_id}/delegate")
def delegate(request: Request, fields: Posted) -> Response:
    """Ask the secretary; the same page sent again asks once."""
    page, home = _page(request, asking_for), home_of(request)
    if page is None:
        return _back(request)
    wish = _wish(request, fields)
    page = replace(page, form_id=wish.form_id, note=wish.note, signed_by=wish.signed_by)
    try:
        ask_secretary(home.database, home.mailroom, wish, now=home.clock.now())
    except NotComplete as refused:
        errors = told(refused.errors, page.question.language)
        return _shown("delegate.html", replace(page, errors=errors), status=422)
    except (NobodyToAsk, AskedOften):
        return _shown("delegate.html", _page(request, asking_for) or page, status=422)
    except (NotTheirs, TooLateToChange):
        return _back(request)
    return RedirectResponse(f"/answer/{page.question.link_id}/delegated", status_code=303)


@router.get("/answer/{link_id}/delegated")
def delegated(request: Request) -> Response:
    """Say that the secretary has been asked, and that the chair can answer still."""
    page = _page(request, asked_for)
    return _shown("delegated.html", page) if page else _back(request)


def _page(request: Request, find: Callable[[Database, str, datetime], Asking | None]) -> DelegatePage | None:
    """Return the page of the link that the address names; None where it is not for its reader. Raises LinkGone."""
    home = home_of(request)
    try:
        asking = find(home.database, request.state.token, home.clock.now())
    except (NotTheirs, TooLateToChange):
        return None
    if asking is None:
        return None
    if asking.question.link_id != request.path_params["link_id"]:
        raise LinkGone(Gone.UNKNOWN)
    asking = replace(asking, question=in_language(asking.question, request.state.language))
    return DelegatePage(asking=asking, csrf=request.state.csrf)


def _wish(request: Request, fields: FormData) -> Wish:
    return Wish(
        token=request.state.token,
        form_id=str(fields.get("form_id", ""))[:64],
        note=" ".join(tidy(str(fields.get("note", ""))).split()),
        signed_by=tidy(str(fields.get("signed_by", ""))),
    )


def _shown(template: str, page: DelegatePage, *, status: int = 200) -> Response:
    return show(template, page, status=status, language=page.question.language)


def _back(request: Request) -> Response:
    return RedirectResponse(f"/answer/{request.path_params['link_id']}", status_code=303)
