"""Every page there is, by the pattern of its route, and an address for each in the town that was played."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from styrhjul.db.case_model import Case
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Appointment, Body, Duty, Meeting, Municipality, Policy
from styrhjul.db.order_model import Order, OrderKind, OrderStatus
from styrhjul.domain.moment import local_date
from styrhjul.mail.catch import Catcher
from styrhjul.services.foundation.order import Wish, orders_of, place_order
from styrhjul.services.operations.order_making import make_orders
from styrhjul.services.sign_in.operator import open_glass
from styrhjul.web.rate import Rate
from styrhjul.web.rules import RULES, Permission

if TYPE_CHECKING:
    from styrhjul.services.foundation.installation import Installation

TOWN = "olofstrom"
#: What a route gives that is no page of its own: files, feeds, the inside of a frame, what a machine asks, a way back.
#: The way to the municipality's own sign-in service leads out of here.
NO_PAGE = re.compile(
    r"/health/|/api/v1/|/favicon|/oidc/|\.(ics|json|jsonld|csv)$|/(eml|pdf|json|html|xlsx|csv|file|template|pick)$"
)
#: Pages to be seen without an address of their own to fill in: a link leads to them, tests/web walks them.
BY_LINK = frozenset({Permission.ANSWER_LINK})

PAGES = tuple(
    rule.path
    for rule in RULES
    if rule.method == "GET"
    and rule.permission not in BY_LINK
    and rule.rate not in (Rate.EXPORT, Rate.FREE)
    and not NO_PAGE.search(rule.path)
)


def filled(pattern: str, home: Installation) -> str:
    """Return an address of the route. Raises KeyError for a part that nobody has said how to fill in."""
    ways: dict[str, Callable[[], str]] = {
        "municipality": lambda: TOWN,
        "policy": lambda: first(home, Policy.slug),
        "case_id": lambda: gravest_case(home),
        "mail_id": lambda: first(home, Mail.id, Mail.status == MailStatus.ACCEPTED),
        "body": lambda: first(home, Body.slug, Body.kind == "committee"),
        "post_id": lambda: first(home, Appointment.post_id),
        "person_id": lambda: first(home, Appointment.person_id),
        "on": lambda: coming_meeting(home),
        "duty": lambda: first_duty(home),
        "key": lambda: "goals_opened",
        "year": lambda: str(local_date(home.clock.now()).year),
        "act": lambda: "extend",
        "lifecycle": lambda: "goal_setting",
        "kept": lambda: "inbound_text",
        "order_id": lambda: order_in_the_making(home),
        "name": lambda: Catcher(home.settings.data_dir / "mail").names()[0],
        "token": lambda: opening(home) if "operator" in pattern else open_links(home)[0],
    }
    if "/orders" in pattern:
        order_in_the_making(home)
    return re.sub(r"\{(\w+)\}", lambda part: ways[part[1]](), pattern)


def first(home: Installation, column: object, *where: object) -> str:
    with home.database.reading(town_id(home)) as session:
        return str(session.scalars(select(column).where(*where).order_by(column)).first())  # type: ignore[call-overload]


def town_id(home: Installation) -> str:
    with home.database.system(read_only=True) as session:
        return session.scalars(select(Municipality.id).where(Municipality.slug == TOWN)).one()


def coming_meeting(home: Installation) -> str:
    """Return the day on which the body that is shown meets next."""
    coming = Meeting.meets_on > local_date(home.clock.now())
    return first(home, Meeting.meets_on, coming, Meeting.body_id == Body.id, Body.slug == filled("{body}", home))


def first_duty(home: Installation) -> str:
    """Return a duty of the policy that is shown."""
    return first(home, Duty.id, Duty.policy_id == Policy.id, Policy.slug == filled("{policy}", home))


def opening(home: Installation) -> str:
    """Return the token of an opening for the operator: nobody goes in, so it stays."""
    opened = open_glass(
        home.database,
        home.mailroom,
        municipality_id=town_id(home),
        reason="Felsökning av inläsningen",
        minutes=60,
        now=home.clock.now(),
    )
    return str(opened.token)


def order_in_the_making(home: Installation) -> str:
    """Return an order that somebody is making; one more is made."""
    now, here = home.clock.now(), orders_of(home.database, town_id(home))
    if here:
        return next(each.order_id for each in here if each.is_open)
    made = Wish(kind=OrderKind.AUDIT_PACK, title="Granskningsunderlag", wanted={"policy": filled("{policy}", home)})
    place_order(home.database, town_id(home), made, by="Revisorn", now=now)
    make_orders(home)
    wish = Wish(kind=OrderKind.EXPORT, title="Allt som kommunen har i Styrhjul", wanted={})
    order_id = place_order(home.database, town_id(home), wish, by="Samordnaren", now=now)
    with home.database.municipality(town_id(home)) as session:
        session.execute(update(Order).where(Order.id == order_id).values(status=OrderStatus.MAKING, percent=43))
    return order_id


def gravest_case(home: Installation) -> str:
    """The case that was due first and still waits."""
    with home.database.reading(town_id(home)) as session:
        open_cases = select(Case.id).where(Case.state == "open").order_by(Case.due_on, Case.id)
        return session.scalars(open_cases).first() or first(home, Case.id)


def open_links(home: Installation) -> list[str]:
    """Return the tokens of the newest mails that ask the town for goals, the newest first."""
    catcher = Catcher(home.settings.data_dir / "mail")
    mails = [mail for name in catcher.names()[:80] if (mail := catcher.message(name))]
    mails = [mail for mail in mails if TOWN in mail.to and "mål för" in mail.subject]
    return [token for mail in mails for token in re.findall(r"/a/([A-Za-z0-9_-]{20,})", mail.text)]
