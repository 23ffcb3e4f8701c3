"""Whether row-level security holds for the database user that the program runs as; PostgreSQL only."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from styrhjul.db.row_security import WITHOUT


class Freedom(StrEnum):
    """Why a policy would not hold for a user."""

    SUPERUSER = "superuser"
    BYPASSES = "bypasses"
    MAKES_USERS = "makes_users"  # and so could become the tables' owner
    OWNS = "owns"  # itself, or as a member of whoever does
    UNGUARDED = "unguarded"  # a table of a municipality has no policy, or not for its owner


_USER = text(
    "SELECT rolsuper, rolbypassrls, rolcreaterole, EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'MEMBER'))"
    " FROM pg_roles WHERE rolname = current_user"
)
_UNGUARDED = text(
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality_id'"
    " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace"
    " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND c.relname <> ALL(:without))"
)


def freedoms(session: Session) -> frozenset[Freedom]:
    """Return what lets the session's user past row-level security; nothing = it holds. Asks PostgreSQL twice."""
    found = dict(zip(list(Freedom)[:4], session.execute(_USER).one(), strict=True))
    found[Freedom.UNGUARDED] = session.scalar(_UNGUARDED, {"without": list(WITHOUT)})
    return frozenset(freedom for freedom, has in found.items() if has)
