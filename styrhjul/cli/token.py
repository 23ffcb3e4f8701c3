"""`styrhjul token`: keys that programs call the API with."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, open_to_look, print_json, say
from styrhjul.db.api_model import Scope

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_SCOPES = ", ".join(Scope)


@app.command(help="Gör en nyckel åt ett program. Den visas bara nu.")
def add(
    *,
    municipality: MunicipalitySlug,
    name: Annotated[str, typer.Option(metavar="NAMN", help="Vad systemet heter. Det står i journalen.")],
    scope: Annotated[
        list[Scope],
        typer.Option("--scope", metavar="RÄTT", help=f"Vad nyckeln får göra, en eller flera: {_SCOPES}."),
    ],
    days: Annotated[int, typer.Option(metavar="N", help="Så många dagar gäller den, högst 730.")] = 365,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Make a key."""
    from styrhjul.services.api.token import NewToken, make_token
    from styrhjul.services.municipality.directory import municipality_by

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    new = NewToken(name=name, scopes=frozenset(scope), days=days)
    made = make_token(home.database, municipality_id, new, by="token add", now=home.clock.now())
    if as_json:
        print_json(made)
        return
    print(made.token)
    say(f"Nyckeln gäller till {made.expires_at:%Y-%m-%d}. Den visas bara nu.")


@app.command("list", help="Visa kommunens nycklar, även de som inte gäller längre.")
def list_tokens(municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Show the keys."""
    from styrhjul.services.api.token import tokens_of
    from styrhjul.services.municipality.directory import municipality_by

    home = open_to_look()
    now, found = (
        home.clock.now(),
        tokens_of(home.database, municipality_by(home.database, municipality).municipality_id),
    )
    if as_json:
        print_json(found)
        return
    for token in found:
        stands = f"till {token.expires_at:%Y-%m-%d}" if token.is_open(now) else "gäller inte"
        used = f"använd {token.last_used_at:%Y-%m-%d}" if token.last_used_at else "aldrig använd"
        print(f"{token.token_id}\t{token.name}\t{', '.join(token.scopes)}\t{stands}\t{used}")
    if not found:
        say("Det finns ingen nyckel än. Gör en med: styrhjul token add")


@app.command(help="Återkalla en nyckel. Den slutar gälla genast.")
def revoke(
    *,
    municipality: MunicipalitySlug,
    token: Annotated[str, typer.Option("--id", metavar="ID", help="Nyckelns id, som styrhjul token list visar.")],
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """End a key."""
    from styrhjul.services.api.token import revoke_token
    from styrhjul.services.municipality.directory import municipality_by

    home = open_installation(on)
    municipality_id = municipality_by(home.database, municipality).municipality_id
    revoke_token(home.database, municipality_id, token, by="token revoke", now=home.clock.now())
    if as_json:
        print_json({"id": token, "revoked": True})
    else:
        say("Nyckeln gäller inte längre.")
