"""The Swedish of each line of an auditor's journal: which case or duty it is of, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from styrhjul.db.chapter_query import Register
from styrhjul.db.overview_query import CaseLine
from styrhjul.db.policy_page_query import PageDuty
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import Event, NotAllowed, State, step
from styrhjul.reports.audit_words import KIND_WORDS
from styrhjul.services.words import STATE_WORDS, rung_word
from workflows import LIFECYCLES

_QUOTE = 70
_EVENTS: Mapping[Event, str] = {
    Event.SUBMIT: "Svaret lämnades in",
    Event.RETURN: "Svaret skickades tillbaka",
    Event.APPROVE: "Svaret godkändes",
    Event.WAIVE: "Ärendet avslutades utan svar",
    Event.CLOSE: "Ärendet avslutades",
    Event.BEGIN: "Arbetet började",
    Event.REFER: "Förslaget skickades på remiss",
    Event.PREPARE: "Ärendet bereddes",
}
#: The field of a line that says what it became, or why, with the words before it.
_DETAILS: Mapping[str, str] = {
    "due_on": "frist ",
    "meeting_on": "sammanträde ",
    "agenda_on": "handlingar ",
    "title": "",
    "reason": "",
    "note": "",
    "outcome": "",
}


@dataclass(slots=True)
class Teller:
    """Tells the lines in their order, and keeps where each case stands meanwhile. `numbers` are the pack's own."""

    cases: Mapping[str, CaseLine]
    numbers: Mapping[str, int]
    names: Mapping[str, str]
    duties: Mapping[str, PageDuty]
    register: Register
    _states: dict[str, State] = field(default_factory=dict)

    def about(self, entry: Entry) -> str:
        """Return "Ärende 4: Uppföljning 2027, Socialnämnden", "Skyldighet 3", or what else a line is of."""
        if entry.case_id is not None and entry.case_id in self.numbers:
            return f"Ärende {self.numbers[entry.case_id]}: {self.names[entry.case_id]}"
        if duty := str(entry.data.get("duty") or ""):
            known = self.duties.get(duty)
            return f"Skyldighet {known.number}" if known else "En skyldighet i en tidigare text"
        return "Dokumentet"

    def what(self, entry: Entry) -> str:
        """Return what happened, from which state to which, and what it became. Lines are told in their order."""
        parts = [self._deed(entry), self._office(entry), self._quote(entry), *self._details(entry)]
        return ": ".join(filter(None, (parts[0], ", ".join(filter(None, parts[1:])))))

    def _deed(self, entry: Entry) -> str:
        plain = KIND_WORDS.get(entry.kind, entry.kind)
        if entry.case_id is None:
            return plain
        if entry.kind in (EntryKind.CASE_OPENED, EntryKind.CASE_NOT_FOLLOWED):
            is_open = entry.kind is EntryKind.CASE_OPENED
            self._states[entry.case_id] = State.OPEN if is_open else State.NOT_FOLLOWED
        if entry.kind is not EntryKind.CASE_MOVED:
            return plain
        named = str(entry.data.get("event"))
        if named not in {*map(str, Event)}:  # a line that somebody has changed
            return plain
        version = f", version {entry.data['version']}" if entry.data.get("version") else ""
        return f"{_EVENTS[Event(named)]}{version}{self._moved(entry.case_id, Event(named))}"

    def _moved(self, case_id: str, event: Event) -> str:
        """Return ", från öppet till besvarat", and remember it; nothing where the state stays as it is."""
        before, case = self._states.get(case_id), self.cases.get(case_id)
        if before is None or case is None:
            return ""
        try:
            after = self._states[case_id] = step(LIFECYCLES[case.lifecycle], before, event)
        except NotAllowed:  # the same: the verification tells of it
            return ""
        return f", från {STATE_WORDS[before]} till {STATE_WORDS[after]}" if after is not before else ""

    def _office(self, entry: Entry) -> str:
        rung = f"{rung_word(str(entry.data['rung']))}, " if entry.data.get("rung") else ""
        post = self.register.offices.get(str(entry.data.get("post") or ""), "")
        return f"{rung}{post}".removesuffix(", ")

    def _quote(self, entry: Entry) -> str:
        duty = self.duties.get(str(entry.data.get("duty") or ""))
        quote = " ".join((str(entry.data.get("quote") or "") or (duty.quote if duty else "")).split())
        if len(quote) > _QUOTE:
            quote = f"{quote[:_QUOTE].rsplit(' ', 1)[0]} …"
        return f"”{quote}”" if quote else ""

    def _details(self, entry: Entry) -> list[str]:
        told = [f"{before}{entry.data[name]}" for name, before in _DETAILS.items() if entry.data.get(name)]
        if bodies := entry.data.get("bodies"):
            known = [self.register.names.get(body, "") for body in bodies] if isinstance(bodies, list) else []
            told.append(f"gäller {', '.join(filter(None, known))}")
        return told
