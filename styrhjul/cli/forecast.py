"""The forecast: every mail that would leave, line by line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, Day, OnDay, open_installation, print_json

if TYPE_CHECKING:
    from styrhjul.services.forecast import ForecastLine

_WIDTH_IN_FILES = 180
_COLUMNS = ("on", "municipality", "body", "lifecycle", "period", "rung", "recipient", "due_on")


def forecast(
    *,
    start: Annotated[Day | None, typer.Option("--from", help="The first day; today by default.")] = None,
    until: Annotated[Day | None, typer.Option("--until", help="The last day; a year on by default.")] = None,
    municipality: Annotated[str | None, typer.Option(metavar="SLUG", help="Only this municipality.")] = None,
    assume: Annotated[
        str, typer.Option(metavar="WHAT", help="unanswered: nobody answers; answered: everybody does at once.")
    ] = "unanswered",
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Every mail that would leave, and why. Nothing is written."""
    from config.clock import today
    from styrhjul.domain.forecast import Assumption
    from styrhjul.services import forecast as service
    from styrhjul.services.municipality import municipality_by_slug

    installation = open_installation(on)
    if assume not in set(Assumption):
        raise typer.BadParameter(f"{assume}: write {' or '.join(Assumption)}", param_hint="--assume")
    first = start.date() if start else today(installation.clock.now())
    last = until.date() if until else first + timedelta(days=365)
    if last < first:
        raise CommandFailed(f"--until {last} lies before --from {first}")
    database = installation.database
    chosen = [municipality_by_slug(database, municipality)] if municipality else installation.municipality_ids()
    lines = [
        line
        for municipality_id in chosen
        for line in service.forecast(database, municipality_id, start=first, until=last, assume=Assumption(assume))
    ]
    lines.sort(key=lambda line: (line.on, line.municipality))
    if as_json:
        for line in lines:
            print_json(line)
    else:
        _print(lines, first, last)


def _print(lines: list[ForecastLine], first: date, last: date) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{len(lines)} notices from {first} to {last}")
    for name in _COLUMNS:
        table.add_column(name.replace("_", " "), no_wrap=name in ("on", "due_on"))
    for line in lines:
        table.add_row(*(str(getattr(line, name)) for name in _COLUMNS))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_IN_FILES
    console.print(table)
