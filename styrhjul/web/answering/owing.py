"""Who owes an answer, who is to give it, and what has not been handed in, as the pages say it."""

from __future__ import annotations

from datetime import date

from styrhjul.db.overview_query import CaseLine
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.mail.catalogue import message
from styrhjul.mail.swedish import definite, inside, number, start, the_office

#: What a body has or has not handed in.
OWED_WORDS: dict[str, str] = {
    LifecycleKey.GOAL_SETTING: message("mål för"),
    LifecycleKey.ACTION_PLANNING: message("besked om handlingsplan för"),
    LifecycleKey.FOLLOW_UP: message("uppföljningen för"),
    LifecycleKey.PROJECT_FOLLOW_UP: message("uppföljningen av projekt för"),
    LifecycleKey.ANNUAL_REPORT: message("avsnittet i årsredovisningen för"),
    LifecycleKey.REVISION: message("revideringen för"),
    LifecycleKey.REFERRAL: message("svaret på remissen från"),
    LifecycleKey.CURRENCY_REVIEW: message("aktualitetsprövningen för"),
    LifecycleKey.HANDOVER: message("uppgifterna om nya uppdrag för"),
}


def who_answers(case: CaseLine, title: str) -> str:
    """Return who is to answer: the office that was given the case or, by itself, whoever owes it."""
    return start(the_office(case.given_to)) if case.given_to else who_owes(case, title)


def who_owes(case: CaseLine, title: str) -> str:
    """Return who owes the answer: the body, the chief executive or the coordinator."""
    if case.holder is Holder.COORDINATOR:
        return "Samordnaren"
    return start(definite(title)) if case.holder is Holder.CHIEF_EXECUTIVE else case.body_name


def owed(case: CaseLine, title: str, today: date, count: int = 1) -> str:
    """Return "Socialnämnden har inte lämnat uppföljningen för 2026"; of several, how many.

    Of a body that is no more it says that nobody has.
    """
    if case.body_has_ended(today):
        ended = inside(case.body_name) if count == 1 else f"{number(count)} organ"
        return f"Ingen har lämnat {OWED_WORDS[case.lifecycle]} {case.period_words}: {ended} har upphört"
    who, what = who_owes(case, title), f"har inte lämnat {OWED_WORDS[case.lifecycle]} {case.period_words}"
    if count == 1:
        return f"{who} {what}"
    several = f"{number(count)} organ"
    return f"{start(several)} {what}" if who == case.body_name else f"{who} {what}, {several}"


def who_takes_over(case: CaseLine) -> str:
    """Return who has the case of a body that is no more."""
    if case.given_to is None:
        return "Samordnaren bestämmer vem som tar över."
    return f"Ärendet ligger hos {the_office(case.given_to)}, som svarar eller bestämmer vem som tar över."
