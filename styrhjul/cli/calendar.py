"""`styrhjul calendar`: links to a post's calendar or a policy's, for whoever is to subscribe to it."""

from __future__ import annotations

from typing import Annotated

import typer

from styrhjul.cli.context import (
    AsJson,
    CommandFailed,
    MunicipalitySlug,
    OnDay,
    open_installation,
    policy_meant,
    print_json,
    say,
)
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
    from styrhjul.services.cases.calendar_feed import share_calendar
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.calendar_feed import share_policy_calendar

    _refuse_both(post, policy)
    installation = open_installation(on)
    database, now = installation.database, installation.clock.now()
    municipality_id = municipality_by(database, municipality).municipality_id
    base_url = installation.settings.base_url
    if policy is not None:
        slug = policy_meant(installation, municipality, policy)
        shared = share_policy_calendar(database, municipality_id, slug, base_url, now)
    else:
        shared = share_calendar(database, municipality_id, post or "", base_url, now)
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
    from styrhjul.services.cases.calendar_feed import close_calendar
    from styrhjul.services.municipality.directory import municipality_by
    from styrhjul.services.policies.calendar_feed import close_policy_calendar

    _refuse_both(post, policy)
    installation = open_installation(on)
    database, now = installation.database, installation.clock.now()
    municipality_id = municipality_by(database, municipality).municipality_id
    if policy is not None:
        slug = policy_meant(installation, municipality, policy)
        ended = close_policy_calendar(database, municipality_id, slug, now)
    else:
        ended = close_calendar(database, municipality_id, post or "", now)
    if as_json:
        print_json({"ended": ended})
    else:
        say(f"{counted(ended, 'länk', 'länkar')} slutade gälla.")


def _refuse_both(post: str | None, policy: str | None) -> None:
    if (post is None) == (policy is None):
        raise CommandFailed("Skriv antingen --post BEFATTNING eller --policy KORTNAMN.")
