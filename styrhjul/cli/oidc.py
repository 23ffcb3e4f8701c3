"""`styrhjul municipality oidc`: let a municipality's users sign in with its own account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, OnDay, open_installation, print_json, say
from styrhjul.cli.words import why_not

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation
    from styrhjul.services.sign_in.provider import ProviderSettings

#: Holds the client's secret where no file does; an argument would stand in the list of processes.
SECRET_VARIABLE = "STYRHJUL_OIDC_SECRET"  # noqa: S105 - a name


def oidc(
    slug: Annotated[str, typer.Argument(metavar="KORTNAMN", help="Kommunens kortnamn.")],
    *,
    issuer: Annotated[str, typer.Option(metavar="URL", help="Utfärdaren, precis som tjänsten anger den.")] = "",
    client_id: Annotated[str, typer.Option(metavar="ID", help="Klientens id hos tjänsten.")] = "",
    secret_file: Annotated[
        Path | None,
        typer.Option(metavar="FIL", help=f"Fil med klientens hemlighet; - är standard in, annars {SECRET_VARIABLE}."),
    ] = None,
    discovery: Annotated[
        str, typer.Option(metavar="URL", help="Beskrivningens adress, om den inte ligger under utfärdaren.")
    ] = "",
    vouches: Annotated[
        bool,
        typer.Option(
            "--vouches", help="Utfärdaren är kommunens egen katalog: lita på adresser den inte säger något om."
        ),
    ] = False,
    off: Annotated[bool, typer.Option("--off", help="Låt användarna logga in med kod i stället.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Ask the service for what it tells of itself, then keep its settings with the secret sealed."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.sign_in import oidc as sign_in_oidc

    if off is bool(issuer):
        raise typer.BadParameter("skriv --issuer URL och --client-id ID, eller bara --off")
    home = open_installation(on)
    municipality_id, now = municipality_by(home.database, slug).municipality_id, home.clock.now()
    if off:
        sign_in_oidc.remove_provider(home.database, municipality_id, now)
        return print_json({"issuer": None}) if as_json else say("Användarna loggar in med kod från och med nu.")
    settings = _settings(issuer, client_id, discovery, secret_file, vouches=vouches)
    _ask(home, settings)
    sign_in_oidc.set_provider(home.database, home.mailroom.sealer, municipality_id, settings, now)
    if as_json:
        return print_json({"issuer": issuer, "client_id": client_id, "vouches": vouches})
    say("Användarna loggar in med kommunens konto från och med nu. Ange den här adressen hos tjänsten:")
    print(f"{home.settings.base_url}/sign-in/oidc/{slug}/callback")
    return None


def _settings(
    issuer: str, client_id: str, discovery: str, secret_file: Path | None, *, vouches: bool
) -> ProviderSettings:
    from styrhjul.services.sign_in.oidc import DISCOVERY, checked_settings
    from styrhjul.services.sign_in.provider import ProviderSettings

    return checked_settings(
        ProviderSettings(
            issuer=issuer,
            client_id=client_id,
            client_secret=_secret(secret_file),
            discovery_url=discovery or issuer.rstrip("/") + DISCOVERY,
            vouches=vouches,
        )
    )


def _secret(file: Path | None) -> str:
    if file is None:
        return os.environ.get(SECRET_VARIABLE, "").strip()
    if str(file) == "-":
        return sys.stdin.readline().strip()
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CommandFailed(f"{file}: {why_not(error)}") from None


def _ask(home: Installation, settings: ProviderSettings) -> None:
    """Refuse a service that does not answer: with it nobody could sign in."""
    from styrhjul.services.sign_in.provider import Provider, ProviderDown

    try:
        Provider(settings, home.sign_in_reach).check(home.clock.now())
    except ProviderDown as down:
        raise CommandFailed(f"Tjänsten svarar inte som den ska ({down}). Inget har ändrats.") from None
