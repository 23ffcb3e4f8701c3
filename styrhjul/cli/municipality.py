"""`styrhjul municipality`: who is served, and how its mail leaves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

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
    sound_day,
)
from styrhjul.cli.oidc import oidc

if TYPE_CHECKING:
    from styrhjul.services.mailing.signing import PublishedKey

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _municipality() -> None:
    """Keep `add` a word of its own."""


@app.command(help="Lägg till en kommun. Inga mejl skickas för den före `municipality release`.")
def add(
    *,
    slug: Annotated[str, typer.Option(metavar="KORTNAMN", help="Kortnamn i adresser: a–z, 0–9 och bindestreck.")],
    name: Annotated[str, typer.Option(metavar="NAMN", help="Namnet som det skrivs, till exempel ”Olofströms kommun”.")],
    sender: Annotated[str, typer.Option(metavar="ADRESS", help="Adressen som mejlen skickas från.")],
    reply_to: Annotated[str, typer.Option(metavar="ADRESS", help="Registratorns adress, dit svar på mejlen går.")],
    starts_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            callback=sound_day,
            metavar="DATUM",
            help="Första dagen något följs upp. Annars i dag.",
        ),
    ] = None,
    chief_executive_title: Annotated[
        str, typer.Option(metavar="TITEL", help="Vad kommunen kallar sin kommunchef.")
    ] = "kommunchef",
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Add a municipality. Nothing is sent for it before `municipality release`."""
    from config.clock import today
    from styrhjul.services.municipality.directory import NewMunicipality, add_municipality

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


@app.command(help="Låt kommunens mejl skickas, när samordnaren har sett prognosen.")
def release(municipality: MunicipalitySlug, on: OnDay = None, as_json: AsJson = False) -> None:
    """Let a municipality's mails leave, those of the policies it has included, once the forecast has been seen."""
    from styrhjul.cli.load import print_load
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.release import preview_municipality, release_municipality

    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    if not as_json:
        print_load(preview_municipality(installation.database, municipality_id, installation.clock.now()))
    release_municipality(installation.database, municipality_id, installation.clock.now())
    if as_json:
        print_json({"slug": municipality, "released": True})
    else:
        say("Mejlen får skickas från och med nu.")


