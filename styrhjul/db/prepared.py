"""Statements built once and asked many times: a tenth of what the same question costs through the session.

They keep within the municipality as everything else does: what is read is filtered, what is written is looked through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVarTuple

from sqlalchemy import Delete, Row, Select, Table, Update, bindparam, insert
from sqlalchemy.orm import Session, with_loader_criteria

from styrhjul.db.model import Base, OfMunicipality
from styrhjul.db.session import ForeignMunicipality, municipality_of

_OWN = "own_municipality_id"
_WITHIN = with_loader_criteria(
    OfMunicipality, lambda row: row.municipality_id == bindparam("own_municipality_id"), include_aliases=True
)

Ts = TypeVarTuple("Ts")


class Reading(Generic[*Ts]):
    """A question about columns of the session's own municipality, its values given by name as bind parameters.

    Never about whole entities: what it gives back are plain rows that no session knows.
    """

    def __init__(self, question: Select[*Ts]) -> None:
        self._question = question.options(_WITHIN)

    def rows(self, session: Session, **values: object) -> Sequence[Row[*Ts]]:
        """Return the rows as they stand with everything the session has not written yet."""
        session.flush()
        return session.connection().execute(self._question, values | {_OWN: municipality_of(session)}).all()


class Change:
    """An UPDATE or DELETE within the session's own municipality. Rows that the session holds are not refreshed."""

    def __init__(self, change: Update | Delete) -> None:
        table = change.table
        if not isinstance(table, Table):
            raise TypeError("a change is of one table")
        self._change = change.where(table.c.municipality_id == bindparam(_OWN))

    def make(self, session: Session, *changes: Mapping[str, object]) -> None:
        """Make the change once for each set of values."""
        if changes:
            own = {_OWN: municipality_of(session)}
            session.flush()
            session.connection().execute(self._change, [{**each, **own} for each in changes])


class Entry:
    """An INSERT of rows of one table, all with the same columns."""

    def __init__(self, table: type[Base], statement: Any = None) -> None:  # noqa: ANN401 - an insert of any kind
        self._insert = insert(table.__table__) if statement is None else statement  # type: ignore[arg-type]

    def make(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert the rows as the session's own municipality's. Raises ForeignMunicipality for another's."""
        own = municipality_of(session)
        every = [{"municipality_id": own, **row} for row in rows]
        if any(row["municipality_id"] != own for row in every):
            raise ForeignMunicipality(str(self._insert.table.name))
        if every:
            session.flush()
            session.connection().execute(self._insert, every)
