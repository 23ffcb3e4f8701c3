"""The tables, their description and their documentation are one: a column that is added is in all of them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from styrhjul.reports.promise import (
    Promise,
    PublicAssessment,
    PublicGoal,
    PublicPolicy,
    PublicRound,
    RoundStanding,
)
from styrhjul.reports.promise_file import columns_json
from styrhjul.reports.promise_table import TABLES, DataTable, documented

DOCUMENTATION = Path(__file__).parents[2] / "docs/open-data.md"
ROWS = {
    "policies": PublicPolicy,
    "promises": Promise,
    "rounds": PublicRound,
    "goals": PublicGoal,
    "assessments": PublicAssessment,
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_documented(table: DataTable) -> None:
    assert documented(table).strip() in DOCUMENTATION.read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_every_field_of_its_rows(table: DataTable) -> None:
    assert [column.name for column in table.columns] == [field.name for field in fields(ROWS[table.name])]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_points_somewhere_points_at_a_key(table: DataTable) -> None:
    keys = {each.name: each.columns[0].name for each in TABLES}
    pointing = [column.points_at for column in table.columns if column.points_at]
    assert all(keys[to] == column for to, column in pointing)


def test_the_description_has_every_column_in_its_order() -> None:
    described = json.loads(columns_json("https://example.org/promises/x"))
    found = [[column["name"] for column in each["tableSchema"]["columns"]] for each in described["tables"]]
    assert found == [[column.name for column in table.columns] for table in TABLES]


def test_every_standing_is_explained() -> None:
    (standing,) = (column for table in TABLES for column in table.columns if column.name == "standing")
    assert all(f"{each} (" in standing.description for each in RoundStanding)
