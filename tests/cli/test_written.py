"""Every command and option that the manuals write exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup

from styrhjul.cli.app import COMMANDS, load

ROOT = Path(__file__).parents[2]
MANUALS = ("README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")))
#: Words of `./run` alone, in `run` itself.
OF_RUN = {"test", "check", "fix", "bench", "faults", "help"}
_BLOCK = re.compile(r"^(?:```[^\n]*\n.*?^```|(?: {4,}|\t)[^\n]*)$", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"(?:\./run|\bstyrhjul)[ \t]+([a-z][^\n|;#]*)")
_BARE = re.compile(rf"(?:{'|'.join(COMMANDS)}) .+")


def written_in(text: str) -> list[str]:
    """Every command line of a manual: in a block, and between backquotes with the program's name or without it."""
    blocks = [found[0].replace("\\\n", " ") for found in _BLOCK.finditer(text)]
    prose = _BLOCK.sub("", text)
    quoted = _QUOTED.findall(prose)
    lines = [call for piece in (*blocks, *quoted) for call in _CALL.findall(piece)]
    return [*lines, *(piece for piece in quoted if _BARE.fullmatch(piece))]


def fault_of(line: str) -> str | None:
    """What of a command line is not there; None for one that could be run."""
    words = _words(line)
    command: Any = None
    while words and not words[0].startswith("-"):
        known = command.commands if isinstance(command, TyperGroup) else COMMANDS if command is None else {}
        if words[0] in known:
            command = load(words.pop(0)) if command is None else known[words.pop(0)]
        elif known and command is not None and words[0].isalpha() and words[0].islower():
            return f"{words[0]} is no word of it"
        else:
            break
    if command is None:
        return None if words and words[0] in OF_RUN else "no such command"
    known_options = {name for param in command.params for name in (*param.opts, *param.secondary_opts)} | {"--help"}
    asked = [word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)]
    return next((f"{word} is no option of it" for word in asked if word not in known_options), None)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line.strip(" $`\\[]().,"), comments=True)
    except ValueError:  # a quote that goes on in the next line
        return line.split()


@pytest.mark.parametrize("manual", MANUALS)
def test_what_a_manual_writes_can_be_run(manual: str) -> None:
    text = (ROOT / manual).read_text(encoding="utf-8")
    assert {line: fault for line in written_in(text) if (fault := fault_of(line))} == {}


def test_the_manuals_are_read() -> None:
    found = [line for manual in MANUALS for line in written_in((ROOT / manual).read_text(encoding="utf-8"))]
    assert len(found) > 100
    for line in ("inbound list --stray", "nonsense", "policy lits", "webhook add --adress x"):
        assert fault_of(line), line
    assert fault_of('report pack --municipality lillby --policy integration --out "en fil.zip"') is None
