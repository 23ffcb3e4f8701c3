"""What has happened to a case, as people read it: the journal, and whom the mails reached at each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.mail_ledger_query import NoticeLine
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.moment import local_moment
from styrhjul.domain.rung import ABOVE
from styrhjul.mail.swedish import definite, listed
from styrhjul.services.ladder_words import rung_reason
from styrhjul.services.overview import CaseView
from styrhjul.services.words import rung_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A row of the timeline: when, what, why, and the symbol that stands at it."""

    at: datetime
    what: str
    why: str = ""
    symbol: str = "i-cal"
    tone: str = ""
    #: Stands after what was done at the same moment, which it follows from.
    is_mail: bool = False


def timeline(view: CaseView) -> list[Happening]:
    """Return what has happened to a case, oldest first: what people did, and whom the mails reached at each step."""
    done = [happening for entry in view.journal if (happening := _happening(entry))]
    steps: dict[tuple[date, str], list[NoticeLine]] = {}
    for notice in view.notices:
        if notice.status is NoticeStatus.DELIVERED:
            steps.setdefault((notice.planned_on, notice.rung), []).append(notice)
    told = [_told(view, rung, notices) for (_, rung), notices in steps.items()]
    return sorted([*done, *told], key=lambda happening: (happening.at, happening.is_mail))


def _told(view: CaseView, rung: str, notices: list[NoticeLine]) -> Happening:
    whom = listed(definite(each) for each in dict.fromkeys(notice.office for notice in notices))
    left_at = min(notice.left_at or local_moment(notice.planned_on) for notice in notices)
    goes_up = view.lifecycle.has_rung(rung) and view.lifecycle.rung(rung).to in ABOVE
    symbol, tone = ("i-up", "late") if goes_up else ("i-mail", "done")
    what = f"{rung_word(rung)}. Mejl till {whom}."
    why = rung_reason(view.lifecycle, rung, has_papers=view.case.agenda_on is not None)
    return Happening(at=left_at, what=what, why=why, symbol=symbol, tone=tone, is_mail=True)


_EVENTS = {
    "submit": ("lämnade in svaret", "i-done", "done"),
    "begin": ("har börjat arbetet", "i-open", ""),
    "return": ("skickade tillbaka svaret", "i-warn", ""),
    "approve": ("godkände svaret", "i-done", "done"),
    "waive": ("avslutade ärendet utan svar", "i-none", ""),
    "refer": ("skickade förslaget på remiss", "i-mail", ""),
    "prepare": ("har berett ärendet", "i-open", ""),
}


def _happening(entry: Entry) -> Happening | None:
    if entry.kind is EntryKind.CASE_MOVED:
        return _moved(entry)
    data = entry.data
    match entry.kind:
        case EntryKind.CASE_OPENED:
            return Happening(at=entry.at, what="Ärendet öppnade.", why=str(data.get("due_source", "")), tone="done")
        case EntryKind.CASE_NOT_FOLLOWED:
            return Happening(at=entry.at, what="Ärendet följs inte: ingen har fått frågan.", symbol="i-none")
        case EntryKind.DUE_MOVED:
            return Happening(at=entry.at, what=f"Ny frist: {data['due_on']}.", why=str(data.get("reason", "")))
        case EntryKind.COULD_NOT_BE_REACHED:
            return Happening(at=entry.at, what="Ingen kunde förvarnas.", symbol="i-mail", tone="late")
        case _:
            return _registered(entry) or _mail_happening(entry)


def _moved(entry: Entry) -> Happening:
    if entry.data["event"] == "close":
        return Happening(at=entry.at, what="Nästa omgång började och ärendet avslutades.", symbol="i-none")
    words, symbol, tone = _EVENTS[str(entry.data["event"])]
    return Happening(at=entry.at, what=f"{entry.by} {words}.", symbol=symbol, tone=tone)


#: What people have written down about a case, and the field that says why.
_REGISTERED = {
    EntryKind.CASE_REASSIGNED: ("Ärendet fick en ny ansvarig.", "reason", "i-cal"),
    EntryKind.CASE_NOTED: ("Ärendet är läst.", "note", "i-cal"),
    EntryKind.MEETING_MOVED: ("Sammanträdet är flyttat.", "meeting_on", "i-cal"),
    EntryKind.REFERRAL_SENT: ("Förslaget skickades på remiss.", "due_on", "i-mail"),
    EntryKind.PLAN_REGISTERED: ("En handlingsplan registrerades.", "title", "i-done"),
    EntryKind.PROJECT_REGISTERED: ("Ett projekt registrerades.", "title", "i-done"),
}


def _registered(entry: Entry) -> Happening | None:
    if entry.kind not in _REGISTERED:
        return None
    what, field, symbol = _REGISTERED[entry.kind]
    return Happening(at=entry.at, what=what, why=str(entry.data.get(field) or ""), symbol=symbol)


def _mail_happening(entry: Entry) -> Happening | None:
    reason = str(entry.data.get("reason", ""))
    match entry.kind:
        case EntryKind.MAIL_FAILED:
            return Happening(at=entry.at, what="Ett mejl kom inte fram.", why=reason, symbol="i-mail", tone="late")
        case EntryKind.NOTICE_CANCELLED:
            return Happening(at=entry.at, what="En påminnelse ställdes in.", why=reason, symbol="i-none")
        case EntryKind.NOTICE_VACANT:
            return Happening(at=entry.at, what="Uppdraget saknar innehavare.", why=reason, symbol="i-vacant")
        case _:
            return None
