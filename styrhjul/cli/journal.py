"""The journal's hash chains."""

from __future__ import annotations

import typer

from styrhjul.cli.context import AsJson, open_installation, print_json, say
from styrhjul.cli.progress import progress_bar
from styrhjul.cli.words import counted

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """A group, although it has one command so far."""


@app.command("verify", help="Kontrollera att varje rad i varje journal är som den skrevs.")
def verify(as_json: AsJson = False) -> None:
    """Check that every line of every journal is still what was written."""
    from styrhjul.services.journal import verify_journals

    home = open_installation()
    with progress_bar("kontrollerar") as progress:
        report = verify_journals(home.database, progress)
    if as_json:
        print_json(report)
    else:
        say(f"{counted(report.entries, 'rad', 'rader')} kontrollerade, {len(report.broken)} fel.")
        for broken in report.broken:
            say(f"  {broken.municipality_id} rad {broken.number}: {broken.fault}")
    if report.broken:
        raise typer.Exit(1)
