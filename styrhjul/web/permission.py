"""Whether whoever asks may: what each rule of `rules.py` demands, and that no foreign page posts for anybody."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from config.settings import Settings, is_loopback
from styrhjul.domain.moment import STOCKHOLM
from styrhjul.services.foundation.limit import caller_name
from styrhjul.services.sign_in.session import find_session
from styrhjul.web.actor import AT_THE_MACHINE, Actor, actor_of
from styrhjul.web.home import home_of
from styrhjul.web.program import NoKey, NotInScope, admitted
from styrhjul.web.rate import Rate
from styrhjul.web.rules import GRANTED, RULES, SCOPES, Permission, Rule, Whose
from styrhjul.web.security import MOST_BYTES
from styrhjul.web.session import form_key, opened_link, session_token, signer_of

MOST_FIELDS = 250
_READS = frozenset({"GET", "HEAD"})


_BY_ROUTE = {(rule.method, rule.path): rule for rule in RULES}
_LARGE = tuple(
    (rule.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", rule.path)), rule.most_bytes)
    for rule in RULES
    if rule.most_bytes > MOST_BYTES
)


class NotOpened(Exception):
    """No opened link stands behind the request: the mail's link has to be opened (again)."""


class OfficialsOnly(Exception):
    """Pages for officials are shown to whoever has signed in, and at the machine of an embedded installation."""


class NotYourRole(Exception):
    """The caller is signed in, and none of their roles may do this."""


class ForeignForm(Exception):
    """The form does not come from a page of ours, or its page is too old."""


def rule_for(method: str, path: str) -> Rule | None:
    """Return the rule of a route."""
    return _BY_ROUTE.get(("GET" if method == "HEAD" else method, path))


def most_bytes(method: str, path: str) -> int:
    """Return how large a body a path takes, before any route is looked up."""
    return next((most for known, pattern, most in _LARGE if known == method and pattern.fullmatch(path)), MOST_BYTES)


async def permitted(request: Request) -> None:
    """Refuse the request unless its rule lets it through; every route depends on this.

    Raises NotOpened, OfficialsOnly, NotYourRole, TooFast or ForeignForm; of a program NoKey or NotInScope. An opened
    link's token and language are left in `request.state.token` and `request.state.language`, an official in
    `request.state.actor`, a program in `request.state.program`.
    """
    rule = rule_for(request.method, request.scope["route"].path)
    if rule is None:
        raise HTTPException(404)
    if rule.whose is Whose.TOKEN:
        await _refuse_program(request, rule)
        return
    cookie = ""
    if rule.permission is Permission.ANSWER_LINK:
        cookie = _opened_link(request)
    elif rule.permission in (Permission.SIGN_IN, Permission.PUBLIC):
        cookie = form_key(request)
    else:
        request.state.actor = await run_in_threadpool(_actor, request)
        _refuse_what_is_not_theirs(request, rule)
        cookie = form_key(request)
    request.app.state.tally.refuse_often(rule.rate, _caller(request))
    if request.method not in _READS:
        await _refuse_foreign_form(request, cookie)


async def posted(request: Request) -> AsyncIterator[FormData]:
    """Give the fields of the form, and close the file in it afterwards, whatever happened."""
    form = await _form_of(request)
    try:
        yield form
    finally:
        await form.close()


async def _form_of(request: Request) -> FormData:
    """Return the fields; starlette reads them once. Only a route that is declared for it takes a file."""
    rule = rule_for(request.method, request.scope["route"].path)
    most_files = rule.most_files if rule is not None and rule.rate is Rate.UPLOAD else 0
    return await request.form(max_files=most_files, max_fields=MOST_FIELDS)


def may(actor: Actor, method: str, path: str) -> bool:
    """Whether somebody may call a route, named by its pattern; False for one that is not declared."""
    rule = rule_for(method, path)
    return rule is not None and bool(actor.roles & GRANTED.get(rule.permission, frozenset()))


