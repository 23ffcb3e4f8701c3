"""One mail as it was sent: its headers, how it looks, its text, and every try to send it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from styrhjul.db.mail_model import AttemptOutcome
from styrhjul.services.records.mail_view import MailView, mail_view
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.security import FRAMING_POLICY, PREVIEW_POLICY

router = APIRouter()
ATTEMPT_WORDS = {
    AttemptOutcome.ACCEPTED: "Mottaget av servern",
    AttemptOutcome.RETRY: "Inte nu, försöks igen",
    AttemptOutcome.REFUSED: "Avvisat",
    AttemptOutcome.UNCERTAIN: "Avbrutet, kan ha kommit fram",
    AttemptOutcome.BOUNCED: "Studsade längre fram",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage(OfficialPage):
    """One mail. `attempt_words` tells how a try ended."""

    view: MailView
    attempt_words: dict[AttemptOutcome, str]


@router.get("/{municipality}/mail/{mail_id}")
def mail(request: Request, municipality: str, mail_id: str) -> Response:
    """Show one mail; another municipality's is not here at all."""
    view = mail_view(home_of(request).database, municipality, mail_id)
    page = MailPage(frame=framed(request, view.municipality, "mail"), view=view, attempt_words=ATTEMPT_WORDS)
    response = shown(request, "case_mail.html", page)
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


@router.get("/{municipality}/mail/{mail_id}/html")
def html(request: Request, municipality: str, mail_id: str) -> Response:
    """Give the mail's own page, for a frame that lets nothing in or out."""
    view = mail_view(home_of(request).database, municipality, mail_id)
    if not view.html:
        raise HTTPException(404)
    return HTMLResponse(view.html, headers={"Content-Security-Policy": PREVIEW_POLICY})
