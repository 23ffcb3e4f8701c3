"""The Swedish of recurring keys, for pages and commands alike: rounds, rungs, actions, states, notices."""

from __future__ import annotations

from datetime import date

from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.term import TermNotKnown, term_of
from styrhjul.domain.vocabulary import ActionKind, BodyKind

LIFECYCLE_WORDS = {"goal_setting": "Mål", "follow_up": "Uppföljning", "revision": "Revidering"}
RUNG_WORDS = {
    "opened": "Runda öppnad",
    "reminder": "Påminnelse",
    "last_reminder": "Sista påminnelsen",
    "warning": "Förvarning",
    "head": "Upp ett steg",
    "chief_executive": "Upp två steg",
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
    State.SUBMITTED: "besvarat",
    State.DONE: "klart",
    State.WAIVED: "avslutat utan svar",
    State.NOT_FOLLOWED: "från tiden innan Styrhjul användes här",
}
NOTICE_WORDS = {
    NoticeStatus.PLANNED: "Planerad",
    NoticeStatus.MAILED: "I ett mejl",
    NoticeStatus.DELIVERED: "Levererad",
    NoticeStatus.FAILED: "Kom inte fram",
    NoticeStatus.SUPERSEDED: "Ersatt",
    NoticeStatus.CANCELLED: "Inställd",
    NoticeStatus.VACANT: "Vakant",
}


def rung_word(key: str) -> str:
    """Return "Påminnelse" for `reminder`; a rung without a word keeps its key."""
    return RUNG_WORDS.get(key, key)


def period(key: str) -> str:
    """Return "2027", or "mandatperioden 2026–2030" for a term's first day."""
    if key.isdigit():
        return key
    starts_on = date.fromisoformat(key)
    kind = BodyKind.COMMITTEE if starts_on.month == 1 else BodyKind.COUNCIL
    try:
        return f"mandatperioden {term_of(kind, starts_on).label}"
    except TermNotKnown:
        return f"mandatperioden från {key}"


def round_name(lifecycle: str, key: str) -> str:
    """Return "Uppföljning 2026" or "Revidering, mandatperioden 2026–2030"."""
    separator = " " if key.isdigit() else ", "
    return f"{LIFECYCLE_WORDS.get(lifecycle, lifecycle)}{separator}{period(key)}"
