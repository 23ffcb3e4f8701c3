"""A program with a key, and the client that carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from styrhjul.db.api_model import Scope
from styrhjul.services.api.token import NewToken, make_token
from tests.answer_world import NOW
from tests.web.conftest import here

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation


def key(home: Installation, municipality_id: str, *scopes: Scope, name: str = "Ärendesystemet") -> str:
    """Make a key; for everything unless told otherwise."""
    new = NewToken(name=name, scopes=frozenset(scopes or Scope))
    return make_token(home.database, municipality_id, new, by="Anna Ek", now=NOW).token


def program(home: Installation, token: str) -> TestClient:
    """A program on another machine."""
    return here(home, client=("192.0.2.7", 4711), headers={"Authorization": f"Bearer {token}"})
