"""The tables of open data: CSV files, their CSVW description and the documentation all say what the rows' fields say.

A column is never renamed and never means something else; one may be added last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from types import NoneType
from typing import get_args, get_origin, get_type_hints

from styrhjul.reports.promise import (
    Promise,
    PublicAssessment,
    Publication,
    PublicGoal,
    PublicPolicy,
    PublicRound,
    Said,
    said_of,
)

#: Between several things in one cell.
SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Column:
    """`datatype` is XML Schema's, by its CSVW name; `points_at` names the table and column that a value is found in."""

    name: str
    title: str
    description: str
    datatype: str
    is_list: bool
    is_required: bool
    points_at: tuple[str, str] | None


def _columns(row: type) -> tuple[Column, ...]:
    """Return a column for each field of a kind of row; what may be None, empty or no thing at all is not required."""
    types = get_type_hints(row)
    return tuple(_column(each.name, types[each.name], said_of(each)) for each in fields(row))


def _column(name: str, of: object, said: Said) -> Column:
    is_list, kinds = get_origin(of) is tuple, get_args(of) or (of,)
    return Column(
        name=name,
        title=said.title,
        description=said.description,
        datatype="date" if date in kinds else "string",
        is_list=is_list,
        is_required=not (is_list or NoneType in kinds or said.may_be_empty),
        points_at=said.points_at,
    )


@dataclass(frozen=True, slots=True)
class DataTable:
    """A file of rows of one kind; its first column is the key. `name` is the publication's field."""

    name: str
    title: str
    row: type
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", _columns(self.row))

    def rows(self, publication: Publication) -> Sequence[object]:
        """Return what stands in it."""
        found: Sequence[object] = getattr(publication, self.name)
        return found


TABLES = (
    DataTable("policies", "Styrdokument som gäller", PublicPolicy),
    DataTable("promises", "Vad som har lovats", Promise),
    DataTable("rounds", "Vem som har tillfrågats, och hur långt det har kommit", PublicRound),
    DataTable("goals", "Mål som har beslutats", PublicGoal),
    DataTable("assessments", "Hur det gick", PublicAssessment),
)


def documented(table: DataTable) -> str:
    """Return a table's columns as docs/open-data.md tells of them, in Markdown."""
    lines = [f"### `{table.name}`: {table.title}", "", "| column | titel | typ | vad det är |", "|---|---|---|---|"]
    for column in table.columns:
        kind = f"{column.datatype}, flera" if column.is_list else column.datatype
        must = ", alltid" if column.is_required else ""
        at = f" Finns i `{'.'.join(column.points_at)}`." if column.points_at else ""
        lines.append(f"| `{column.name}` | {column.title} | {kind}{must} | {column.description}{at} |")
    return "\n".join([*lines, ""])
