"""What a municipality's own words may name: flat values of a mail, each a text, a number or a day, none a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from styrhjul.mail.context import CONTEXTS, Digest, EmailContext, EscalationDigest, Receipt
from styrhjul.mail.delegation import CaseDelegated
from styrhjul.mail.feedback import AccessibilityFeedback
from styrhjul.mail.item import Item
from styrhjul.mail.late import LateMails
from styrhjul.mail.matter import OneMatter
from styrhjul.mail.sign_in import BreakGlassOpened, SignInCode

Value = str | int | date

#: The key that stands for every mail.
EVERY = "all"
#: What may stand after a bar, in every language: names that its grammar has. Days are told as seen from the mail's own.
DAY_FILTERS = ("day", "weekday")
FILTERS = (*DAY_FILTERS, "number", "start", "inside", "definite")

_OF_ALL = {
    "municipality_name": "kommunens namn",
    "office": "uppdraget som läser mejlet, till exempel ordförande, socialnämnden",
    "body_name": "organet, till exempel Socialnämnden",
    "reply_to": "registratorns adress, dit svar går",
    "phone": "telefonnumret, tomt om inget är angett",
    "today": "dagen då mejlet skrivs",
}
_OF_ONE = {
    "policy_title": "dokumentets titel",
    "period": "det som ärendet gäller, till exempel 2027",
    "case_ref": "ärendets korta beteckning",
    "opens_on": "dagen då ärendet öppnade",
    "due_on": "sista dagen att svara",
    "papers_on": "sista dagen för handlingarna, tomt om ingen är känd",
    "meeting_on": "sammanträdet, tomt om inget är känt",
    "diary_number": "diarienumret, tomt om inget är känt",
}
_OF_SEVERAL = {"matters": "antalet ärenden i mejlet", "due_on": "den tidigaste fristen"}
_OF_RECEIPT = {"handed_in_on": "dagen då svaret lämnades", "handed_in_by": "vem som lämnade svaret"}


def explained(key: str) -> Mapping[str, str]:
    """Return the names that a mail's words may use, each with its Swedish explanation. KeyError for an unknown key."""
    if key == EVERY:
        return _OF_ALL
    context = CONTEXTS[key]
    if issubclass(context, Digest | EscalationDigest):
        return _OF_ALL | _OF_SEVERAL
    if issubclass(context, LateMails | BreakGlassOpened | SignInCode | AccessibilityFeedback):
        return _OF_ALL
    return _OF_ALL | _OF_ONE | (_OF_RECEIPT if issubclass(context, Receipt) else {})


def names_of(key: str) -> set[str]:
    """Return the names alone."""
    return set(explained(key))


def values_of(context: EmailContext) -> dict[str, Value]:
    """Return what the names mean in one mail. What is not known is an empty text, so that every name always holds."""
    values = _of_all(context)
    match context:
        case Digest(items=items) | EscalationDigest(items=items):
            return values | {
                "today": items[0].today,
                "matters": sum(len(item.each) for item in items),
                "due_on": min(item.due_on for item in items),
            }
        case Receipt():
            given: dict[str, Value] = {"handed_in_on": context.handed_in_on, "handed_in_by": context.handed_in_by}
            return values | _of_one(context.item) | given
        case OneMatter() | CaseDelegated():
            return values | _of_one(context.item)
        case LateMails() | BreakGlassOpened() | SignInCode() | AccessibilityFeedback():
            return values | {"today": context.today}
        case _:
            raise TypeError(f"{type(context).__name__} is no mail that can be worded")


def _of_all(context: EmailContext) -> dict[str, Value]:
    sender, recipient = context.sender, context.recipient
    return {
        "municipality_name": sender.municipality_name,
        "office": recipient.office,
        "body_name": recipient.body_name,
        "reply_to": sender.reply_to,
        "phone": sender.phone or "",
    }


def _of_one(item: Item) -> dict[str, Value]:
    return {
        "today": item.today,
        "policy_title": item.policy_title,
        "period": item.period,
        "case_ref": item.case_ref,
        "opens_on": item.opens_on,
        "due_on": item.due_on,
        "papers_on": item.papers_on or "",
        "meeting_on": item.meeting_on or "",
        "diary_number": item.diary_number or "",
    }
