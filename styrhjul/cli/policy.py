"""`styrhjul policy`: documents in, their duties decided about, and their mails let go."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, MunicipalitySlug, OnDay, open_installation, open_to_look, print_json, say
from styrhjul.cli.policy_duty import app as duty_app
from styrhjul.cli.policy_import import import_policies
from styrhjul.cli.policy_lint import lint
from styrhjul.cli.policy_review import review
from styrhjul.cli.words import counted

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("import", help="Läs styrdokument och föreslå deras skyldigheter.")(import_policies)
app.command(help="Gå igenom det som väntar på att bekräftas, en skyldighet i taget.")(review)
app.command(help="Visa vad ett dokument är otydligt om och vad som kan skrivas i stället.")(lint)
app.add_typer(duty_app, name="duty", help="Visa, bekräfta, rätta, avvisa och lägg till skyldigheter.")


@app.callback()
def _policy() -> None:
    """Keep `release` a word of its own."""


@app.command("list", help="Visa kommunens styrdokument med de kortnamn som andra kommandon tar.")
def list_(municipality: MunicipalitySlug, on: OnDay = None, as_json: AsJson = False) -> None:
    """Show the policies by title."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.named import list_policies

    home = open_to_look(on)
    found = list_policies(home.database, municipality_by(home.database, municipality).municipality_id)
    if as_json:
        print_json(found)
        return
    for policy in found:
        duties = f"{counted(policy.confirmed, 'bekräftad', 'bekräftade')}, {policy.waiting} väntar"
        mails = "upphävt" if policy.repealed_on else "mejl skickas" if policy.released_at else "mejlen inte släppta"
        print(f"{policy.slug}\t{policy.title}\t{policy.adopter}\t{duties}\t{mails}")
    if found:
        say("Kortnamnet står först. Det räcker att skriva så mycket av det att bara ett styrdokument börjar så.")
    else:
        say("Inget styrdokument är inläst. Läs in med: styrhjul import")


@app.command(help="Visa vad som skulle skickas om inlästa dokument och, med --confirm, släpp fram det.")
def release(
    municipality: MunicipalitySlug,
    policy: Annotated[
        list[str] | None,
        typer.Option(metavar="KORTNAMN", help="Dokumentets kortnamn. Annars alla som väntar."),
    ] = None,
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Släpp fram mejlen.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Show the load of the next twelve months and, with --confirm, let the mails leave."""
    from styrhjul.cli.load import print_load
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.release import preview_release, release_policies

    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    act = release_policies if confirm else preview_release
    told = act(installation.database, municipality_id, policy, installation.clock.now())
    if as_json:
        print_json({"released": confirm, **dataclasses.asdict(dataclasses.replace(told, lines=()))})
        return
    print("\n".join(told.policies))
    print_load(told.load)
    if told.not_followed:
        closed = counted(told.not_followed, "ärende har", "ärenden har")
        say(f"{closed} för nära frist och antecknas utan att följas.")
    say("Mejlen får skickas från och med nu." if confirm else "Inget är släppt; lägg till --confirm för att släppa.")
