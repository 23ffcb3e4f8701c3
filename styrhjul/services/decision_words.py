"""The Swedish of what is decided about a case: who, what, to whom and why, for its page and for `explain`."""

from __future__ import annotations

from datetime import date

from styrhjul.db.decision_query import MadeDecision
from styrhjul.db.ledger_write import PLANNER
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event
from styrhjul.mail.swedish import MONTHS, inside, listed, start, the_office

_EXTENDED, _GIVEN = EntryKind.DUE_MOVED.value, EntryKind.CASE_REASSIGNED.value
_NOTED, _REFERRED = EntryKind.CASE_NOTED.value, EntryKind.REFERRAL_SENT.value
#: A draft referred is told with the bodies that were asked, so the event that goes with it has no words of its own.
_HEADINGS = {
    _EXTENDED: "Ny frist",
    _GIVEN: "Lämnat",
    _NOTED: "Anteckning",
    _REFERRED: "Skickat på remiss",
    Event.RETURN.value: "Svaret skickat tillbaka",
    Event.SUBMIT.value: "Besvarat",  # without an answer of its own: by the list of officials
    Event.APPROVE.value: "Godkänt",
    Event.WAIVE.value: "Avslutat utan svar",
    Event.PREPARE.value: "Berett",
}
_SENTENCES = {
    _EXTENDED: "satte en ny frist",
    _GIVEN: "lämnade ärendet",
    _NOTED: "gjorde en anteckning",
    _REFERRED: "skickade förslaget på remiss",
    Event.RETURN.value: "skickade tillbaka svaret",
    Event.APPROVE.value: "godkände svaret",
    Event.WAIVE.value: "avslutade ärendet utan svar",
    Event.PREPARE.value: "skickade det beredda förslaget till beslut",
}


def decider(by: str) -> str:
    """Return who decided; what the calendar did is done by the system, by name."""
    return start(by) if by == PLANNER else by


def decision_heading(made: MadeDecision) -> str | None:
    """Return "Ny frist till 2027-05-31" or "Lämnat till kommunchefen"; None for what another entry tells."""
    heading = _HEADINGS.get(made.what)
    return f"{heading}{_to(made)}{_until(made, iso=True)}" if heading else None


def decision_sentence(made: MadeDecision) -> str | None:
    """Return "Kommunchefen satte en ny frist: 31 maj 2027."; None for what another entry tells."""
    did = _SENTENCES.get(made.what)
    return f"{start(made.by)} {did}{_to(made)}{_until(made, iso=False)}{_where(made)}." if did else None


def _to(made: MadeDecision) -> str:
    name = inside if made.what == _REFERRED else the_office
    return f" till {listed(map(name, made.to))}" if made.to else ""


def _until(made: MadeDecision, *, iso: bool) -> str:
    if not made.data.get("due_on"):
        return ""
    on = date.fromisoformat(str(made.data["due_on"]))
    words = on.isoformat() if iso else f"{on.day} {MONTHS[on.month - 1]} {on.year}"
    return f", svar senast {words}" if made.what == _REFERRED else f" till {words}" if iso else f": {words}"


def _where(made: MadeDecision) -> str:
    """Return the meeting and the section of a decision that has them."""
    return f" (§ {made.data['paragraph']})" if made.data.get("paragraph") else ""
