"""`styrhjul operator`: a way into one municipality for whoever runs the installation, for a while, and told."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, OnDay, open_installation, print_json, say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _operator() -> None:
    """Keep `open` a word of its own."""


@app.command("open", help="Öppna en kommun för driften en stund. Kommunen får ett mejl om det.")
def open_municipality(
    slug: Annotated[str, typer.Argument(metavar="KORTNAMN", help="Kommunens kortnamn.")],
    *,
    reason: Annotated[str, typer.Option(metavar="SKÄL", help="Varför, på en rad. Kommunen läser det.")],
    minutes: Annotated[int, typer.Option(metavar="N", help="Så många minuter, högst 240.")] = 60,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Print an address that opens the municipality once; tell its registrar and coordinators."""
    from styrhjul.domain.moment import STOCKHOLM
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.sign_in.operator import open_glass

    home = open_installation(on)
    municipality_id, now = municipality_by(home.database, slug).municipality_id, home.clock.now()
    opening = open_glass(
        home.database, home.mailroom, municipality_id=municipality_id, reason=reason, minutes=minutes, now=now
    )
    address = f"{home.settings.base_url}/sign-in/operator/{opening.token}"
    if as_json:
        print_json({"address": address, "ends_at": opening.ends_at.isoformat()})
        return
    print(address)
    say(f"Adressen fungerar en gång, och öppningen stängs kl. {opening.ends_at.astimezone(STOCKHOLM):%H.%M}.")
    say("Kommunens registrator och samordnare får ett mejl med skälet.")
