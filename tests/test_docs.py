"""What the pages for contributors name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = ("bench", "config", "docs", "examples", "styrhjul", "tasks", "templates", "tests", "workflows")


def paths_named_in(text: str) -> set[str]:
    """Every path between backticks that begins in a room; `<key>` stands for what is yet to be written."""
    quoted = re.findall(r"`([^`\s]+)`", text)
    commands = re.findall(r"`\./run test ([^`]+)`", text)
    words = [*quoted, *(word for command in commands for word in command.split())]
    return {word for word in words if word.startswith(tuple(f"{room}/" for room in ROOMS)) and "<" not in word}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_on_the_page_exists(page: Path) -> None:
    named = paths_named_in(page.read_text(encoding="utf-8"))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_a_path_that_is_gone_is_seen() -> None:
    assert paths_named_in("see `workflows/<key>.py`, `tests/gone.py` and `./run test tests/away`") == {
        "tests/gone.py",
        "tests/away",
    }
