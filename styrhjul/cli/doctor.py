"""Is everything in order?"""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, print_json, say


def doctor(
    as_json: AsJson = False,
    accept_clock: Annotated[
        bool, typer.Option("--accept-clock", help="The clock is right now: forget pulses that lie after it.")
    ] = False,
) -> None:
    """Look whether everything this installation needs is in order; 1 when something is not."""
    from config.settings import load_settings
    from styrhjul.services.doctor import examine
    from styrhjul.services.installation import Installation
    from styrhjul.services.pulse import forget_later_pulses

    installation = Installation.open(load_settings())
    now = installation.clock.now()
    if accept_clock:
        say(f"forgot {forget_later_pulses(installation.database, now)} pulses after {now.isoformat()}")
    checks = examine(installation, now)
    installation.close()
    if as_json:
        print_json(checks)
    else:
        for check in checks:
            say(f"{'✓' if check.ok else '✗'} {check.check:<12} {check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)
