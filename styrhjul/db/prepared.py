"""Statements built once and asked many times: a tenth of what the same question costs through the session.

They keep within the municipality as everything else does: what is read is filtered, what is written is looked through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVarTuple

from sqlalchemy import Connection, Delete, Insert, Row, Select, Table, Update, bindparam
from sqlalchemy.orm import Session

from styrhjul.db.compiled import Compiled
from styrhjul.db.many import Many
from styrhjul.db.session import OWN, WITHIN, ForeignMunicipality, MunicipalitySession, NotScoped, municipality_of

Ts = TypeVarTuple("Ts")


class Reading(Generic[*Ts]):
    """A question about columns of the session's own municipality, its values given by name as bind parameters.

    Never about whole entities: what it gives back are plain rows that no session knows.
    """

    def __init__(self, question: Select[*Ts]) -> None:
        if question._propagate_attrs.get("compile_state_plugin") != "orm":  # noqa: SLF001 - as Session itself asks
            raise NotScoped(str(question))  # a bare table is not filtered
        self._asked = str(question)
        self._everywhere = Compiled(question)
        self._within = Compiled(question.options(WITHIN))

    def rows(self, session: Session, **values: object) -> Sequence[Row[*Ts]]:
        """Return the rows as they stand with everything the session has not written yet."""
        session.flush()
        return self._within.rows(session.connection(), values | {OWN: municipality_of(session)})

    def everywhere(self, session: Session, **values: object) -> Sequence[Row[*Ts]]:
        """Return every municipality's rows; NotScoped in a session that is bound to one."""
        if isinstance(session, MunicipalitySession):
            raise NotScoped(self._asked)
        session.flush()
        return self._everywhere.rows(session.connection(), values)


class Change:
    """An UPDATE or DELETE within the session's own municipality. Rows that the session holds are not refreshed."""

    def __init__(self, change: Update | Delete) -> None:
        table = change.table
        if not isinstance(table, Table):
            raise TypeError("a change is of one table")
        _refuse_stated_owner(change)
        self._change = Compiled(change.where(table.c.municipality_id == bindparam(OWN)))

    def make(self, session: Session, *changes: Mapping[str, object]) -> None:
        """Make the change once for each set of values."""
        if changes:
            own = {OWN: municipality_of(session)}
            session.flush()
            self._change.run(session.connection(), [{**each, **own} for each in changes])

    def counted(self, session: Session, **values: object) -> int:
        """Make the change once; return how many rows it met."""
        session.flush()
        return self._change.run(session.connection(), [{**values, OWN: municipality_of(session)}])


class Addition:
    """An INSERT into one table, of rows that all have the same columns."""

    def __init__(self, addition: Insert) -> None:
        _refuse_stated_owner(addition)
        self._table = str(addition.table)
        self._many = Many(addition)

    def make(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
        """Insert the rows; return how many it met.

        Raises ForeignMunicipality, before anything is written, for one of another municipality.
        """
        return self._many.add(self._ready(session, rows), rows) if rows else 0

    def returned(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Insert the rows as `make`; return the first column of what the statement returns."""
        return [row[0] for row in self._many.returned(self._ready(session, rows), rows)] if rows else []

    def _ready(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> Connection:
        if isinstance(session, MunicipalitySession):
            own = municipality_of(session)
            if any(row["municipality_id"] != own for row in rows):
                raise ForeignMunicipality(self._table)
        session.flush()
        return session.connection()


def _refuse_stated_owner(statement: Insert | Update | Delete) -> None:
    """Whose a row is stands in the row itself, where it is looked at; not in the statement."""
    stated: Any = statement
    values = getattr(stated, "_values", None) or {}
    if getattr(stated, "_multi_values", ()) or getattr(stated, "select", None) is not None:
        raise NotScoped(type(statement).__name__)
    if any(getattr(column, "key", column) == "municipality_id" for column in values):
        raise NotScoped(type(statement).__name__)
