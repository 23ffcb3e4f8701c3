"""Mail that comes in: taking it from files or over LMTP, listing what has come, and getting one out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    open_installation,
    open_to_look,
    print_json,
    say,
)
from styrhjul.cli.out import write_out

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(help="Ta in mejl ur filer, så som de kom till postlådan. Samma mejl två gånger räknas en gång.")
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FIL…", exists=True, dir_okay=False)],
    as_json: AsJson = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa bara vad varje mejl är. Inget sparas.")] = False,
    on: OnDay = None,
) -> None:
    """Take in mails from files."""
    from styrhjul.mail.inbound.limited import read_mail
    from styrhjul.services.delivery.inbound import Arrived, take_in

    installation = None if dry_run else open_installation(on)
    for file in files:
        raw = file.read_bytes()
        if installation is None:
            reading = read_mail(raw)
            row = {"file": str(file), "kind": reading.kind, "reason": reading.reason, "effect": ""}
        else:
            taken = take_in(installation.database, installation.mailroom, Arrived(raw=raw), installation.clock.now())
            row = {"file": str(file), "kind": taken.kind, "reason": taken.reason, "effect": taken.effect}
        if as_json:
            print_json(row)
        else:
            print(f"{file}: {row['reason']} {row['effect']}".rstrip())


@app.command(name="list", help="Visa vad som har kommit in, det nyaste först.")
def list_mails(
    municipality: Annotated[
        str | None, typer.Option("--municipality", metavar="KORTNAMN", help="Kommunens kortnamn.")
    ] = None,
    strays: Annotated[bool, typer.Option("--strays", help="Det som inte hör till någon kommun.")] = False,
    most: Annotated[int, typer.Option("--most", min=1, max=1000, metavar="N", help="Så många.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what has come in."""
    from styrhjul.services.delivery.inbound import list_taken_in
    from styrhjul.services.municipality.directory import municipality_by

    if (municipality is None) != strays:
        raise CommandFailed("Skriv --municipality KORTNAMN, eller --strays för det som inte hör till någon.")
    database = open_to_look().database
    lines = list_taken_in(
        database, municipality_by(database, municipality).municipality_id if municipality else None, most
    )
    if as_json:
        print_json(lines)
        return
    for line in lines:
        print(f"{line.inbound_id}  {line.received_at:%Y-%m-%d %H:%M}  {line.sender or '(okänd)'}  {line.subject}")
        print(f"    {line.reason} {line.effect}".rstrip())
    if not lines:
        say("Inget har kommit in.")


@app.command(help="Skriv ett mejl som det kom till en fil. Den kan innehålla en svarslänk som fungerar.")
def export(
    inbound: Annotated[str, typer.Argument(metavar="ID", help="Id enligt listan.")],
    municipality: MunicipalitySlug,
    out: Annotated[Path, typer.Option("--out", metavar="FIL", help="Filen som skrivs. Den får inte finnas.")],
) -> None:
    """Write one mail as it came."""
    from styrhjul.services.delivery.inbound import NoSuchInbound, bytes_of
    from styrhjul.services.foundation.leaving_file import MEDIA_TYPES, LeavingFile
    from styrhjul.services.municipality.directory import municipality_by

    installation = open_to_look()
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    try:
        raw = bytes_of(installation.database, installation.mailroom, municipality_id, inbound)
    except NoSuchInbound as refusal:
        raise CommandFailed(str(refusal)) from None
    write_out({out: LeavingFile(out.name, MEDIA_TYPES["eml"], raw)})
    say(f"Skrev {out}.")


@app.command(help="Ta emot mejl över LMTP på STYRHJUL_LMTP_PORT.")
def serve() -> None:
    """Serve the LMTP port until told to stop."""
    import asyncio
    import signal

    from styrhjul.cli.tree import listen
    from styrhjul.mail.lmtp import Handover, serve_lmtp
    from styrhjul.services.delivery.inbound import Arrived, is_ours, take_in

    here = open_installation()
    if not here.settings.lmtp_port:
        raise CommandFailed("Ange porten i STYRHJUL_LMTP_PORT.")
    listening = listen(here.settings.lmtp_port, host=here.settings.lmtp_host)

    def take(raw: bytes, sender: str, recipient: str) -> None:
        arrived = Arrived(raw=raw, sender=sender, recipients=(recipient,))
        take_in(here.database, here.mailroom, arrived, here.clock.now())

    async def run() -> None:
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        limit = here.settings.inbound_limit_mb * 1024 * 1024
        ours = Handover(is_ours=lambda to: is_ours(here.database, here.mailroom, to), take=take, limit_bytes=limit)
        await serve_lmtp(listening, ours, stopped)

    asyncio.run(run())
    here.close()
