"""`styrhjul calendar`: links to a post's calendar, for whoever holds it to subscribe to."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, MunicipalitySlug, OnDay, open_installation, print_json, say
from styrhjul.cli.words import counted

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

PostNamed = Annotated[
    str | None, typer.Option("--post", metavar="BEFATTNING", help="Befattningens titel, ”titel, organ” eller id.")
]
PolicyNamed = Annotated[
    str | None, typer.Option("--policy", metavar="KORTNAMN", help="Ett styrdokument i stället för en befattning.")
]


@app.command(
    help="Gör en länk att prenumerera på, till en befattnings eller ett styrdokuments dagar. "
    "De länkar som fanns slutar gälla."
)
def link(
    municipality: MunicipalitySlug,
    *,
    post: PostNamed = None,
    policy: PolicyNamed = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Make a link to subscribe to."""
    from styrhjul.services.calendar_feed import share_calendar
    from styrhjul.services.municipality import municipality_by
    from styrhjul.services.policy_calendar import share_policy_calendar

    named, share = (policy, share_policy_calendar) if _is_policy(post, policy) else (post, share_calendar)
    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    shared = share(
        installation.database, municipality_id, named or "", installation.settings.base_url, installation.clock.now()
    )
    if as_json:
        print_json(shared)
        return
    print(shared.url)
    say(f"Den som har länken ser dagarna för {shared.post}. Den visas bara nu.")


@app.command(help="Stäng en befattnings eller ett styrdokuments kalender: alla länkar till den slutar gälla.")
def close(
    municipality: MunicipalitySlug,
    *,
    post: PostNamed = None,
    policy: PolicyNamed = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """End every link to a calendar."""
    from styrhjul.services.calendar_feed import close_calendar
    from styrhjul.services.municipality import municipality_by
    from styrhjul.services.policy_calendar import close_policy_calendar

    named, end = (policy, close_policy_calendar) if _is_policy(post, policy) else (post, close_calendar)
    installation = open_installation(on)
    municipality_id = municipality_by(installation.database, municipality).municipality_id
    ended = end(installation.database, municipality_id, named or "", installation.clock.now())
    if as_json:
        print_json({"ended": ended})
    else:
        say(f"{counted(ended, 'länk', 'länkar')} slutade gälla.")


def _is_policy(post: str | None, policy: str | None) -> bool:
    """Tell which of the two is meant. Raises CommandFailed unless it is one."""
    if (post is None) == (policy is None):
        raise CommandFailed("Skriv antingen --post BEFATTNING eller --policy KORTNAMN.")
    return policy is not None
