"""Who stands behind a request for officials: what the journal calls them, what they may do, and where."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from styrhjul.db.model import UserRole
from styrhjul.web.sign_in.sign_in_words import roles_listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who may see pages for officials.

    `name` is what the journal writes as `by`. `municipality` is its short name; None for whoever sits at the
    embedded default: every municipality on the machine is theirs. What any of the roles may do, they may.
    """

    name: str
    roles: frozenset[UserRole]
    municipality: str | None
    user_id: str | None = None
    #: What an operator gave as reason, and until when in Swedish time the municipality stands open.
    reason: str | None = None
    until: str | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a session to end."""
        return self.municipality is not None

    @property
    def roles_in_words(self) -> str:
        """The roles as the header says them."""
        return roles_listed(self.roles)


#: Whoever sits at the machine of an embedded installation: no sign-in, every role.
AT_THE_MACHINE = Actor(name="kansliet", roles=frozenset(UserRole), municipality=None)


def actor_of(request: Request) -> Actor:
    """Return who asks; only where the route's permission is one for officials."""
    actor: Actor = request.state.actor
    return actor
