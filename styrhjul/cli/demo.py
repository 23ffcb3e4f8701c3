"""The demo: play, show what happened, then serve it with a clock that goes on from there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, print_json, say, sound_day
from styrhjul.cli.run import Port
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from config.settings import Settings
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.operations.play import PlayReport, Progress
    from styrhjul.services.operations.tally import MunicipalityTally

#: The demo never touches what these name: it has its own.
_OWN = ("DATABASE_URL", "BROKER_URL", "SMTP_URL", "BASE_URL", "SECRET_KEY", "BOUNCE_DOMAIN")
_LONGEST_QUOTE = 100
_TABLE_WIDTH = 70


def demo(
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on",
            formats=["%Y-%m-%d"],
            callback=sound_day,
            metavar="DATUM",
            help="Spela till och med den här dagen. Annars till i dag.",
        ),
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="Sluta efter tabellen, utan att visa några sidor.")] = False,
    port: Port = None,
    as_json: AsJson = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Glöm allt som har spelats och börja om från första dagen.")
    ] = False,
) -> None:
    """Play three real policies into a mail catcher, day by day from 2026-10-15, then serve the result."""
    from config.logging import configure_logging
    from styrhjul.cli.tree import listen, only_one, serve, with_port

    settings = demo_settings()
    configure_logging(os.environ.get("STYRHJUL_LOG_LEVEL") or "WARNING")
    with only_one(settings.data_dir), contextlib.ExitStack() as stack:
        if anew:
            _refuse_before_the_first_day(on)
            _forget(settings.data_dir)
        listening = None if leave else stack.enter_context(listen(port, or_next=True))
        settings = with_port(settings, listening) if listening else settings
        _play(settings, on.date() if on else None, as_json=as_json)
        if listening:
            serve(settings, listening, logs=settings.data_dir / "log")


def demo_settings() -> Settings:
    """Return the settings of the demo: the embedded default in a folder of its own, whatever else is set."""
    from config.settings import load_settings

    forget_what_is_set()
    settings = load_settings()
    return settings.model_copy(update={"data_dir": settings.data_dir / "demo"})


def forget_what_is_set() -> None:
    """Forget what the environment says of a real installation; the processes we start inherit ours."""
    from config.settings import PREFIX

    for name in _OWN:
        for variable in (f"{PREFIX}{name}", f"{PREFIX}{name}_FILE"):
            os.environ.pop(variable, None)


def _refuse_before_the_first_day(on: datetime | None) -> None:
    from styrhjul.services.operations.play import FIRST_DAY

    if on is not None and on.date() < FIRST_DAY:
        raise CommandFailed(f"Demon börjar {FIRST_DAY.isoformat()}. Välj den dagen eller en senare.")


def _forget(data_dir: Path) -> None:
    for path in data_dir.iterdir():
        if path.name == "running.lock":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _play(settings: Settings, on: date | None, *, as_json: bool) -> None:
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.operations.play import TooEarly, play
    from styrhjul.services.operations.tally import tally

    installation = Installation.open(settings)
    installation.migrate()
    try:
        with _progress() as progress:
            report = play(installation, on or _today(installation), progress)
    except TooEarly as early:
        raise CommandFailed(f"{early} Eller börja om med --anew.") from None
    day, tallies = installation.clock.now().date(), tally(installation.database)
    installation.close()
    if as_json:
        print_json(report)
    else:
        _print(report, tallies, day)


def _today(installation: Installation) -> date:
    """Return today, or the day the play has reached when that is later."""
    from config.clock import today, wall_time
    from styrhjul.services.operations.play import FIRST_DAY, reached_at

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
        task = bar.add_task("spelar", total=None)

        def show(day: date, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=f"spelar {day}")

        yield show


def _say_month(day: date, done: int, total: int) -> None:
    if day.day == 1 or done == total:
        say(f"styrhjul: spelar {day} ({done} av {total} dagar)")


def _print(report: PlayReport, tallies: list[MunicipalityTally], day: date) -> None:
    from rich.console import Console
    from rich.table import Table

    from styrhjul.services.words import LIFECYCLE_WORDS

    table = Table(caption="Ett mejl som rör flera slags ärenden räknas på varje rad.", min_width=_TABLE_WIDTH)
    for heading, justify in (("kommun", "left"), ("slag av ärende", "left"), ("ärenden", "right"), ("mejl", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for each in tallies:
        for line in each.lines:
            table.add_row(each.name, LIFECYCLE_WORDS[line.lifecycle], str(line.cases), str(line.mails))
        table.add_section()
    # Sentences are printed plainly: the terminal breaks them, and a file keeps them whole.
    print(f"Till och med {day}: {_said(report)} till mejlfångaren\n", flush=True)
    Console(soft_wrap=False).print(table)
    print(f"{report.mails} mejl i allt. {report.sent_now} av dem skickades nu.")
    for each in tallies:
        _print_duties(each)
    sys.stdout.flush()  # a file would get it when the demo stops, long after what is said next


def _said(report: PlayReport) -> str:
    cases = counted(report.cases, "ärende öppnat", "ärenden öppnade")
    return f"{cases}, {counted(report.mails, 'mejl skickat', 'mejl skickade')}"


def _print_duties(each: MunicipalityTally) -> None:
    duties = counted(each.confirmed, "skyldighet bekräftad", "skyldigheter bekräftade")
    earlier = counted(each.not_followed, "tidigare period är antecknad", "tidigare perioder är antecknade")
    past = f" {earlier} men bevakas inte." if each.not_followed else ""
    print(f"{each.name}: {duties} av demonstrationen själv, {len(each.waiting)} väntar på en människa.{past}")
    for quote in each.waiting:
        short = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE].rstrip()} …"
        print(f"  ? ”{' '.join(short.split())}”")