@app.command(help="Gör en nyckel som signerar kommunens mejl (DKIM), och slå på den när den står i DNS.")
def dkim(
    municipality: Annotated[str, typer.Argument(metavar="KORTNAMN", help="Kommunens kortnamn.")],
    *,
    selector: Annotated[str, typer.Option(metavar="NAMN", help="Nyckelns namn i DNS, till exempel v27.")] = "",
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="En Ed25519-nyckel i stället för RSA. Få mottagare känner den.")
    ] = False,
    activate: Annotated[
        bool, typer.Option("--activate", help="Posten står i DNS: signera mejlen från och med nu.")
    ] = False,
    off: Annotated[bool, typer.Option("--off", help="Skicka mejlen osignerade.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Make a key, activate one that has been published, or let mails leave unsigned."""
    from styrhjul.mail.signature import Algorithm
    from styrhjul.services.mailing import signing
    from styrhjul.services.municipality.directory import municipality_by

    if off is bool(selector) or (off and activate):
        raise typer.BadParameter("Ange --selector NAMN, med eller utan --activate, eller bara --off.")
    installation = open_installation(on)
    now, sealer = installation.clock.now(), installation.mailroom.sealer
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    if off:
        signing.stop_signing(installation.database, municipality_id, now)
        return print_json({"selector": None}) if as_json else say("Mejlen skickas osignerade från och med nu.")
    if activate:
        key = signing.activate_key(installation.database, sealer, municipality_id, selector, now)
    else:
        algorithm = Algorithm.ED25519 if ed25519 else Algorithm.RSA
        key = signing.make_key(installation.database, sealer, municipality_id, (selector, algorithm), now)
    return print_json(key) if as_json else _tell_key(key, municipality)


def _tell_key(key: PublishedKey, municipality: str) -> None:
    if key.is_active:
        say(f"Mejlen signeras från och med nu av {key.selector} för {key.domain}.")
        return
    print(key.zone_line)
    say("Lägg in posten i DNS, vänta tills den syns, och kör sedan:")
    say(f"  styrhjul municipality dkim {municipality} --selector {key.selector} --activate")


@app.command(help="Provkör: alla kommunens mejl går till en enda adress. Bara före municipality release.")
def trial(
    slug: Annotated[str, typer.Argument(metavar="KORTNAMN", help="Kommunens kortnamn.")],
    *,
    by: Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som bestämmer det. Skrivs i journalen.")],
    to: Annotated[str | None, typer.Option(metavar="ADRESS", help="Dit alla mejl går i stället.")] = None,
    end: Annotated[bool, typer.Option("--end", help="Avsluta. Inget av det som skickades räknas.")] = False,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Let every mail of a municipality leave to one address, or end that."""
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.municipality.trial import NoTrial, begin_trial, end_trial

    if end == (to is not None):
        raise typer.BadParameter("skriv --to ADRESS eller --end")
    home = open_installation(on)
    municipality_id, now = municipality_by(home.database, slug).municipality_id, home.clock.now()
    try:
        if to is not None:
            begin_trial(home.database, municipality_id, to_address=to, by=by, now=now)
            ended = None
        else:
            ended = end_trial(home.database, municipality_id, by=by, now=now)
    except NoTrial as refusal:
        raise CommandFailed(str(refusal)) from None
    if as_json:
        print_json({"slug": slug, "trial_to": to, "notices_cancelled": ended})
    elif to is not None:
        say(f"Kommunen provkörs: alla mejl går till {to}. Länkarna i dem öppnar inget, och inget räknas.")
    else:
        say(
            f"Provkörningen är avslutad. {ended} aviseringar räknas inte. Frågorna skickas på riktigt efter "
            "municipality release."
        )


@app.command(help="Visa hur det står till med kommunens mejl.")
def show(municipality: OneOrAll = None, as_json: AsJson = False) -> None:
    """Show whether municipalities' mails leave, and where, and by which id the log knows them."""
    from styrhjul.domain.moment import local_date
    from styrhjul.services.municipality.directory import municipalities_meant

    lines = municipalities_meant(open_to_look().database, municipality)
    if as_json:
        print_json(lines[0] if municipality else lines)
        return
    for line in lines:
        print(f"{line.name} ({line.slug}, i loggen {line.municipality_id})")
        if line.trial_to:
            print(f"PROVKÖRS: alla mejl går till {line.trial_to} i stället, och räknas inte.")
        released = f"släppta sedan {local_date(line.released_at)}" if line.released_at else "inte släppta"
        print(f"Mejlen är {released}.")


@app.command("list", help="Visa vilka kommuner som finns: kortnamn, namn, om mejlen är släppta, och vad som är fel.")
def list_municipalities(as_json: AsJson = False) -> None:
    """List the municipalities, with whether their mail leaves and how much is set aside."""
    from styrhjul.services.municipality.directory import municipalities_meant
    from styrhjul.services.operations.quarantine import list_quarantine

    home = open_to_look()
    rows = [
        {
            "slug": line.slug,
            "name": line.name,
            "released": line.released_at is not None,
            "trial": line.trial_to is not None,
            "set_aside": len(list_quarantine(home.database, line.municipality_id)),
        }
        for line in municipalities_meant(home.database, None)
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        stands = "provkörs" if row["trial"] else "släppt" if row["released"] else "inte släppt"
        aside = f"  åt sidan: {row['set_aside']}" if row["set_aside"] else ""
        print(f"{row['slug']:<20}  {stands:<11}  {row['name']}{aside}")
    if not rows:
        say(f"Ingen kommun finns i {home.where}.")


app.command("oidc", help="Låt kommunens användare logga in med kommunens konto (OpenID Connect).")(oidc)
