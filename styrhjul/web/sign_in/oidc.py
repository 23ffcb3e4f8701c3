"""Signing in with the municipality's own account: to its sign-in service and back (OpenID Connect, code with PKCE)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from styrhjul.mail.seal import SealBroken
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.foundation.limit import ONE_JOURNEY, PROVIDER_BY_CALLER, is_within
from styrhjul.services.foundation.secret import is_same
from styrhjul.services.sign_in.oidc import NotAUser, WayIn, let_in_by_address, provider_of, ways_in
from styrhjul.services.sign_in.provider import AnswerRefused, Journey, Provider, ProviderDown, Providers
from styrhjul.web.error import ErrorPage
from styrhjul.web.home import home_of
from styrhjul.web.page import show
from styrhjul.web.session import drop_cookie, host_cookie, keep_cookie, signer_of
from styrhjul.web.sign_in.next_page import safe_next
from styrhjul.web.sign_in.page import count_caller, let_in

router = APIRouter()
log = structlog.get_logger()

JOURNEY_COOKIE = "styrhjul-oidc"
_PURPOSE = "sign-in journey"
_TEN_MINUTES = 600
_DOWN = ErrorPage(
    heading="Kommunens inloggning svarar inte",
    text="Du är inte inloggad. Felet ligger hos kommunens inloggningstjänst eller på vägen dit. "
    "Försök igen om en stund. Den som redan är inloggad påverkas inte.",
)
_REFUSED = ErrorPage(
    heading="Inloggningen gick inte att kontrollera",
    text="Du är inte inloggad. Svaret från kommunens inloggningstjänst stämmer inte med det vi frågade efter. "
    "Börja om från sidan Logga in. Händer det igen, säg till den som administrerar Styrhjul hos er.",
)
_NOT_A_USER = ErrorPage(
    heading="Du är inte användare här",
    text="Kommunens inloggningstjänst känner dig, men du är inte tillagd i Styrhjul. "
    "Den som administrerar Styrhjul hos er kan lägga till dig.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """A municipality's service, and where it sends the browser back to."""

    way: WayIn
    provider: Provider
    redirect_uri: str


@router.get("/sign-in/oidc/{municipality}")
def begin(request: Request, municipality: str, next: str = "/") -> Response:  # noqa: A002 - the address says so
    """Send the browser to the service, with what it must bring back sealed in a cookie. Changes nothing here."""
    count_caller(request, PROVIDER_BY_CALLER)
    there, journey = _there(request, municipality), Journey.new()
    try:
        address = there.provider.address(journey, there.redirect_uri, home_of(request).clock.now())
    except ProviderDown as down:
        return _down(there, down)
    signer, response = signer_of(request), RedirectResponse(address, status_code=303)
    content = {"municipality": there.way.municipality_id, "next": safe_next(next)}
    journeyed = {"state": journey.state, "nonce": journey.nonce, "verifier": journey.verifier}
    journeyed["at"] = home_of(request).clock.now().isoformat()
    sealed = signer.seal(_PURPOSE, content | journeyed)
    keep_cookie(response, signer, JOURNEY_COOKIE, sealed, seconds=_TEN_MINUTES)
    return response


@router.get("/sign-in/oidc/{municipality}/callback")
def come_back(request: Request, municipality: str) -> Response:
    """Believe the service as far as it proves what it says, and let its user in; one journey, one try."""
    count_caller(request, PROVIDER_BY_CALLER)
    there = _there(request, municipality)
    try:
        response = _believed(request, there)
    except ProviderDown as down:
        response = _down(there, down)
    except AnswerRefused as refused:
        log.warning("sign_in_refused", municipality=there.way.municipality_id, reason=str(refused))
        response = show("error.html", _REFUSED, status=403)
    except NotAUser:
        response = show("error.html", _NOT_A_USER, status=403)
    drop_cookie(response, signer_of(request), JOURNEY_COOKIE)
    return response


def _believed(request: Request, there: _There) -> Response:
    home, signer = home_of(request), signer_of(request)
    kept = signer.unseal(_PURPOSE, request.cookies.get(host_cookie(signer, JOURNEY_COOKIE), ""))
    given = request.query_params
    if kept is None or kept["municipality"] != there.way.municipality_id:
        raise AnswerRefused("no journey of this browser")
    if not is_same(kept["state"], given.get("state", "")):
        raise AnswerRefused("another state")
    if given.get("iss", there.provider.settings.issuer) != there.provider.settings.issuer:
        raise AnswerRefused("another issuer answers")  # RFC 9207
    if "error" in given or not given.get("code"):
        raise AnswerRefused("the service gave no code")
    journey = Journey(state=kept["state"], nonce=kept["nonce"], verifier=kept["verifier"])
    now = home.clock.now()
    _refuse_over(home, kept, now)
    address = there.provider.vouched_address(given["code"], journey, there.redirect_uri, now)
    return let_in(request, let_in_by_address(home.database, there.way.municipality_id, address, now), kept["next"])


def _refuse_over(home: Installation, kept: Mapping[str, str], now: datetime) -> None:
    """Refuse a journey that is old or has been made: a copied cookie lives on, and a service may give a code twice."""
    if not timedelta() <= now - datetime.fromisoformat(kept["at"]) < timedelta(seconds=_TEN_MINUTES):
        raise AnswerRefused("an old journey")
    if not is_within(home.database, home.sign_in_key, ONE_JOURNEY, kept["state"], now):
        raise AnswerRefused("a journey that is over")


def _there(request: Request, slug: str) -> _There:
    """Return a municipality's service; one that has none is not here at all."""
    home, providers = home_of(request), request.app.state.providers
    way = next((way for way in ways_in(home.database) if way.slug == slug and way.has_provider), None)
    if way is None or not isinstance(providers, Providers):
        raise HTTPException(404)
    try:
        settings = provider_of(home.database, home.mailroom.sealer, way.municipality_id)
    except SealBroken:
        log.exception("oidc_secret_not_opened", municipality=way.municipality_id)
        raise HTTPException(500) from None
    if settings is None:
        raise HTTPException(404)
    return _There(
        way=way,
        provider=providers.of(way.municipality_id, settings),
        redirect_uri=f"{home.settings.base_url}/sign-in/oidc/{way.slug}/callback",
    )


def _down(there: _There, down: ProviderDown) -> Response:
    log.warning("sign_in_service_down", municipality=there.way.municipality_id, reason=str(down))
    return show("error.html", _DOWN, status=503)