def is_local(settings: Settings, client: str, host: str, *, forwarded: bool) -> bool:
    """Whether somebody at this very machine asks an embedded installation.

    A proxy on the same machine, or a name that a foreign page has pointed here, does not count.
    """
    allowed = {urlsplit(settings.base_url).hostname, "localhost", "127.0.0.1", "::1"}
    name = urlsplit(f"//{host}").hostname
    return settings.is_embedded and not forwarded and _is_this_machine(client) and name in allowed


def _is_this_machine(client: str) -> bool:
    try:
        return is_loopback(client) or ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False


def _caller(request: Request) -> str:
    """Return whom a call is counted for: the session, else the opened link, else the address.

    Only what has been found to be ours counts: what anybody can make up anew for each call would count for nothing.
    """
    if (program := getattr(request.state, "program", None)) is not None:
        return f"program {program.token_id}"
    if getattr(request.state, "signed_in", None) is not None:
        return f"session {session_token(request)}"
    if token := getattr(request.state, "token", ""):
        return f"link {token}"
    return f"address {caller_name(request.client.host if request.client else '')}"


def _opened_link(request: Request) -> str:
    opened = opened_link(request, request.path_params["link_id"])
    if opened is None:
        raise NotOpened
    request.state.token, request.state.language = opened.token, opened.language
    # Bound to the link, not to one sealing of it: the mail may be opened again while a form stands open.
    request.state.csrf = signer_of(request).csrf(opened.token)
    return opened.token


async def _refuse_program(request: Request, rule: Rule) -> None:
    """Refuse a call whose key is none, or is not for this; whoever guesses at keys is told to wait.

    A browser sends no such header by itself, so no foreign page can call in anybody's place.
    """
    tally = request.app.state.tally
    found = await run_in_threadpool(admitted, request)
    if found is None:
        tally.refuse_often(Rate.KEY, _caller(request))
        raise NoKey
    request.state.program = found
    tally.refuse_often(rule.rate, _caller(request))
    if SCOPES[rule.permission] not in found.scopes:
        raise NotInScope


def _actor(request: Request) -> Actor:
    """Return who asks: who has signed in here, else whoever sits at the machine. Raises OfficialsOnly for a stranger.

    A signed-in one is left in `request.state.signed_in`; forms then go with the session and nothing else.
    """
    home = home_of(request)
    token = session_token(request)
    found = find_session(home.database, token, home.clock.now()) if token else None
    if found is None:
        if not is_here(request):
            raise OfficialsOnly
        return AT_THE_MACHINE
    request.state.signed_in, request.state.form_key = found, token
    return Actor(
        name=found.name,
        roles=found.roles,
        municipality=found.slug,
        user_id=found.user_id,
        reason=found.reason,
        until=f"{found.ends_at.astimezone(STOCKHOLM):%H.%M}",
    )


def _refuse_what_is_not_theirs(request: Request, rule: Rule) -> None:
    """Refuse a role that may not, and say of another municipality that it is not here."""
    actor = actor_of(request)
    if rule.permission is Permission.EMBEDDED:
        if not is_here(request):
            raise HTTPException(404)
        return
    if rule.whose is Whose.PATH and actor.municipality not in (None, request.path_params["municipality"]):
        raise HTTPException(404)
    if not actor.roles & GRANTED[rule.permission]:
        raise NotYourRole


def is_here(request: Request) -> bool:
    """Whether whoever asks sits at the machine of an embedded installation."""
    headers = request.headers
    forwarded = any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    client = request.client.host if request.client else ""
    try:
        return is_local(home_of(request).settings, client, headers.get("host", ""), forwarded=forwarded)
    except ValueError:  # a host header that is none
        return False


async def _refuse_foreign_form(request: Request, cookie: str) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignForm
    form = await _form_of(request)
    given = form.get("csrf")
    if not cookie or not isinstance(given, str) or not signer_of(request).is_csrf(cookie, given):
        await form.close()
        raise ForeignForm
