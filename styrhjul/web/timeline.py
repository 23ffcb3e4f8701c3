"""What has happened to a case, as people read it: the journal, and whom the mails reached at each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.mail_ledger_query import NoticeLine
from styrhjul.domain.act import Act
from styrhjul.domain.decision import MadeDecision, is_answered_by_list
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.ladder import is_upward
from styrhjul.domain.moment import local_moment
from styrhjul.mail.swedish import definite, listed, start, the_office
from styrhjul.services.cases.view import CaseHead, CaseView
from styrhjul.services.decision_words import decision_sentence
from styrhjul.services.words import rung_word
from styrhjul.web.words import day
from workflows import LIFECYCLES

#: Steps that tell of something else than the due day.
_OF_NO_DAY = ("welcome",)


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
    done = [
        happening
        for entry, made in _each(view, view.journal)
        if (happening := _decided(made) or _replied(view, entry) or _happening(entry))
    ]
    steps: dict[tuple[date, str, date], list[NoticeLine]] = {}
    for notice in view.notices:
        if notice.status is NoticeStatus.DELIVERED:
            steps.setdefault((notice.planned_on, notice.rung, notice.due_on), []).append(notice)
    told = [_told(view, notices) for notices in steps.values()]
    return sorted([*done, *told], key=lambda happening: (happening.at, happening.is_mail))


def told_since(view: CaseHead, since: Iterable[Entry]) -> list[Happening]:
    """Return what has happened to a case as some of its entries tell it, oldest first."""
    told = (_decided(made) or _happening(entry) for entry, made in _each(view, since))
    return [happening for happening in told if happening]


def _each(view: CaseHead, entries: Iterable[Entry]) -> Iterator[tuple[Entry, MadeDecision | None]]:
    """Yield entries, each with the decision that it is told by; the rest of a decision's entries are left out."""
    decided = {number: made for made in view.decisions for number in made.numbers}
    for entry in entries:
        made = decided.get(entry.number)
        if made is None or made.number == entry.number:
            yield entry, made


def _told(view: CaseView, notices: list[NoticeLine]) -> Happening:
    """Tell of a step as it was, with the due day that its mails spoke of: it may have moved since, the ladder too."""
    first = notices[0]
    whom = listed(dict.fromkeys(_office(view, notice) for notice in notices))
    left_at = min(notice.left_at or local_moment(notice.planned_on) for notice in notices)
    went_up = is_upward(LIFECYCLES[view.case.lifecycle].ladder, first.rung)
    symbol, tone = ("i-up", "late") if went_up else ("i-mail", "done")
    what = f"{rung_word(first.rung)}. Mejl till {whom}."
    why = "" if first.rung in _OF_NO_DAY else f"Fristen var då {day(first.due_on)}."
    return Happening(at=left_at, what=what, why=why, symbol=symbol, tone=tone, is_mail=True)


def _office(view: CaseView, notice: NoticeLine) -> str:
    is_own = notice.body_name == view.case.body_name
    return definite(notice.office) if is_own else the_office(notice.office_in_full)


def _replied(view: CaseView, entry: Entry) -> Happening | None:
    """Tell of what a person wrote back, in their own words."""
    if entry.kind is not EntryKind.REPLY_RECEIVED:
        return None
    sender, text = view.replies.get(str(entry.data["inbound"]), ("", ""))
    return Happening(at=entry.at, what=f"{sender} svarade på ett mejl.", why=text, symbol="i-mail", is_mail=True)


#: What somebody decides, with its symbol and tone.
_DECIDED = {
    Act.RETURN: ("i-warn", ""),
    Act.APPROVE: ("i-done", "done"),
    Act.WAIVE: ("i-none", ""),
    Act.REFER: ("i-mail", ""),
    Act.PREPARE: ("i-open", ""),
}


def _decided(made: MadeDecision | None) -> Happening | None:
    """Tell of a decision: who, what, to whom and why."""
    if made is None:
        return None
    symbol, tone = _DECIDED.get(made.act, ("i-cal", ""))
    return Happening(at=made.at, what=decision_sentence(made), why=made.reason, symbol=symbol, tone=tone)


_EVENTS = {
    "submit": ("lämnade in svaret", "i-done", "done"),
    "begin": ("har börjat arbetet", "i-open", ""),
}


