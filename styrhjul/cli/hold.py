"""Nothing leaves by itself until a person says so: after a restore, or when somebody must look first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from styrhjul.cli.context import AsJson, OnDay, open_installation, open_to_look, print_json, say
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.operations.reconcile import Reconciled

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

By = Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som bestämmer det. Skrivs i journalen.")]
_MOST_SHOWN = 20


@app.command(help="Håll tillbaka allt som skickas av sig självt, i hela installationen.")
def begin(
    by: By, reason: Annotated[str, typer.Option(metavar="SKÄL", help="Varför, på en rad.")], on: OnDay = None
) -> None:
    """Hold everything that leaves by itself."""
    from styrhjul.services.operations.hold import begin_hold

    home = open_installation(on)
    if begin_hold(home.database, reason=reason, by=by, now=home.clock.now()):
        say("Inget skickas av sig självt förrän: styrhjul hold end")
    else:
        say("Utskicken hålls redan tillbaka.")


@app.command(help="Visa om utskicken hålls tillbaka, sedan när och varför.")
def show(*, as_json: AsJson = False) -> None:
    """Show the hold in force."""
    from styrhjul.domain.moment import swedish_time
    from styrhjul.services.operations.hold import as_sentence, hold_in_force

    home = open_to_look()
    hold = hold_in_force(home.database)
    if as_json:
        print_json({"held": hold is not None, "hold": hold})
    elif hold is None:
        say(f"Inget hålls tillbaka i {home.where}.")
    else:
        print(f"Sedan {swedish_time(hold.since)}, av {hold.by}: {as_sentence(hold.reason)}")


@app.command(help="Stäm av det som väntar mot mejlserverns logg, så att inget som har skickats skickas en gång till.")
def reconcile(
    log: Annotated[
        Path,
        typer.Argument(metavar="LOGG", exists=True, dir_okay=False, help="Postfix logg, eller ett Message-ID per rad."),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Visa vad som skulle hända, utan att ändra något.")
    ] = False,
    zone: Annotated[
        str, typer.Option("--timezone", metavar="TIDSZON", help="Tidszonen i loggen, när dess rader inte säger den.")
    ] = "Europe/Stockholm",
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Hold what waits against the mail server's log."""
    from styrhjul.mail.relay_log import read_relay_log
    from styrhjul.services.operations.reconcile import reconcile as reconcile_with

    written_in = _zone(zone)
    home = open_installation(on)
    now = home.clock.now()
    with log.open(encoding="utf-8", errors="replace") as lines:
        departures = read_relay_log(lines, now.astimezone(written_in))
    found = reconcile_with(home.database, home.mailroom, departures, now, dry_run=dry_run)
    if as_json:
        print_json(found)
    else:
        _tell(found, dry_run=dry_run)


def _zone(name: str) -> ZoneInfo:
    """Raise typer's error for a name that is none. The relay stands in Sweden as a rule, whatever this machine's is."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter(
            f"--timezone: {name} är ingen tidszon. Skriv till exempel Europe/Stockholm eller UTC."
        ) from None


def _tell(found: Reconciled, *, dry_run: bool) -> None:
    marked = len(found.marked)
    noted = "skulle antecknas" if dry_run else "är antecknat" if marked == 1 else "är antecknade"
    sent = "skickat" if marked == 1 else "skickade"
    say(f"{counted(marked, 'mejl', 'mejl')} hade redan skickats och {noted} som {sent}.")
    for mail in found.marked[:_MOST_SHOWN]:
        print(f"  skickat  {mail.address}  {mail.subject}")
    say(f"{counted(len(found.waiting), 'mejl', 'mejl')} har inte skickats och går i väg när utskicken släpps.")
    for mail in found.waiting[:_MOST_SHOWN]:
        print(f"  väntar   {mail.address}  {mail.subject}")
    if found.unknown:
        say(
            f"{counted(len(found.unknown), 'mejl', 'mejl')} skickades efter säkerhetskopian och finns inte här. "
            "Länkarna i dem fungerar inte längre, och svar som gavs efter säkerhetskopian är borta. Det de gällde "
            "skickas igen."
        )
    for departure in found.unknown[:_MOST_SHOWN]:
        print(f"  okänt    {departure.address or '(mottagaren står inte i loggen)'}  {_shown(departure.at)}")
    if max(len(found.marked), len(found.waiting), len(found.unknown)) > _MOST_SHOWN:
        say(f"De första {_MOST_SHOWN} av varje slag visas. Alla finns med --json.")


def _shown(at: datetime | None) -> str:
    from styrhjul.domain.moment import swedish_time

    return swedish_time(at) if at else ""


@app.command(help="Låt allt skickas igen.")
def end(by: By, on: OnDay = None) -> None:
    """Let everything leave again."""
    from styrhjul.services.operations.hold import end_hold

    home = open_installation(on)
    end_hold(home.database, by=by, now=home.clock.now())
    say("Utskicken är släppta. Det som väntar skickas vid nästa puls.")
