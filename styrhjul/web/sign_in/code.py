"""Signing in by a code in a mail: say who you are, type six digits. And signing out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from styrhjul.domain.field_fault import FieldError
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.foundation.address import address_fault
from styrhjul.services.foundation.limit import CODES_TO_CALLER, TRIES_OF_CALLER
from styrhjul.services.sign_in.code import CODE_LASTS, ProviderOnly, ask_for_code, try_code
from styrhjul.services.sign_in.oidc import WayIn, ways_in
from styrhjul.services.sign_in.session import sign_out
from styrhjul.web.home import home_of
from styrhjul.web.permission import posted
from styrhjul.web.session import SESSION_COOKIE, drop_cookie, flash_of, host_cookie, keep_cookie, set_flash, signer_of
from styrhjul.web.sign_in import sign_in_words as said
from styrhjul.web.sign_in.next_page import safe_next
from styrhjul.web.sign_in.page import CodePage, SignInPage, count_caller, csrf_of, let_in, shown

router = APIRouter()

REQUEST_COOKIE = "styrhjul-code"
_PURPOSE = "sign-in code"
_TEN_MINUTES = int(CODE_LASTS.total_seconds())


@router.get("/sign-in")
def sign_in(request: Request, next: str = "/", municipality: str = "") -> Response:  # noqa: A002 - the address says so
    """Ask who wants in. A page that was asked for tells of which municipality."""
    return _asked(request, next, municipality=municipality or safe_next(next).split("/")[1].partition("?")[0])


@router.get("/login")
@router.get("/logga-in")
def sign_in_typed() -> Response:
    """Lead whoever typed the address from memory to where one signs in."""
    return RedirectResponse("/sign-in", status_code=303)


@router.post("/sign-in")
def send_code(request: Request, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Send a code to whoever has the address, and go on to where it is typed, whether anybody has it or not."""
    count_caller(request, CODES_TO_CALLER)
    home, wanted = home_of(request), str(fields.get("next", "/"))
    slug, address = str(fields.get("municipality", "")), str(fields.get("address", "")).strip()
    ways = {way.slug: way for way in ways_in(home.database)}
    errors = tuple(_wrong(ways, slug, address))
    if not errors:
        try:
            request_id = ask_for_code(
                home.database,
                home.mailroom,
                home.sign_in_key,
                municipality_id=ways[slug].municipality_id,
                address=address,
                now=home.clock.now(),
            )
        except ProviderOnly:
            errors = (FieldError("municipality", said.OWN_ACCOUNT),)
        else:
            return _on_the_way(request, ways[slug], request_id, address, wanted)
    return _asked(request, wanted, municipality=slug, address=address, errors=errors)


@router.get("/sign-in/code")
def code(request: Request) -> Response:
    """Show where the code is typed, in the browser that asked for it."""
    asked = _request_of(request)
    return _code_page(request, asked) if asked else RedirectResponse("/sign-in", status_code=303)


@router.post("/sign-in/code")
def try_it(request: Request, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Try the code; the right one lets in, once."""
    count_caller(request, TRIES_OF_CALLER)
    home, asked = home_of(request), _request_of(request)
    if asked is None:
        return RedirectResponse("/sign-in", status_code=303)
    given = "".join(str(fields.get("code", "")).split())
    if not (given.isdecimal() and given.isascii() and len(given) == said.DIGITS):
        return _code_page(request, asked, said.NO_CODE)
    tried = try_code(
        home.database,
        home.sign_in_key,
        municipality_id=asked["municipality"],
        request_id=asked["request"],
        given=given,
        now=home.clock.now(),
    )
    if tried.token is None:
        return _code_page(request, asked, said.wrong_code(tried.tries_left))
    response = let_in(request, tried.token, asked["next"])
    drop_cookie(response, signer_of(request), REQUEST_COOKIE)
    return response


@router.post("/sign-out")
def leave(request: Request) -> Response:
    """End the session, here and in the database."""
    home = home_of(request)
    signed_in = getattr(request.state, "signed_in", None)
    if signed_in is not None:
        sign_out(home.database, signed_in, home.clock.now())
    response = RedirectResponse("/sign-in", status_code=303)
    drop_cookie(response, signer_of(request), SESSION_COOKIE)
    set_flash(request, response, said.SIGNED_OUT)
    return response


def _wrong(ways: dict[str, WayIn], slug: str, address: str) -> list[FieldError]:
    wrong = [] if slug in ways else [FieldError("municipality", said.NO_MUNICIPALITY)]
    if not address:
        wrong.append(FieldError("address", said.NO_ADDRESS))
    elif fault := address_fault(address):
        wrong.append(FieldError("address", fault))
    return wrong


def _asked(
    request: Request,
    wanted: str,
    *,
    municipality: str = "",
    address: str = "",
    errors: tuple[FieldError, ...] = (),
) -> Response:
    ways = tuple(ways_in(home_of(request).database))
    chosen = next((way for way in ways if way.slug == municipality), ways[0] if len(ways) == 1 else None)
    page = SignInPage(
        ways=ways,
        chosen=chosen,
        csrf=csrf_of(request),
        next=safe_next(wanted),
        flash=flash_of(request),
        municipality=chosen.slug if chosen else "",
        address=address,
        errors=errors,
    )
    return shown(request, "sign_in.html", page, status=422 if errors else 200)


def _on_the_way(request: Request, way: WayIn, request_id: str, address: str, wanted: str) -> Response:
    """Seal what the browser carries to the next page: the request's id and what it may show, but no code."""
    signer, now = signer_of(request), home_of(request).clock.now()
    sealed = signer.seal(
        _PURPOSE,
        {
            "municipality": way.municipality_id,
            "slug": way.slug,
            "name": way.name,
            "request": request_id,
            "sent_to": said.masked(address),
            "sent_at": now.isoformat(),
            "next": safe_next(wanted),
        },
    )
    response = RedirectResponse("/sign-in/code", status_code=303)
    keep_cookie(response, signer, REQUEST_COOKIE, sealed, seconds=_TEN_MINUTES)
    return response


def _request_of(request: Request) -> dict[str, Any] | None:
    signer = signer_of(request)
    return signer.unseal(_PURPOSE, request.cookies.get(host_cookie(signer, REQUEST_COOKIE), ""))


def _code_page(request: Request, asked: dict[str, Any], wrong: str = "") -> Response:
    sent_at = datetime.fromisoformat(asked["sent_at"]).astimezone(STOCKHOLM)
    page = CodePage(
        name=asked["name"],
        sent_to=asked["sent_to"],
        sent_at=f"{sent_at:%H.%M}",
        again=f"/sign-in?{urlencode({'municipality': asked['slug'], 'next': asked['next']})}",
        csrf=csrf_of(request),
        errors=(FieldError("code", wrong),) if wrong else (),
    )
    return shown(request, "sign_in_code.html", page, status=422 if wrong else 200)
