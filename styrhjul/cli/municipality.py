"""`styrhjul municipality` and `styrhjul user`: who is served, and who may sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, print_json, say
from styrhjul.db.model import UserRole

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Add a municipality, and let its mails leave.")
user_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Add users.")


@app.callback()
def _municipality() -> None:
    """Keep `add` a word of its own."""


@user_app.callback()
def _user() -> None:
    """Keep `add` a word of its own."""


@app.command()
def add(
    *,
    slug: Annotated[str, typer.Option(help="Short name in addresses: a-z, 0-9 and hyphens.")],
    name: Annotated[str, typer.Option(help="Its name as people read it, such as “Olofströms kommun”.")],
    sender: Annotated[str, typer.Option(help="The address mails are sent from.")],
    reply_to: Annotated[str, typer.Option(help="The registrar's address, where replies go.")],
    starts_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first day anything is followed; today by default."),
    ] = None,
    chief_executive_title: Annotated[
        str, typer.Option(help="What the municipality calls its director.")
    ] = "kommunchef",
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Add a municipality. Nothing is sent for it before `municipality release`."""
    from config.clock import today
    from styrhjul.services.municipality import NewMunicipality, add_municipality

    installation = open_installation(on)
    now = installation.clock.now()
    new = NewMunicipality(
        slug=slug,
        name=name,
        starts_on=starts_on.date() if starts_on else today(now),
        sender_address=sender,
        reply_to=reply_to,
        chief_executive_title=chief_executive_title,
    )
    municipality_id = add_municipality(installation.database, new, now)
    if as_json:
        print_json({"id": municipality_id, "slug": slug, "name": name, "starts_on": new.starts_on})
    else:
        say(f"{name} är tillagd. Läs in organisationen med: styrhjul officials import FIL --municipality {slug}")


@app.command()
def release(municipality: MunicipalitySlug, on: OnDay = None, as_json: AsJson = False) -> None:
    """Let a municipality's mails leave, once its coordinator has seen the forecast."""
    from styrhjul.services.municipality import municipality_by_slug, release_municipality

    installation = open_installation(on)
    municipality_id = municipality_by_slug(installation.database, municipality)
    release_municipality(installation.database, municipality_id, installation.clock.now())
    if as_json:
        print_json({"slug": municipality, "released": True})
    else:
        say("Mejlen får skickas från och med nu.")


@user_app.command("add")
def add_user(
    *,
    municipality: MunicipalitySlug,
    address: Annotated[str, typer.Option(help="The user's address at work.")],
    name: Annotated[str, typer.Option(help="The user's name.")],
    role: Annotated[UserRole, typer.Option(help="What the user may do.")],
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody who will sign in."""
    from styrhjul.services import municipality as service

    installation = open_installation(on)
    municipality_id = service.municipality_by_slug(installation.database, municipality)
    new = service.NewUser(address=address, name=name, role=role)
    user_id = service.add_user(installation.database, municipality_id, new, installation.clock.now())
    if as_json:
        print_json({"id": user_id, "role": role})
    else:
        say("Användaren är tillagd.")
