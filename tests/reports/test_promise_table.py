"""The tables, their description and their documentation are one: a column that is added is in all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from styrhjul.reports.promise import RoundStanding
from styrhjul.reports.promise_file import columns_json
from styrhjul.reports.promise_table import TABLES, DataTable, documented

DOCUMENTATION = Path(__file__).parents[2] / "docs/open-data.md"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_documented(table: DataTable) -> None:
    assert documented(table).strip() in DOCUMENTATION.read_text(encoding="utf-8")


def test_what_a_column_must_hold_follows_from_its_type() -> None:
    columns = {(table.name, column.name): column for table in TABLES for column in table.columns}
    kinds = {
        name: (column.datatype, column.is_list, column.is_required)
        for name, column in columns.items()
        if name[0] == "rounds" or name == ("goals", "indicator")
    }
    assert kinds["rounds", "due_on"] == ("date", False, True)
    assert kinds["rounds", "decided_on"] == ("date", False, False)
    assert kinds["rounds", "outcome"] == ("string", False, False)
    assert kinds["rounds", "standing"] == ("string", False, True)
    assert kinds["rounds", "promises"] == ("string", True, False)
    assert kinds["goals", "indicator"] == ("string", False, False)


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
