"""Who may do what: one table of every route. A route that does not stand here answers nobody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from config.settings import Settings, is_loopback
from styrhjul.web.session import OFFICIAL_COOKIE, opened_link, signer_of

MOST_FIELDS = 250
_READS = frozenset({"GET", "HEAD"})


class Permission(StrEnum):
    """What a caller must show."""

    PUBLIC = "public"  # nothing
    ANSWER_LINK = "answer_link"  # the cookie of an opened link, for that link's own form alone
    OFFICIAL = "official"  # part 4: a signed-in official; until then the embedded default on this machine
    EMBEDDED = "embedded"  # only the embedded default, on this machine


@dataclass(frozen=True, slots=True)
class Rule:
    """One route. `audit` is the journal's event when it changes something; None = it changes nothing."""

    method: str
    path: str
    permission: Permission
    audit: str | None = None


RULES = (
    Rule("GET", "/health/live", Permission.PUBLIC),
    Rule("GET", "/health/ready", Permission.PUBLIC),
    Rule("GET", "/health/work", Permission.PUBLIC),
    Rule("GET", "/favicon.ico", Permission.PUBLIC),
    Rule("GET", "/a/{token}", Permission.PUBLIC),  # the token is the key: it opens, and changes nothing
    Rule("GET", "/calendar/{token}.ics", Permission.PUBLIC),  # the same: it shows one post's days
    Rule("GET", "/answer/{link_id}", Permission.ANSWER_LINK),
    Rule("POST", "/answer/{link_id}/review", Permission.ANSWER_LINK),
    Rule("POST", "/answer/{link_id}/edit", Permission.ANSWER_LINK),
    Rule("POST", "/answer/{link_id}", Permission.ANSWER_LINK, audit="case_moved"),
    Rule("GET", "/answer/{link_id}/receipt", Permission.ANSWER_LINK),
    Rule("POST", "/answer/{link_id}/fresh-link", Permission.ANSWER_LINK, audit="mail_composed"),
    Rule("GET", "/", Permission.OFFICIAL),
    Rule("GET", "/inbox", Permission.EMBEDDED),
    Rule("GET", "/inbox/{name}", Permission.EMBEDDED),
    Rule("GET", "/inbox/{name}/html", Permission.EMBEDDED),
    Rule("POST", "/demo/turn", Permission.EMBEDDED, audit="the entries of the days it plays"),
    Rule("GET", "/{municipality}", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/mail", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/mail/samples", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/mail/samples/{key}", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/mail/samples/{key}/html", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/policy/{policy}", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/case/{case_id}", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/mail/{mail_id}/eml", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/mail/{mail_id}/pdf", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/case/{case_id}/answer/pdf", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/case/{case_id}/answer/json", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/case/{case_id}/mail", Permission.OFFICIAL),
    Rule("GET", "/{municipality}/case/{case_id}/mail/html", Permission.OFFICIAL),
)
_BY_ROUTE = {(rule.method, rule.path): rule for rule in RULES}


class NotOpened(Exception):
    """No opened link stands behind the request: the mail's link has to be opened (again)."""


class OfficialsOnly(Exception):
    """Pages for officials are shown only on the machine itself until there is a sign-in."""


class ForeignForm(Exception):
    """The form does not come from a page of ours, or its page is too old."""


def rule_for(method: str, path: str) -> Rule | None:
    """Return the rule of a route."""
    return _BY_ROUTE.get(("GET" if method == "HEAD" else method, path))


async def permitted(request: Request) -> None:
    """Refuse the request unless its rule lets it through; every route depends on this.

    Raises NotOpened, OfficialsOnly or ForeignForm. An opened link's token and language are left in
    `request.state.token` and `request.state.language`.
    """
    rule = rule_for(request.method, request.scope["route"].path)
    if rule is None:
        raise HTTPException(404)
    cookie = ""
    if rule.permission is Permission.ANSWER_LINK:
        cookie = _opened_link(request)
    elif rule.permission in (Permission.OFFICIAL, Permission.EMBEDDED):
        _refuse_strangers(request)
        cookie = request.cookies.get(OFFICIAL_COOKIE, "")
    if request.method not in _READS:
        await _refuse_foreign_form(request, cookie)


async def posted(request: Request) -> FormData:
    """Return the fields of the form; starlette reads them once."""
    return await request.form(max_files=0, max_fields=MOST_FIELDS)


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


def _opened_link(request: Request) -> str:
    opened = opened_link(request, request.path_params["link_id"])
    if opened is None:
        raise NotOpened
    request.state.token, request.state.language = opened.token, opened.language
    # Bound to the link, not to one sealing of it: the mail may be opened again while a form stands open.
    request.state.csrf = signer_of(request).csrf(opened.token)
    return opened.token


def _refuse_strangers(request: Request) -> None:
    headers = request.headers
    forwarded = any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    client = request.client.host if request.client else ""
    try:
        here = is_local(request.app.state.installation.settings, client, headers.get("host", ""), forwarded=forwarded)
    except ValueError:  # a host header that is none
        here = False
    if not here:
        raise OfficialsOnly


async def _refuse_foreign_form(request: Request, cookie: str) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignForm
    given = (await posted(request)).get("csrf")
    if not cookie or not isinstance(given, str) or not signer_of(request).is_csrf(cookie, given):
        raise ForeignForm
