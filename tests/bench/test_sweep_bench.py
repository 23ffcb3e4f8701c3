"""The sweep bench runs on small databases. How fast is for `./run bench` to say."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bench._filled import Shape
from bench.sweep import Size, report_of
from styrhjul.db.session import Database

SMALL = ["--sizes", "200", "400", "--repeat", "1", "--json"]


#: In a process of its own, as `./run bench` does: it clears Python's garbage before each measure, and what 14 000
#: collected tests hold made that two minutes.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_bench_measures_every_size_and_judges_the_ratio(database: str) -> None:
    command = [sys.executable, "-m", "bench.sweep", *SMALL, "--database", database]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    sizes = report["databases"][database]["sizes"]
    assert [size["cases"] for size in sizes] == [192, 400]
    assert all(size["sweep_seconds"] > 0 and size["naive_seconds"] > 0 for size in sizes)
    assert (done.returncode == 0) is report["within_limit"]


def test_one_size_alone_is_compared_with_nothing(database: Database) -> None:
    size = Size(
        cases=10, municipalities=1, database=database, name="one", fill=1, megabytes=1, sweeps=[1.0], pulses=[1]
    )
    report = report_of({"sqlite": [size]}, Shape(policies=1, awake=1))
    assert report["databases"]["sqlite"]["ratio"] is report["within_limit"] is None
