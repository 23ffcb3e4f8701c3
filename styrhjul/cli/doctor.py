"""Is everything in order?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, print_json, say
from styrhjul.cli.words import CHECK_WORDS, counted

if TYPE_CHECKING:
    from styrhjul.services.operations.doctor import Check


def doctor(
    as_json: AsJson = False,
    accept_clock: Annotated[
        bool, typer.Option("--accept-clock", help="Klockan går rätt nu: glöm pulser som ligger efter den.")
    ] = False,
) -> None:
    """Look whether everything this installation needs is in order; 1 when something is not."""
    from config.settings import load_settings
    from styrhjul.domain.moment import swedish_time
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.operations.clock_guard import forget_later_pulses
    from styrhjul.services.operations.doctor import examine

    installation = Installation.open(load_settings())
    now = installation.clock.now()
    if accept_clock:
        installation.memory.forget()
        forgotten = counted(forget_later_pulses(installation.database, now), "puls", "pulser")
        say(f"Glömde {forgotten} efter {swedish_time(now)}.")
    checks = examine(installation, now)
    installation.close()
    if as_json:
        print_json(checks)
    else:
        width = max(map(len, CHECK_WORDS.values())) + 2
        for check in checks:
            print(f"{_mark(check)} {CHECK_WORDS[check.check]:<{width}}{check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _mark(check: Check) -> str:
    """Return the sign that a line begins with: to be searched for, and told apart without colour."""
    if check.waits:
        return "–"
    return "!" if check.warns else "✓" if check.ok else "✗"
