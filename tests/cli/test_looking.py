"""A command that only looks makes no database where there is none: it says where it looked, and leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

OF_LILLBY = ("--municipality", "lillby")
DAYS = ("--from", "2027-01-01", "--until", "2027-12-31")
LOOKING = [
    ("case", "list", *OF_LILLBY),
    ("policy", "duty", "list", *OF_LILLBY, "--policy", "policyn"),
    ("explain", "0a"),
    ("forecast", *OF_LILLBY, "--until", "2027-06-30"),
    ("hold", "show"),
    ("inbound", "export", "0a", *OF_LILLBY, "--out", "in.eml"),
    ("inbound", "list", *OF_LILLBY),
    ("journal", "list", *OF_LILLBY),
    ("ladder", "show", *OF_LILLBY),
    ("mail", "preview", "--case", "0a"),
    ("mail", "waiting"),
    ("municipality", "list"),
    ("officials", "popolo", *OF_LILLBY, "--out", "popolo.json"),
    ("policy", "list", *OF_LILLBY),
    ("practice", "show", *OF_LILLBY),
    ("quarantine", "list"),
    ("record", "answer", "0a", "--out", "answer.pdf"),
    ("record", "export", *OF_LILLBY, *DAYS, "--out", "out"),
    ("report", "chapter", *OF_LILLBY, "--year", "2026", "--out", "chapter.pdf"),
    ("token", "list", *OF_LILLBY),
    ("user", "list", *OF_LILLBY),
    ("webhook", "list", *OF_LILLBY),
    ("wording", "list", *OF_LILLBY),
]


@pytest.mark.parametrize("words", LOOKING, ids=lambda words: " ".join(words[:3]))
def test_who_only_looks_makes_no_database(styrhjul: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = styrhjul(*words)
    assert (done.code, done.out) == (1, "")
    assert "har inga tabeller" in done.err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
