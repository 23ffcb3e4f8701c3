"""The demo: play, show what happened, then serve it with a clock that goes on from there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from styrhjul.cli.context import AsJson, CommandFailed, print_json, say
from styrhjul.cli.run import Port

if TYPE_CHECKING:
    from config.settings import Settings
    from styrhjul.services.installation import Installation
    from styrhjul.services.play import PlayReport, Progress
    from styrhjul.services.tally import MunicipalityTally

#: The demo never touches what these name: it has its own.
_OWN = ("DATABASE_URL", "BROKER_URL", "SMTP_URL", "BASE_URL", "SECRET_KEY", "BOUNCE_DOMAIN")
_LONGEST_QUOTE = 100
_TABLE_WIDTH = 70


def demo(
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="DATE", help="Play up to this day; today by default."),
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="End after the table instead of serving.")] = False,
    port: Port = None,
    as_json: AsJson = False,
    anew: Annotated[bool, typer.Option("--anew", help="Forget the play so far and begin with its first day.")] = False,
) -> None:
    """Play three real policies into a mail catcher, day by day from 2026-10-15, then serve the result."""
    from config.logging import configure_logging
    from styrhjul.cli.tree import listen, only_one, serve, with_port

    settings = demo_settings()
    configure_logging(os.environ.get("STYRHJUL_LOG_LEVEL") or "WARNING")
    with only_one(settings.data_dir), contextlib.ExitStack() as stack:
        if anew:
            _forget(settings.data_dir)
        listening = None if leave else stack.enter_context(listen(port, or_next=True))
        settings = with_port(settings, listening) if listening else settings
        _play(settings, on.date() if on else None, as_json=as_json)
        if listening:
            serve(settings, listening, logs=settings.data_dir / "log")


def demo_settings() -> Settings:
    """Return the settings of the demo: the embedded default in a folder of its own, whatever else is set."""
    from config.settings import PREFIX, load_settings

    for name in _OWN:
        for variable in (f"{PREFIX}{name}", f"{PREFIX}{name}_FILE"):
            os.environ.pop(variable, None)  # the processes of the demo inherit our environment
    settings = load_settings()
    return settings.model_copy(update={"data_dir": settings.data_dir / "demo"})


def _forget(data_dir: Path) -> None:
    for path in data_dir.iterdir():
        if path.name == "running.lock":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _play(settings: Settings, on: date | None, *, as_json: bool) -> None:
    from styrhjul.services.installation import Installation
    from styrhjul.services.play import TooEarly, play
    from styrhjul.services.tally import tally

    installation = Installation.open(settings)
    installation.migrate()
    try:
        with _progress() as progress:
            report = play(installation, on or _today(installation), progress)
    except TooEarly as early:
        raise CommandFailed(f"{early}, or begin anew with --anew") from None
    day, counted = installation.clock.now().date(), tally(installation.database)
    installation.close()
    if as_json:
        print_json(report)
    else:
        _print(report, counted, day)


def _today(installation: Installation) -> date:
    """Return today, or the day the play has reached when that is later."""
    from config.clock import today, wall_time
    from styrhjul.services.play import FIRST_DAY, reached_at

    reached = reached_at(installation)
    return max(today(wall_time()), FIRST_DAY, today(reached) if reached else FIRST_DAY)


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar on a terminal; elsewhere one line a month."""
    if not sys.stderr.isatty():
        yield _say_month
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("playing", total=None)

        def show(day: date, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=f"playing {day}")

        yield show


def _say_month(day: date, done: int, total: int) -> None:
    if day.day == 1 or done == total:
        say(f"styrhjul: played {day} ({done} of {total} days)")


def _print(report: PlayReport, counted: list[MunicipalityTally], day: date) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"Until {day}: {report.cases} cases opened, {report.mails} mails sent to the catcher",
        caption="A mail that gathers several matters counts once in each of their rows.",
        min_width=_TABLE_WIDTH,
    )
    for heading, justify in (("municipality", "left"), ("lifecycle", "left"), ("cases", "right"), ("mails", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for each in counted:
        for line in each.lines:
            table.add_row(each.name, line.lifecycle.replace("_", " "), str(line.cases), str(line.mails))
        table.add_section()
    console = Console(soft_wrap=False)
    console.print(table)
    console.print(f"{report.mails} mails in all, {report.sent_now} of them sent by this run.", highlight=False)
    for each in counted:
        _print_duties(console, each)


def _print_duties(console: Any, each: MunicipalityTally) -> None:  # noqa: ANN401 - rich is imported late
    said = f"{each.name}: {each.confirmed} duties confirmed by the demo itself, {len(each.waiting)} wait for a person"
    past = f", {each.not_followed} earlier periods recorded and not followed" if each.not_followed else ""
    console.print(f"{said}{past}.", markup=False, highlight=False)
    for quote in each.waiting:
        short = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE].rstrip()} …"
        console.print(f"  ? ”{' '.join(short.split())}”", markup=False, highlight=False)
