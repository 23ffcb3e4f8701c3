"""Values for previews and golden texts. The municipality is invented and every address is at example.org."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from styrhjul.domain.rung import Audience
from styrhjul.mail.item import Item, Recipient, Sender
from styrhjul.mail.sample_case import CASES, Told

SENDER = Sender(
    municipality_name="Exempelby kommun",
    chief_executive_title="kommunchef",
    reply_to="registrator@example.org",
    phone="000-00 00 00",
    is_example=True,
)


def item(key: str) -> Item:
    """Return the case as the rung with this e-mail key would tell of it; KeyError where no rung does."""
    family = _family(key)
    told = CASES[family]
    endings = [ending for ending, *_ in told.rungs]
    step = endings.index(key.removeprefix(f"{family}_"))
    ending, rung, audience, today = told.rungs[step]
    case = told.otherwise.get(ending, told.case)
    before = [on for _, _, to, on in told.rungs[:step] if to is Audience.HOLDER]
    case = replace(case, email=key, rung=rung, audience=audience, height=step, today=today, url=url(step))
    others = case.other_recipients if audience is Audience.HOLDER else ()
    return replace(case, **_days(told, ending), reminded_on=tuple(before)[:3], other_recipients=others)


def _family(key: str) -> str:
    return next(name for name in CASES if key.startswith(name))


def _days(told: Told, ending: str) -> dict[str, Any]:
    """The days it goes up, known from the warning on, and to those above the day of the warning too."""
    days = {ending: on for ending, _, _, on in told.rungs}
    found: dict[str, Any] = {}
    if ending in ("warning", "overdue", "escalation"):
        found = {"head_on": days.get("overdue"), "chief_executive_on": days["escalation"]}
    if ending in ("overdue", "escalation"):
        found["warned_on"] = days["warning"]
    return found


def recipient(told: Item) -> Recipient:
    """Return the office that such an item would be sent to."""
    board = "Kommunstyrelsen"
    if told.audience is Audience.CHIEF_EXECUTIVE:
        mailbox = f"{board}s funktionsbrevlåda" if told.last_stop else SENDER.chief_executive_title
        return Recipient(office=mailbox, body_name=board)
    if told.audience is Audience.BODY:
        return Recipient(office=f"ordförande, {told.body_name}", body_name=told.body_name)
    if told.audience is Audience.HEAD_OF_ADMINISTRATION:
        return Recipient(office=f"{told.head_title}, {told.body_name}", body_name=told.body_name)
    return Recipient(office=CASES[_family(told.email)].holder, body_name=told.body_name)


def url(number: int) -> str:
    """Return an address like a real one: a token of 43 characters at its end."""
    return f"https://styrhjul.example.org/s/{'exempel' + str(number):_<43}"
