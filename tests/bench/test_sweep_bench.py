"""The sweep bench runs on small databases. How fast is for `./run bench` to say."""

from __future__ import annotations

import json

import pytest

from bench.sweep import main

SMALL = ["--sizes", "200", "400", "--repeat", "1", "--json"]


#: The bench clears Python's garbage before each measure: seconds in a process that has run thousands of tests.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_bench_measures_every_size_and_judges_the_ratio(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([*SMALL, "--database", database])
    report = json.loads(capsys.readouterr().out)
    sizes = report["databases"][database]["sizes"]
    assert [size["cases"] for size in sizes] == [192, 400]
    assert all(size["sweep_seconds"] > 0 and size["naive_seconds"] > 0 for size in sizes)
    assert (code == 0) is report["within_limit"]
