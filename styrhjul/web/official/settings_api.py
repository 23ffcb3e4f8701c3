"""The keys that other programs call the API with: made, shown this once, and revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from styrhjul.db.api_model import Scope
from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.domain.field_fault import FieldError
from styrhjul.services.api.token import (
    USUAL_DAYS,
    MadeToken,
    NewToken,
    NoSuchToken,
    TokenLine,
    make_token,
    revoke_token,
    tokens_of,
)
from styrhjul.services.municipality.directory import NotHere, Refused, municipality_by
from styrhjul.web.actor import actor_of
from styrhjul.web.home import home_of
from styrhjul.web.official.frame import framed, shown
from styrhjul.web.official.settings_review import FormPage, Typed, fields_of, saved
from styrhjul.web.permission import posted

router = APIRouter()

_PATH = "/{municipality}/settings/api"
_FIELDS = ("name", "scopes", "days")
#: What a key may do, in words and with a remark.
SCOPES = {
    Scope.READ: ("läsa", "Allt som en tjänsteperson får se i Styrhjul, även namn och tjänsteadresser."),
    Scope.ANSWER: ("svara i ärenden", "Lämna in ett organs svar, till exempel när ärendesystemet har protokollet."),
    Scope.IMPORT: ("läsa in uppdrag och möten", "Byta ut listorna över organ, uppdrag, personer och sammanträden."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage(FormPage):
    """The keys and the form for a new one. `made` is the one that was just made: it is shown this once."""

    now: datetime
    tokens: tuple[TokenLine, ...]
    made: MadeToken | None
    scopes = SCOPES

    @property
    def open(self) -> tuple[TokenLine, ...]:
        """Those that hold."""
        return tuple(token for token in self.tokens if token.is_open(self.now))

    @property
    def ended(self) -> tuple[TokenLine, ...]:
        """Those that do not any more."""
        return tuple(token for token in self.tokens if not token.is_open(self.now))

    def listed(self, token: TokenLine | MadeToken) -> str:
        """What a key may do, in words."""
        return ", ".join(SCOPES[scope][0] for scope in token.scopes)


@router.get(_PATH)
def api(request: Request, municipality: str) -> Response:
    """Show the keys."""
    return _page(request, municipality_by(home_of(request).database, municipality), {"days": [str(USUAL_DAYS)]})


@router.post(_PATH)
def make(request: Request, municipality: str, fields: Annotated[FormData, Depends(posted)]) -> Response:
    """Make a key and show it."""
    home, typed = home_of(request), fields_of(fields, _FIELDS)
    line = municipality_by(home.database, municipality)
    try:
        new = NewToken(name=_one(typed, "name"), scopes=_scopes(typed), days=_days(_one(typed, "days")))
        by = actor_of(request).name
        made = make_token(home.database, line.municipality_id, new, by=by, now=home.clock.now())
    except Refused as refused:
        return _page(request, line, typed, error=refused.error)
    return _page(request, line, {"days": [str(USUAL_DAYS)]}, made=made)


@router.post(f"{_PATH}/{{token_id}}/revoke")
def revoke(request: Request, municipality: str, token_id: str) -> Response:
    """End a key."""
    home = home_of(request)
    line = municipality_by(home.database, municipality)
    try:
        revoke_token(home.database, line.municipality_id, token_id, by=actor_of(request).name, now=home.clock.now())
    except NoSuchToken:
        raise NotHere from None
    return saved(request, f"/{municipality}/settings/api", "Nyckeln gäller inte längre.")


def _one(typed: Typed, name: str) -> str:
    return next(iter(typed[name]), "")


def _scopes(typed: Typed) -> frozenset[Scope]:
    return frozenset(scope for scope in Scope if scope.value in typed["scopes"])


def _days(text: str) -> int:
    """Return the number; 0, which is refused, for what is none."""
    bare = text.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 4 else 0


def _page(
    request: Request,
    line: MunicipalityLine,
    typed: Typed,
    *,
    error: FieldError | None = None,
    made: MadeToken | None = None,
) -> Response:
    home = home_of(request)
    page = ApiPage(
        frame=framed(request, line, "settings"),
        typed=typed,
        errors=(error,) if error else (),
        now=home.clock.now(),
        tokens=tuple(tokens_of(home.database, line.municipality_id)),
        made=made,
    )
    return shown(request, "settings_api.html", page, status=422 if error else 200)
