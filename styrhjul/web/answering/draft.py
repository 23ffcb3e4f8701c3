"""Saving a draft: by a button, or by itself a moment after something was typed. It is never an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.moment import local_date
from styrhjul.services.answering.answer import Question
from styrhjul.services.answering.draft import NotKept, Typed, drafts_of, save_draft
from styrhjul.web.answering.fault import NOT_ADDED
from styrhjul.web.answering.form import AnswerForm, fields_of, fresh_form, posted_form
from styrhjul.web.answering.opened import question_of
from styrhjul.web.answering.page import Drafts, show_form
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.permission import posted

log = structlog.get_logger()
router = APIRouter()
Posted = Annotated[FormData, Depends(posted)]
#: What asks for the form as if nothing had been saved.
NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """What stands under the buttons; `saved_at` None = it could not be saved."""

    today: date
    saved_at: datetime | None


def opened_form(request: Request, question: Question, wanted: str) -> tuple[AnswerForm, Drafts]:
    """Return the form as it opens: the draft that is wanted or was saved last, else the earlier answer or nothing."""
    home = home_of(request)
    kept = drafts_of(home.database, home.mailroom.sealer, question.link)
    chosen = next((draft for draft in kept if draft.form_id == wanted), kept[0] if kept else None)
    if chosen is None or wanted == NEW:
        return fresh_form(question), Drafts(others=kept)
    others = [draft for draft in kept if draft is not chosen]
    return posted_form(question, chosen.fields), Drafts(shown=chosen, others=others)


@router.post("/answer/{link_id}/draft")
def draft(request: Request, fields: Posted) -> Response:
    """Keep what stands in the form, and say so: in a line to a page that is open, else on the page itself."""
    question = question_of(request)
    typed = posted_form(question, fields)
    saved_at = keep(request, typed)
    if "HX-Request" in request.headers:
        page = SavedPage(today=question.today, saved_at=saved_at)
        return show("_saved.html", page, language=question.language)
    if saved_at is not None and fields.get("file"):
        return show_form(request, question, typed, [FieldError("file", NOT_ADDED)])
    if saved_at is None:
        return show_form(request, question, typed, not_saved=True)
    return RedirectResponse(f"/answer/{question.link_id}?draft={typed.form_id.data}", status_code=303)


def keep(request: Request, typed: AnswerForm) -> datetime | None:
    """Keep what is typed; return when, None where it could not be kept."""
    home = home_of(request)
    now = home.clock.now()
    stands = Typed(typed.form_id.data or "", fields_of(typed))
    try:
        save_draft(home.database, home.mailroom.sealer, request.state.token, stands, now=now)
    except (NotKept, SQLAlchemyError):
        log.warning("draft not saved", request=request.state.request_id, on=local_date(now).isoformat(), exc_info=True)
        return None
    return now
