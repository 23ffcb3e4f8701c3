"""The journal's hash chains."""

from __future__ import annotations

import typer

from styrhjul.cli.context import AsJson, open_installation, print_json, say

app = typer.Typer(help="Check the journal's hash chains.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """A group, although it has one command so far."""


@app.command("verify")
def verify(as_json: AsJson = False) -> None:
    """Check that every line of every journal is still what was written."""
    from styrhjul.services.journal import verify_journals

    report = verify_journals(open_installation().database)
    if as_json:
        print_json(report)
    else:
        say(f"{report.entries} entries, {len(report.broken)} broken")
        for broken in report.broken:
            say(f"  {broken.municipality_id} entry {broken.number}: {broken.fault}")
    if report.broken:
        raise typer.Exit(1)
