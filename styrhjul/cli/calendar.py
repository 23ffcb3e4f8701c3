"""`styrhjul calendar`: links to a post's calendar, for whoever holds it to subscribe to."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, print_json, say
from styrhjul.cli.words import counted

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

PostNamed = Annotated[
    str, typer.Option("--post", metavar="BEFATTNING", help="Befattningens titel, ”titel, organ” eller id.")
]


@app.command(help="Gör en länk att prenumerera på. De länkar som befattningen hade slutar gälla.")
def link(municipality: MunicipalitySlug, post: PostNamed, on: OnDay = None, as_json: AsJson = False) -> None:
    """Make a link to subscribe to."""
    from styrhjul.services.calendar_feed import share_calendar
    from styrhjul.services.municipality import municipality_by_slug

    installation = open_installation(on)
    municipality_id = municipality_by_slug(installation.database, municipality)
    shared = share_calendar(
        installation.database, municipality_id, post, installation.settings.base_url, installation.clock.now()
    )
    if as_json:
        print_json(shared)
        return
    print(shared.url)
    say(f"Den som har länken ser dagarna för {shared.post}. Den visas bara nu.")


@app.command(help="Stäng befattningens kalender: alla länkar till den slutar gälla.")
def close(municipality: MunicipalitySlug, post: PostNamed, on: OnDay = None, as_json: AsJson = False) -> None:
    """End every link to a post's calendar."""
    from styrhjul.services.calendar_feed import close_calendar
    from styrhjul.services.municipality import municipality_by_slug

    installation = open_installation(on)
    municipality_id = municipality_by_slug(installation.database, municipality)
    ended = close_calendar(installation.database, municipality_id, post, installation.clock.now())
    if as_json:
        print_json({"ended": ended})
    else:
        say(f"{counted(ended, 'länk', 'länkar')} slutade gälla.")