def _happening(entry: Entry) -> Happening | None:
    if entry.kind is EntryKind.CASE_MOVED:
        return _moved(entry)
    data = entry.data
    match entry.kind:
        case EntryKind.CASE_OPENED:
            return Happening(at=entry.at, what="Ärendet öppnade.", why=str(data.get("due_source", "")), tone="done")
        case EntryKind.CASE_NOT_FOLLOWED:
            return Happening(at=entry.at, what="Ärendet bevakades inte här: ingen fick frågan.", symbol="i-none")
        case EntryKind.DUE_MOVED:
            return Happening(at=entry.at, what=f"Ny frist: {data['due_on']}.", why=str(data.get("reason", "")))
        case EntryKind.COULD_NOT_BE_REACHED:
            return Happening(at=entry.at, what="Ingen kunde förvarnas.", symbol="i-mail", tone="late")
        case _:
            return _registered(entry) or _mail_happening(entry)


def _moved(entry: Entry) -> Happening | None:
    event, reason = str(entry.data["event"]), str(entry.data.get("reason") or "")
    if event == "close":
        return Happening(at=entry.at, what="Ärendet avslutades.", why=reason, symbol="i-none")
    if is_answered_by_list(entry):
        return Happening(at=entry.at, what="Listan över uppdrag lästes in.", why=reason, symbol="i-done", tone="done")
    if event not in _EVENTS:
        return None
    words, symbol, tone = _EVENTS[event]
    return Happening(at=entry.at, what=f"{start(entry.by)} {words}.", why=reason, symbol=symbol, tone=tone)


#: What people have written down about a case, or mail has brought, and the field that says why.
_REGISTERED = {
    EntryKind.MEETING_MOVED: ("Sammanträdet är flyttat.", "meeting_on", "i-cal"),
    EntryKind.PLAN_REGISTERED: ("En handlingsplan registrerades.", "title", "i-done"),
    EntryKind.PROJECT_REGISTERED: ("Ett projekt registrerades.", "title", "i-done"),
    EntryKind.ANSWER_COMPETED: ("Ett svar till kom in, när ett redan fanns. Det är sparat bredvid.", "", "i-warn"),
    EntryKind.MAIL_DELAYED: ("Ett mejl är fördröjt.", "outcome", "i-mail"),
    EntryKind.LATE_MAIL_TOLD: (
        "Ett mejl har inte kommit fram på ett dygn. Den som har ansvaret får ett mejl om det.",
        "",
        "i-mail",
    ),
    EntryKind.REPLY_FORWARDED: ("Svaret skickades vidare till registratorn.", "", "i-mail"),
}


def _registered(entry: Entry) -> Happening | None:
    if entry.kind is EntryKind.CASE_CARRIED:
        quotes = " ".join(f"”{' '.join(str(quote).split())}”" for quote in list(entry.data["after"] or ()))  # type: ignore[arg-type]
        return Happening(at=entry.at, what="Ärendet vilar på en ny utgåva.", why=f"{entry.data['reason']} {quotes}")
    if entry.kind is EntryKind.CASE_DELEGATED:
        what = f"{start(entry.by)} bad {definite(str(entry.data['office']))} svara."
        return Happening(at=entry.at, what=what, why=str(entry.data["note"]), symbol="i-mail")
    if entry.kind not in _REGISTERED:
        return None
    what, field, symbol = _REGISTERED[entry.kind]
    return Happening(at=entry.at, what=what, why=str(entry.data.get(field) or ""), symbol=symbol)


def _mail_happening(entry: Entry) -> Happening | None:
    reason = str(entry.data.get("reason", ""))
    match entry.kind:
        case EntryKind.MAIL_FAILED:
            return Happening(at=entry.at, what="Ett mejl kom inte fram.", why=reason, symbol="i-mail", tone="late")
        case EntryKind.MAIL_BOUNCED:
            outcome = str(entry.data["outcome"])
            return Happening(at=entry.at, what="Ett mejl studsade.", why=outcome, symbol="i-mail", tone="late")
        case EntryKind.NOTICE_CANCELLED:
            return Happening(at=entry.at, what="En påminnelse ställdes in.", why=reason, symbol="i-none")
        case EntryKind.NOTICE_VACANT:
            return Happening(at=entry.at, what="Uppdraget saknar innehavare.", why=reason, symbol="i-vacant")
        case _:
            return None
