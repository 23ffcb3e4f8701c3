"""How often Python looks for what only points at itself, in a process that goes on for long."""

from __future__ import annotations

import gc

#: What a page or a transaction leaves behind goes by itself, and what is remembered of the registers stays: Python
#: looks through all of it some thirty times more seldom than it would. Each time holds up everything.
_SELDOM = (2_000, 10, 100)


def look_seldom() -> None:
    """Let what is loaded now stay, unlooked at, and the rest be looked through seldom. When everything is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
