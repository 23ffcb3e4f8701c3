"""Asking whoever sits at a terminal; where nobody sits, nobody has said yes."""

from __future__ import annotations

import sys

from styrhjul.cli.context import say


def is_attended() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def asked(question: str) -> bool:
    """Ask on a terminal whether to go on."""
    if not is_attended():
        return False
    say(f"{question} [j/N]")
    return sys.stdin.readline().strip().lower() in {"j", "ja"}
