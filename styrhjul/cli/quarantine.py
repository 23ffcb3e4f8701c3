"""What is set aside because of a fault of ours, and how it is let out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    OneOrAll,
    open_installation,
    open_to_look,
    print_json,
    say,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(name="list", help="Visa vad som är satt åt sidan, och varför.")
def list_aside(municipality: OneOrAll = None, as_json: AsJson = False) -> None:
    """Show what is set aside, and why."""
    from styrhjul.domain.moment import local_date
    from styrhjul.services.municipality.directory import municipalities_meant
    from styrhjul.services.operations.quarantine import list_quarantine

    database = open_to_look().database
    aside = [
        (line.slug, row)
        for line in municipalities_meant(database, municipality)
        for row in list_quarantine(database, line.municipality_id)
    ]
    if as_json:
        print_json([{"municipality": slug, **asdict(row)} for slug, row in aside])
        return
    for slug, row in aside:
        print(f"{row.subject_id}  {slug}  {local_date(row.at)}  {row.what}\n    {row.error}")
    if not aside:
        say("Inget är satt åt sidan.")


@app.command(help="Släpp fram något som är satt åt sidan, när felet är rättat.")
def release(
    subject: Annotated[str, typer.Argument(metavar="ID", help="Id enligt listan, eller början av det.")],
    municipality: MunicipalitySlug,
    by: Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som släpper fram det. Skrivs i journalen.")],
    on: OnDay = None,
) -> None:
    """Let out what is set aside, once the fault is mended."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.operations.quarantine import NotQuarantined, release_quarantine

    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    try:
        released = release_quarantine(
            installation.database, municipality_id, subject, by=by, now=installation.clock.now()
        )
    except NotQuarantined as refusal:
        raise CommandFailed(str(refusal)) from None
    say(f"{released} är framsläppt och tas om hand vid nästa puls.")
