"""The Swedish of recurring keys, for pages and commands alike: rounds, rungs, actions, states, notices."""

from __future__ import annotations

import re

from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.recurrence import every_so_many_years
from styrhjul.domain.rung import repeat_of
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality
from styrhjul.mail.catalogue import message

#: What marks a day or an interval that the municipality has set itself, everywhere with the same words.
NOT_THE_TEXT = message("kommunens standard, inte dokumentets text")
LIFECYCLE_WORDS: dict[str, str] = {
    LifecycleKey.GOAL_SETTING: "Mål",
    LifecycleKey.ACTION_PLANNING: "Handlingsplan",
    LifecycleKey.FOLLOW_UP: "Uppföljning",
    LifecycleKey.PROJECT_FOLLOW_UP: "Uppföljning av projekt",
    LifecycleKey.ANNUAL_REPORT: "Avsnitt i årsredovisningen",
    LifecycleKey.REVISION: "Revidering",
    LifecycleKey.REFERRAL: "Remiss",
    LifecycleKey.CURRENCY_REVIEW: "Aktualitetsprövning",
    LifecycleKey.HANDOVER: "Nya uppdrag",
}
#: The same inside a sentence, for readers of other languages too.
ROUND_WORDS: dict[str, str] = {
    LifecycleKey.GOAL_SETTING: message("mål"),
    LifecycleKey.ACTION_PLANNING: message("handlingsplan"),
    LifecycleKey.FOLLOW_UP: message("uppföljning"),
    LifecycleKey.PROJECT_FOLLOW_UP: message("uppföljning av projekt"),
    LifecycleKey.ANNUAL_REPORT: message("avsnitt i årsredovisningen"),
    LifecycleKey.REVISION: message("revidering"),
    LifecycleKey.REFERRAL: message("remiss"),
    LifecycleKey.CURRENCY_REVIEW: message("aktualitetsprövning"),
    LifecycleKey.HANDOVER: message("nya uppdrag"),
}
RUNG_WORDS = {
    "opened": "Runda öppnad",
    "welcome": "Välkomna till uppdraget",
    "halfway": "Påminnelse halvvägs",
    "reminder": "Påminnelse",
    "last_reminder": "Sista påminnelsen",
    "warning": "Förvarning",
    "head": "Upp ett steg",
    "chief_executive": "Upp två steg",
    "unreachable": "Ingen kunde förvarnas",
}
ACTION_WORDS = {
    ActionKind.SET_GOALS: "Sätta mål",
    ActionKind.ACTION_PLAN: "Göra en plan",
    ActionKind.FOLLOW_UP: "Följa upp",
    ActionKind.REPORT: "Redovisa",
    ActionKind.REVISE: "Revidera",
    ActionKind.OTHER_DUTY: "Annat",
}
STATE_WORDS = {
    State.OPEN: "öppet",
    State.UNDER_WAY: "pågår",
    State.REFERRED: "på remiss",
    State.PREPARED: "berett",
    State.SUBMITTED: "besvarat",
    State.DONE: "klart",
    State.WAIVED: "avslutat utan svar",
    State.LAPSED: "svar saknas",
    State.NOT_FOLLOWED: "från tiden innan mejlen släpptes",
}
#: The same as a predicate of "ärendet", where the words above cannot follow "är".
_STANDS = {State.UNDER_WAY: "pågår", State.LAPSED: "är avslutat utan svar"}
NOTICE_WORDS = {
    NoticeStatus.PLANNED: "Planerad",
    NoticeStatus.MAILED: "I ett mejl",
    NoticeStatus.DELIVERED: "Levererad",
    NoticeStatus.TRIAL: "Provkörd",
    NoticeStatus.FAILED: "Kom inte fram",
    NoticeStatus.SUPERSEDED: "Ersatt",
    NoticeStatus.CANCELLED: "Inställd",
    NoticeStatus.VACANT: "Vakant",
}
MODALITY_WORDS = {
    Modality.MUST: "ska",
    Modality.SHOULD: "bör",
    Modality.MAY: "kan",
    Modality.MUST_NOT: "får inte",
}
RECURRENCE_WORDS = {
    "annual": "varje år",
    "semiannual": "varje halvår",
    "tertial": "varje tertial",
    "quarterly": "varje kvartal",
    "monthly": "varje månad",
    "mandate_period": "varje mandatperiod",
    "once": "en gång",
    "as_needed": "vid behov",
}
#: What does not bind is asked about and never reported to anybody above.
_UNBOUND = {Modality.SHOULD: "rekommenderat", Modality.MAY: "frivilligt"}
_YEAR = re.compile(r"\d{4}")


def rung_word(key: str) -> str:
    """Return "Påminnelse" for `reminder`, "Påminnelse 2" for `reminder_2`; a rung without a word keeps its key."""
    declared, number = repeat_of(key)
    if declared not in RUNG_WORDS:
        return key
    return RUNG_WORDS[declared] if number == 1 else f"{RUNG_WORDS[declared]} {number}"


def stands(state: State) -> str:
    """Return "är öppet" or "pågår", to follow "ärendet"."""
    return _STANDS.get(state) or f"är {STATE_WORDS[state]}"


def followed_as(lifecycle: str | None, modality: Modality) -> str:
    """Return "följs som: handlingsplan, frivilligt", or that a duty is only shown."""
    if lifecycle is None:
        return "bevakas inte här, visas bara"
    words = LIFECYCLE_WORDS.get(lifecycle, lifecycle)
    return ", ".join(filter(None, (f"följs som: {words[:1].lower()}{words[1:]}", _UNBOUND.get(modality))))


def recurrence(key: str | None) -> str | None:
    """Return "varje år" for `annual`; None where the text does not say."""
    if key is None:
        return None
    if key.startswith("every_n_years:"):
        return every_so_many_years(int(key.partition(":")[2]))
    return RECURRENCE_WORDS.get(key, key)


def round_name(lifecycle: str, period_words: str) -> str:
    """Return "Uppföljning 2026", "Uppföljning, första halvåret 2026" or "Revidering, mandatperioden 2026–2030"."""
    separator = " " if _YEAR.fullmatch(period_words) else ", "
    return f"{LIFECYCLE_WORDS.get(lifecycle, lifecycle)}{separator}{period_words}"
