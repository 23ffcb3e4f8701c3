"""The inbox of the embedded default: every mail that would have left, to be read and answered by a newcomer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from styrhjul.mail.catch import Catcher, Caught
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import OfficialPage, framed, shown
from styrhjul.web.security import MAIL_POLICY

router = APIRouter()
MAILS_PER_PAGE = 50
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage(OfficialPage):
    """A page of caught mails, newest first."""

    mails: tuple[Caught, ...]
    total: int
    page: int
    has_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtPage(OfficialPage):
    """One caught mail."""

    mail: Caught
    text: Markup


@router.get("/inbox")
def inbox(request: Request, page: str = "1") -> Response:
    """List the caught mails."""
    number = _number(page)
    catcher = _catcher(request)
    names = catcher.names()
    wanted = names[(number - 1) * MAILS_PER_PAGE : number * MAILS_PER_PAGE]
    listed = InboxPage(
        frame=framed(request, None, "inbox"),
        mails=tuple(mail for name in wanted if (mail := catcher.message(name))),
        total=len(names),
        page=number,
        has_next=number * MAILS_PER_PAGE < len(names),
    )
    return shown(request, "inbox.html", listed)


@router.get("/inbox/{name}")
def read(request: Request, name: str) -> Response:
    """Show one mail: as it looks, as text, and with its headers."""
    mail = _mail(request, name)
    caught = CaughtPage(
        frame=framed(request, None, "inbox"),
        mail=mail,
        text=with_links(mail.text),
    )
    return shown(request, "inbox_mail.html", caught)


@router.get("/inbox/{name}/html")
def html(request: Request, name: str) -> Response:
    """Give the mail's own page, for a frame that lets nothing in or out but a click on a link."""
    mail = _mail(request, name)
    if not mail.html:
        raise HTTPException(404)
    page = re.sub(r"(<head\b[^>]*>)", r'\1<base target="_top">', mail.html, count=1, flags=re.IGNORECASE)
    return HTMLResponse(page, headers={"Content-Security-Policy": MAIL_POLICY})


def with_links(text: str) -> Markup:
    """Return a mail's text with its addresses as links; everything else is escaped."""
    parts, position = [], 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,;:)")
        parts += [escape(text[position : found.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        position = found.start() + len(address)
    return Markup("").join([*parts, escape(text[position:])])


def _mail(request: Request, name: str) -> Caught:
    mail = _catcher(request).message(name)
    if mail is None:
        raise HTTPException(404)
    return mail


def _number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _catcher(request: Request) -> Catcher:
    return Catcher(home_of(request).settings.data_dir / "mail")
