"""One pulse by hand: what beat makes the workers do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, OnDay, open_installation, print_json, refuse_rehearsal, say
from styrhjul.cli.words import COUNT_WORDS


def sweep(
    as_json: AsJson = False,
    on: OnDay = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Räkna vad som skulle hända, utan att ändra något.")
    ] = False,
) -> None:
    """One pulse for every lifecycle: open cases and enter notices that are due."""
    from styrhjul.services.cases.sweep import SweepReport, run_sweep
    from styrhjul.services.operations.around import after_work, before_work
    from styrhjul.services.operations.clock_guard import guard_clock
    from workflows import LIFECYCLES

    installation = open_installation(on)
    if not dry_run:
        refuse_rehearsal(installation, on)
    now = installation.clock.now()
    is_real = on is None and not dry_run  # a day that is only played never becomes the clock's mark
    if is_real:
        before_work(installation, now)
    elif on is None:
        guard_clock(installation.database, now, is_wall=installation.clock.is_wall)
    report = SweepReport()
    for lifecycle in LIFECYCLES.values():
        report += run_sweep(installation.database, lifecycle, now, dry_run=dry_run)
    if is_real:
        after_work(installation, "sweep", report)
    _print(asdict(report), as_json=as_json)


def deliver(as_json: AsJson = False, on: OnDay = None) -> None:
    """Compose and send what is due to leave."""
    from styrhjul.services.delivery.compose import compose_mails
    from styrhjul.services.delivery.deliver import deliver as deliver_mails
    from styrhjul.services.operations.around import before_work
    from styrhjul.services.operations.pulse import LONGEST_ALONE

    installation = open_installation(on)
    refuse_rehearsal(installation, on)
    now = installation.clock.now()
    if on is None:
        before_work(installation, now)
    composed = compose_mails(installation.database, installation.mailroom, now)
    clock = installation.clock.now
    report = deliver_mails(installation.database, installation.mailroom, clock, longest=LONGEST_ALONE)
    _print({"composed": composed.composed, **asdict(report)}, as_json=as_json)


def _print(counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(counts)
    else:
        say(", ".join(f"{COUNT_WORDS[name]}: {count}" for name, count in counts.items()))
