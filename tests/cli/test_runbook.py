"""What docs/operations.md tells an operator to type is taken by the command line as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer._click.exceptions import BadParameter, MissingParameter, UsageError

from styrhjul.cli.app import COMMANDS, load

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")
#: The script's own words, which are no commands of the program.
OF_THE_SCRIPT = {"demo", "test", "bench", "faults"}


def commands_in(text: str) -> list[str]:
    """Every command between backticks or on a line of its own; what stands after a wide gap there says what it does."""
    quoted = re.findall(r"`\./run ([^`]+)`", text)
    alone = re.findall(r"^    (?:\./run|styrhjul) (.+?)(?:  .*)?$", text, re.MULTILINE)
    return sorted({each for each in (*quoted, *alone) if each.split()[0] not in OF_THE_SCRIPT})


def refused(command: str) -> str | None:
    """Return what is wrong with it; None where only the files and ids in it are not here."""
    name, *rest = shlex.split(command)
    if name not in COMMANDS:
        return f"{name} is no command"
    found = load(name)
    try:
        while hasattr(found, "commands"):
            word, *rest = rest or [""]
            if word not in found.commands:
                return f"{word or name} is no command"
            found = found.commands[word]
        found.make_context(name, rest)
    except UsageError as wrong:
        return str(wrong) if isinstance(wrong, MissingParameter) or not isinstance(wrong, BadParameter) else None
    return None


@pytest.mark.parametrize("command", commands_in(PAGE))
def test_it_is_taken_as_it_stands(command: str) -> None:
    assert refused(command) is None


@pytest.mark.parametrize(
    "command", ["retention", "retention run --by arkivarien", "quarantine release ID --colour red", "rewind"]
)
def test_one_that_would_be_refused_is_seen(command: str) -> None:
    assert refused(command) is not None


def test_they_are_found_on_the_page() -> None:
    assert commands_in("`./run doctor`, `./run test x`\n    styrhjul user list  who may\n") == ["doctor", "user list"]
    assert len(commands_in(PAGE)) > 40
