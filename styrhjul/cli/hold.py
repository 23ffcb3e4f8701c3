"""Nothing leaves by itself until a person says so: after a restore, or when somebody must look first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, OnDay, open_installation, print_json, say
from styrhjul.cli.words import counted

if TYPE_CHECKING:
    from styrhjul.services.operations.reconcile import Reconciled

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

By = Annotated[str, typer.Option(metavar="BEFATTNING", help="Vem som bestämmer det. Skrivs i journalen.")]
_MOST_SHOWN = 20


@app.command(help="Håll tillbaka allt som lämnar av sig självt, i hela installationen.")
def begin(
    by: By, reason: Annotated[str, typer.Option(metavar="SKÄL", help="Varför, på en rad.")], on: OnDay = None
) -> None:
    """Hold everything that leaves by itself."""
    from styrhjul.services.operations.hold import begin_hold

    home = open_installation(on)
    if begin_hold(home.database, reason=reason, by=by, now=home.clock.now()):
        say("Inget lämnar av sig självt förrän: styrhjul hold end")
    else:
        say("Utskicken hålls redan tillbaka.")


@app.command(help="Visa om utskicken hålls tillbaka, sedan när och varför.")
def show(*, as_json: AsJson = False) -> None:
    """Show the hold in force."""
    from styrhjul.domain.moment import STOCKHOLM
    from styrhjul.services.operations.hold import hold_in_force

    hold = hold_in_force(open_installation().database)
    if as_json:
        print_json({"held": hold is not None, "hold": hold})
    elif hold is None:
        say("Inget hålls tillbaka.")
    else:
        print(f"Sedan {hold.since.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}, av {hold.by}: {hold.reason}")


@app.command(help="Stäm av det som väntar mot mejlserverns logg, så att inget som har lämnat skickas igen.")
def reconcile(
    log: Annotated[
        Path,
        typer.Argument(metavar="LOGG", exists=True, dir_okay=False, help="Postfix logg, eller ett Message-ID per rad."),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Visa vad som skulle hända, utan att ändra något.")
    ] = False,
    as_json: AsJson = False,
    on: OnDay = None,
) -> None:
    """Hold what waits against the mail server's log."""
    from styrhjul.mail.relay_log import read_relay_log
    from styrhjul.services.operations.reconcile import reconcile as reconcile_with

    home = open_installation(on)
    now = home.clock.now()
    with log.open(encoding="utf-8", errors="replace") as lines:
        departures = read_relay_log(lines, now)
    found = reconcile_with(home.database, home.mailroom, departures, now, dry_run=dry_run)
    if as_json:
        print_json(found)
    else:
        _tell(found, dry_run=dry_run)


def _tell(found: Reconciled, *, dry_run: bool) -> None:
    verb = "skulle antecknas" if dry_run else "är antecknade"
    say(f"{counted(len(found.marked), 'mejl', 'mejl')} hade redan lämnat och {verb} som skickade.")
    for mail in found.marked[:_MOST_SHOWN]:
        print(f"  lämnat   {mail.address}  {mail.subject}")
    say(f"{counted(len(found.waiting), 'mejl', 'mejl')} har inte lämnat och skickas när utskicken släpps.")
    for mail in found.waiting[:_MOST_SHOWN]:
        print(f"  väntar   {mail.address}  {mail.subject}")
    if found.unknown:
        say(
            f"{counted(len(found.unknown), 'mejl', 'mejl')} lämnade efter säkerhetskopian och finns inte här. Länkarna "
            "i dem fungerar inte längre, och svar som gavs efter säkerhetskopian är borta. Det de gällde skickas igen."
        )
    for departure in found.unknown[:_MOST_SHOWN]:
        print(f"  okänt    {departure.address or '(mottagaren står inte i loggen)'}  {_shown(departure.at)}")
    if max(len(found.marked), len(found.waiting), len(found.unknown)) > _MOST_SHOWN:
        say(f"De första {_MOST_SHOWN} av varje slag visas. Alla finns med --json.")


def _shown(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="minutes") if at else ""


@app.command(help="Låt allt lämna igen.")
def end(by: By, on: OnDay = None) -> None:
    """Let everything leave again."""
    from styrhjul.services.operations.hold import end_hold

    home = open_installation(on)
    end_hold(home.database, by=by, now=home.clock.now())
    say("Utskicken är släppta. Det som väntar lämnar vid nästa puls.")
