"""The forecast: every mail that would leave, line by line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, Day, OnDay, open_installation, print_json
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.forecast import ForecastLine

_WIDTH_IN_FILES = 180
_COLUMNS = ("dag", "kommun", "organ", "runda", "steg", "mottagare", "frist")


def forecast(
    *,
    start: Annotated[Day | None, typer.Option("--from", help="Första dagen. Annars i dag.")] = None,
    until: Annotated[Day | None, typer.Option("--until", help="Sista dagen. Annars ett år framåt.")] = None,
    municipality: Annotated[str | None, typer.Option(metavar="KORTNAMN", help="Bara den här kommunen.")] = None,
    assume: Annotated[
        str, typer.Option(metavar="VAD", help="unanswered: ingen svarar. answered: alla svarar på en gång.")
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
        raise typer.BadParameter(f"{assume}: skriv {' eller '.join(Assumption)}", param_hint="--assume")
    first = start.date() if start else today(installation.clock.now())
    last = until.date() if until else first + timedelta(days=365)
    if last < first:
        raise CommandFailed(f"--until {last} ligger före --from {first}. Välj en senare dag.")
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

    from styrhjul.services.words import round_name, rung_word

    table = Table(title=f"{counted(len(lines), 'avisering', 'aviseringar')} från {first} till och med {last}")
    for heading in _COLUMNS:
        table.add_column(heading, no_wrap=heading in ("dag", "frist"))
    for line in lines:
        what = (line.body, round_name(line.lifecycle, line.period), rung_word(line.rung), line.recipient)
        table.add_row(str(line.on), line.municipality, *what, str(line.due_on))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_IN_FILES
    console.print(table)
