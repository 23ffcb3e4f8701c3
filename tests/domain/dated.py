"""Dated examples: rows of source, sentence and values, written by hand from the rules and not from the program."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def examples(names: str, rows: Iterable[tuple[object, ...]]) -> pytest.MarkDecorator:
    """Run a test once per row; the first two columns, the source and what happens, become its name."""
    listed = list(rows)
    return pytest.mark.parametrize(
        names.split(), [row[2:] for row in listed], ids=[f"{row[1]} ({row[0]})" for row in listed]
    )
