"""The Swedish of what is decided about a case: who, what, to whom and why, for its page and for `explain`."""

from __future__ import annotations

from styrhjul.domain.act import Act
from styrhjul.domain.decision import MadeDecision
from styrhjul.domain.journal import PLANNER
from styrhjul.mail.swedish import MONTHS, inside, listed, start, the_office

_HEADINGS = {
    Act.EXTEND: "Ny frist",
    Act.REASSIGN: "Lämnat",
    Act.APPROVE: "Godkänt",
    Act.RETURN: "Svaret skickat tillbaka",
    Act.REFER: "Skickat på remiss",
    Act.PREPARE: "Berett",
    Act.NOTE: "Anteckning",
    Act.WAIVE: "Avslutat utan svar",
}
_SENTENCES = {
    Act.EXTEND: "satte en ny frist",
    Act.REASSIGN: "lämnade ärendet",
    Act.APPROVE: "godkände svaret",
    Act.RETURN: "skickade tillbaka svaret",
    Act.REFER: "skickade förslaget på remiss",
    Act.PREPARE: "skickade det beredda förslaget till beslut",
    Act.NOTE: "gjorde en anteckning",
    Act.WAIVE: "avslutade ärendet utan svar",
}
#: What stands before the day that is set, where it is no new day for the whole case.
_UNTIL = {Act.RETURN: ", att komplettera senast ", Act.REFER: ", svar senast "}


def decider(by: str) -> str:
    """Return who decided; what the calendar did is done by the system, by name."""
    return start(by) if by == PLANNER else by


def decision_heading(made: MadeDecision) -> str:
    """Return "Ny frist till 2027-05-31" or "Lämnat till kommunchefen"."""
    until = f"{_UNTIL.get(made.act, ' till ')}{made.until}" if made.until else ""
    return f"{_HEADINGS[made.act]}{_to(made)}{until}"


def decision_sentence(made: MadeDecision) -> str:
    """Return "Kommunchefen satte en ny frist: 31 maj 2027."."""
    day = f"{made.until.day} {MONTHS[made.until.month - 1]} {made.until.year}" if made.until else ""
    until = f"{_UNTIL.get(made.act, ': ')}{day}" if made.until else ""
    where = f" (§ {made.paragraph})" if made.paragraph else ""
    return f"{start(made.by)} {_SENTENCES[made.act]}{_to(made)}{until}{where}."


def _to(made: MadeDecision) -> str:
    name = inside if made.act is Act.REFER else the_office
    return f" till {listed(map(name, made.to))}" if made.to else ""
