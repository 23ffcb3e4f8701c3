"""`styrhjul retention`: what the municipality has decided to dispose of, counted, and carried out."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, print_json, say
from styrhjul.cli.words import counted

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_WORDS = {"mail_text": "texter i mejl som har skickats", "inbound_text": "texter i mejl som har kommit in"}


@app.callback()
def _group() -> None:
    """A group with one command is still a group."""


@app.command(help="Gallra det som kommunens gallringsbeslut har nått. Utan beslut händer inget.")
def run(
    municipality: MunicipalitySlug,
    by: Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som gallrar. Skrivs i journalen.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Räkna bara. Inget ändras.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Dispose of what the municipality's decisions reach, or only count it."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.retention import run_retention

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    done = run_retention(home.database, municipality_id, home.clock.now(), by=by, dry_run=dry_run)
    if as_json:
        print_json(done)
        return
    for each in done:
        print(f"{each.count}  {_WORDS[each.kept]}, enligt {each.decision_number}")
    total = counted(sum(each.count for each in done), "text", "texter")
    if not done:
        say("Kommunen har inget gallringsbeslut inlagt. Allt bevaras.")
    else:
        say(f"{total} skulle gallras. Inget har ändrats." if dry_run else f"{total} är gallrade.")
