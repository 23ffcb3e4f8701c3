"""`styrhjul webhook`: which other systems are told what happens, and how they are doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    open_installation,
    open_to_look,
    print_json,
    say,
)
from styrhjul.cli.words import STANDING_WORDS
from styrhjul.domain.webhook import SUBSCRIBED, HookEvent

if TYPE_CHECKING:
    from styrhjul.services.api.webhook import MessageLine

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_EVENTS = ", ".join(SUBSCRIBED)
_ID = typer.Argument(metavar="ID", help="Webhookens id, som webhook list visar det.")
WebhookId = Annotated[str, _ID]


@app.command(help="Registrera en mottagare. Hemligheten visas en gång.")
def add(
    *,
    municipality: MunicipalitySlug,
    url: Annotated[str, typer.Option(metavar="URL", help="Mottagarens adress, som https://…")],
    event: Annotated[
        list[str] | None, typer.Option("--event", metavar="HÄNDELSE", help=f"En eller flera av {_EVENTS}; annars alla.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Register an endpoint."""
    from styrhjul.services.api.webhook import WAITS_IN_DEMO, add_webhook
    from styrhjul.services.municipality.directory import municipality_by

    if unknown := [each for each in event or [] if each not in SUBSCRIBED]:
        raise typer.BadParameter(f"{unknown[0]} finns inte; välj bland {_EVENTS}")
    home = open_installation()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    new = add_webhook(
        *(home.database, home.outlet, municipality_id),
        url=url,
        events=[HookEvent(each) for each in event] if event else SUBSCRIBED,
        by="webhook add",
        now=home.clock.now(),
    )
    if as_json:
        print_json({"id": new.webhook_id, "secret": new.secret})
        return
    say("Mottagaren är registrerad. Spara hemligheten där: den visas inte igen.")
    if not home.clock.is_wall:
        say(f"{WAITS_IN_DEMO} Skicka ett med: styrhjul webhook test")
    print(f"{new.webhook_id}\t{new.secret}")


@app.command("list", help="Visa mottagarna och hur det går för dem.")
def list_webhooks(municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Show the endpoints."""
    from styrhjul.services.api.webhook import WAITS_IN_DEMO, webhooks_of
    from styrhjul.services.municipality.directory import municipality_by

    home = open_to_look()
    found = webhooks_of(home.database, municipality_by(home.database, municipality).municipality_id)
    if as_json:
        print_json(found)
        return
    for hook in found:
        standing = STANDING_WORDS[hook.standing]
        print(f"{hook.webhook_id}\t{hook.url}\t{', '.join(hook.events)}\t{standing}\t{hook.waiting} väntar")
    if found and not home.clock.is_wall:
        say(WAITS_IN_DEMO)
    if not found:
        say("Inga andra system får veta något. Lägg till ett med: styrhjul webhook add")


@app.command("test", help="Skicka ett provmeddelande nu och visa hur det gick. Slutar med 1 om det inte kom fram.")
def send_test(webhook_id: WebhookId, municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Queue a test as any other message, and send it before all others."""
    from styrhjul.services.api.webhook import messages_of, queue_test
    from styrhjul.services.api.webhook_deliver import deliver_webhooks
    from styrhjul.services.municipality.directory import municipality_by

    home = open_installation()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    message_id = queue_test(home.database, municipality_id, webhook_id, home.clock.now())
    deliver_webhooks(home.database, home.outlet, home.clock.now, only=[message_id])
    sent = {each.message_id: each for each in messages_of(home.database, municipality_id, webhook_id)}[message_id]
    if as_json:
        print_json({"id": f"msg_{message_id}", "status": sent.status, "outcome": sent.outcome})
    _say_how(sent)


def _say_how(sent: MessageLine) -> None:
    if sent.status != "delivered":
        raise CommandFailed(f"Provmeddelandet har inte kommit fram: {sent.outcome or 'det väntar bakom andra'}")
    say(f"Provmeddelandet har kommit fram: {sent.outcome}")


@app.command(help="Låt en pausad mottagare få det som har väntat, och det som kommer.")
def resume(webhook_id: WebhookId, municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Let an endpoint go on."""
    from styrhjul.services.api.webhook import resume_webhook
    from styrhjul.services.municipality.directory import municipality_by

    home = open_installation()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    resume_webhook(home.database, municipality_id, webhook_id, by="webhook resume", now=home.clock.now())
    if as_json:
        print_json({"id": webhook_id, "paused": False})
    else:
        say("Mottagaren får meddelanden igen.")


@app.command(help="Ta bort en mottagare. Det som väntar på den skickas inte.")
def remove(webhook_id: WebhookId, municipality: MunicipalitySlug, as_json: AsJson = False) -> None:
    """Remove an endpoint."""
    from styrhjul.services.api.webhook import remove_webhook
    from styrhjul.services.municipality.directory import municipality_by

    home = open_installation()
    municipality_id = municipality_by(home.database, municipality).municipality_id
    remove_webhook(home.database, municipality_id, webhook_id, by="webhook remove", now=home.clock.now())
    if as_json:
        print_json({"id": webhook_id, "removed": True})
    else:
        say("Mottagaren är borttagen.")
